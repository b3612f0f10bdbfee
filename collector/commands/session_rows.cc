#include "collector/commands/session_rows.h"

#include <boost/json.hpp>
#include <limits>
#include <map>

#include "collector/attribution/overlap.h"
#include "collector/attribution/review_reason.h"
#include "collector/commands/capture_text.h"
#include "collector/commands/session_state.h"
#include "collector/commands/stored_json.h"
#include "common/base/hex.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

json::value time_or_null(const std::optional<timing::UtcMs>& time) {
  return time ? json::value(timing::to_rfc3339(*time)) : json::value(nullptr);
}

template <class T>
json::value or_null(const std::optional<T>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

bool wanted(const store::OverviewRow& row, const RowFilter& filter) {
  const auto state = state_of(row);
  // Who looks for what is under review looks for all that waits for a person.
  const bool waits = filter.state == "review" && row.adjustment_reasons;
  if (filter.state && state != *filter.state && !waits) return false;
  if (!filter.state && !filter.all && (state == "attempt" || state == "withdrawn")) return false;
  if (filter.customer && row.customer_code != filter.customer) return false;
  if (filter.technician && row.technician_number != filter.technician) return false;
  if (filter.contract && row.contract_name != filter.contract) return false;
  if (filter.billed && row.document.has_value() != *filter.billed) return false;
  const auto when = started_of(row) ? started_of(row) : row.session.requested;
  if (filter.from && (!when || *when < *filter.from)) return false;
  return !filter.to || (when && *when < *filter.to);
}

std::set<std::int64_t> overlaps_among(const std::vector<store::OverviewRow>& rows) {
  std::map<std::int64_t, std::vector<attribution::Interval>> by_technician;
  for (const auto& row : rows) {
    const auto state = state_of(row);
    if (!row.technician_id || state == "attempt" || state == "withdrawn" || !seconds_of(row)) continue;
    by_technician[*row.technician_id].push_back(
        {.id = row.session.id, .begin = *started_of(row), .end = *ended_of(row)});
  }
  std::set<std::int64_t> ids;
  for (auto& [technician, intervals] : by_technician)
    ids.merge(attribution::overlapping(std::move(intervals)));
  return ids;
}

}  // namespace

base::Result<SessionRows> load_rows(store::Transaction& tx, const RowFilter& filter) {
  store::SessionFilter all;
  all.limit = std::numeric_limits<std::int64_t>::max();
  auto found = store::session_overview(tx, all);
  if (!found) return std::unexpected{found.error()};
  SessionRows rows;
  rows.overlapping = overlaps_among(*found);
  for (auto& row : *found) {
    if (wanted(row, filter)) rows.rows.push_back(std::move(row));
  }
  return rows;
}

std::optional<timing::UtcMs> started_of(const store::OverviewRow& row) {
  return row.stated_start ? row.stated_start : row.session.started;
}

std::optional<timing::UtcMs> ended_of(const store::OverviewRow& row) {
  return row.stated_end ? row.stated_end : row.session.ended;
}

std::optional<std::int64_t> seconds_of(const store::OverviewRow& row) {
  const auto start = started_of(row), end = ended_of(row);
  if (!start || !end || *end < *start) return std::nullopt;
  return (*end - *start).count() / 1000;
}

bool is_manual(const store::OverviewRow& row) {
  return row.session.agent_id.empty();
}

std::string place_of(const store::OverviewRow& row) {
  if (row.terminal_description) return *row.terminal_description;
  if (!is_manual(row)) return remote_text(row.session);
  return row.session.kind == "on_site" ? "on site" : row.session.kind;
}

std::vector<std::string> waits_for(const store::OverviewRow& row) {
  std::vector<std::string> codes;
  if (row.adjustment_reasons) {
    codes.emplace_back(attribution::to_string(attribution::ReviewReason::comment_after_billing));
    for (const auto reason : attribution::review_reasons_from(*row.adjustment_reasons)) {
      codes.emplace_back(attribution::to_string(reason));
    }
  } else if (row.reasons && row.disposition == "review") {
    codes = stored_strings(*row.reasons);
  }
  return codes;
}

std::vector<std::string> notes_of(const store::OverviewRow& row, bool overlaps) {
  std::vector<std::string> notes;
  if (row.changed) notes.emplace_back("changed");
  if (row.document) notes.push_back("billed with " + *row.document);
  if (row.adjustment_reasons) notes.emplace_back("comment changed after billing");
  if (row.series_id) notes.push_back("series " + std::to_string(*row.series_id));
  if (overlaps) notes.emplace_back("overlaps another session of the technician");
  if (row.stated_start || row.stated_end) notes.emplace_back("its times were stated by a person");
  for (auto& note : capture_notes(row.session)) notes.push_back(std::move(note));
  return notes;
}

std::string clock_text(const std::optional<std::int64_t>& seconds) {
  if (!seconds) return "";
  const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return std::to_string(*seconds / 3600) + ":" + two(*seconds / 60 % 60) + ":" + two(*seconds % 60);
}

json::object row_json(const store::OverviewRow& row, bool overlaps) {
  const auto& session = row.session;
  const auto seconds = seconds_of(row);
  json::object technician{{"number", or_null(row.technician_number)},
                          {"name", or_null(row.technician_name)},
                          {"rule", row.technician_rule.value_or("none")}};
  json::object out{
      {"session", session.id},
      {"state", state_of(row)},
      {"technician", std::move(technician)},
      {"customer", or_null(row.customer_code)},
      {"customer_name", or_null(row.customer_name)},
      {"terminal", or_null(row.terminal_description)},
      {"remote_id", session.remote_id.empty() ? json::value(nullptr) : json::value(session.remote_id)},
      {"kind", session.kind},
      {"outcome", session.outcome},
      {"requested_utc", time_or_null(session.requested)},
      {"started_utc", time_or_null(started_of(row))},
      {"ended_utc", time_or_null(ended_of(row))},
      {"seconds", or_null(seconds)}};
  out["real_min"] = seconds ? json::value((*seconds + 59) / 60) : json::value(nullptr);
  out["charged_min"] = or_null(row.minutes);
  out["contract"] = or_null(row.contract_name);
  out["review_reasons"] = row.reasons ? stored_value(*row.reasons) : json::value(json::array{});
  if (row.adjustment_reasons) {
    json::array codes;
    for (const auto& code : waits_for(row)) codes.emplace_back(code);
    out["review_reasons"] = std::move(codes);
  }
  out["mail"] = mail_state_of(row);
  out["comment"] = or_null(row.text);
  out["workstation"] = session.workstation;
  out["end_reason"] = session.end_reason;
  out["capture"] = capture_json(session);
  out["agent"] = is_manual(row) ? json::value(nullptr) : json::value(base::to_hex(session.agent_id));
  out["session_key"] = session.session_key;
  out["work_type"] = or_null(row.work_type);
  out["document"] = or_null(row.document);
  out["series"] = or_null(row.series_id);
  out["adjustment_waits"] = row.adjustment_reasons.has_value();
  out["overlaps"] = overlaps;
  out["states"] = json::object{{"capture", capture_state_of(row)},
                               {"disposition", state_of(row)},
                               {"edit", edit_state_of(row)},
                               {"money", money_state_of(row)},
                               {"mail", mail_state_of(row)}};
  return out;
}

}  // namespace collector::commands
