#include "collector/commands/sessions.h"

#include <boost/json.hpp>
#include <limits>
#include <ostream>

#include "collector/commands/capture_text.h"
#include "collector/commands/session_state.h"
#include "collector/commands/stored_json.h"
#include "collector/commands/workspace.h"
#include "common/base/hex.h"
#include "common/base/text_table.h"

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

// Elapsed whole seconds; nothing while it runs, or when the trace's clock ran backwards.
std::optional<std::int64_t> seconds_of(const store::SessionRow& session) {
  if (!session.started || !session.ended || *session.ended < *session.started) return std::nullopt;
  return (*session.ended - *session.started).count() / 1000;
}

json::object to_json(const store::OverviewRow& row) {
  const auto& session = row.session;
  const auto seconds = seconds_of(session);
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
      {"started_utc", time_or_null(session.started)},
      {"ended_utc", time_or_null(session.ended)},
      {"seconds", or_null(seconds)}};
  out["real_min"] = seconds ? json::value((*seconds + 59) / 60) : json::value(nullptr);
  out["charged_min"] = or_null(row.minutes);
  out["contract"] = or_null(row.contract_name);
  out["review_reasons"] = row.reasons ? stored_value(*row.reasons) : json::value(json::array{});
  out["mail"] = mail_state_of(row);
  out["comment"] = or_null(row.text);
  out["workstation"] = session.workstation;
  out["end_reason"] = session.end_reason;
  out["capture"] = capture_json(session);
  out["agent"] = base::to_hex(session.agent_id);
  out["session_key"] = session.session_key;
  return out;
}

std::string clock_text(const std::optional<std::int64_t>& seconds) {
  if (!seconds) return "";
  const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return std::to_string(*seconds / 3600) + ":" + two(*seconds / 60 % 60) + ":" + two(*seconds % 60);
}

// "0:34:10 +-500ms"; empty if nobody measured.
std::string boot_clock_text(const store::SessionRow& session) {
  if (!session.duration_boot_ms) return "";
  const auto clock = clock_text(*session.duration_boot_ms / 1000);
  const auto uncertainty = session.duration_boot_uncertainty_ms;
  return uncertainty == 0 ? clock : clock + " +-" + std::to_string(uncertainty) + "ms";
}

std::string notes_text(const store::SessionRow& session) {
  std::string text;
  for (const auto& note : capture_notes(session)) text += (text.empty() ? "" : "; ") + note;
  return text;
}

std::string reasons_text(const store::OverviewRow& row) {
  std::string text;
  if (row.reasons) {
    for (const auto& reason : stored_strings(*row.reasons)) text += (text.empty() ? "" : ", ") + reason;
  }
  return text.empty() ? row.text.value_or("") : text;
}

std::string to_table(const std::vector<store::OverviewRow>& rows) {
  using base::TextTable;
  TextTable table{{{.heading = "SESSION", .align = TextTable::Align::right},
                   {.heading = "STARTED (UTC)"},
                   {.heading = "LENGTH", .align = TextTable::Align::right},
                   {.heading = "BOOT CLOCK", .align = TextTable::Align::right},
                   {.heading = "TECHNICIAN", .width_max = 24},
                   {.heading = "BY"},
                   {.heading = "CUSTOMER", .width_max = 16},
                   {.heading = "TERMINAL", .width_max = 34},
                   {.heading = "MIN", .align = TextTable::Align::right},
                   {.heading = "STATE"},
                   {.heading = "MAIL"},
                   {.heading = "REASON OR COMMENT", .width_max = 44},
                   {.heading = "CAPTURE", .width_max = 160}}};
  for (const auto& row : rows) {
    const auto when = row.session.started ? row.session.started : row.session.requested;
    table.add({std::to_string(row.session.id), when ? timing::to_rfc3339(*when).substr(0, 19) : "",
               clock_text(seconds_of(row.session)), boot_clock_text(row.session),
               row.technician_name.value_or(""), row.technician_name ? row.technician_rule.value_or("") : "",
               row.customer_code.value_or(""), row.terminal_description.value_or(remote_text(row.session)),
               row.minutes ? std::to_string(*row.minutes) : "", state_of(row), mail_state_of(row),
               reasons_text(row), notes_text(row.session)});
  }
  return table.empty() ? "No sessions.\n" : table.text();
}

bool wanted(const store::OverviewRow& row, const SessionsOptions& options) {
  const auto state = state_of(row);
  if (options.state && state != *options.state) return false;
  if (!options.state && !options.all && state == "attempt") return false;
  return !options.customer || row.customer_code == options.customer;
}

}  // namespace

int run_sessions(const SessionsOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  std::vector<store::OverviewRow> rows;
  const auto read = workspace->database.read([&](store::Transaction& tx) -> base::Status {
    store::SessionFilter filter;
    // The limit counts what is shown: the reviews among all sessions, not among the newest hundred.
    filter.limit = std::numeric_limits<std::int64_t>::max();
    auto found = store::session_overview(tx, filter);
    if (!found) return std::unexpected{found.error()};
    for (auto& row : *found) {
      if (std::ssize(rows) == options.limit) break;
      if (wanted(row, options)) rows.push_back(std::move(row));
    }
    return {};
  });
  if (!read) return report(err, read.error());
  if (!options.json) {
    out << to_table(rows);
    return 0;
  }
  json::array list;
  for (const auto& row : rows) list.push_back(to_json(row));
  out << json::serialize(list) << '\n';
  return 0;
}

}  // namespace collector::commands
