#include "collector/commands/session_export.h"

#include <boost/json.hpp>
#include <utility>

#include "collector/attribution/decision.h"
#include "collector/commands/capture_text.h"
#include "collector/commands/session_state.h"
#include "collector/pipeline/session_view.h"
#include "collector/rating/money.h"
#include "collector/store/series.h"
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

base::Result<std::optional<NoCharge>> load_no_charge(store::Transaction& tx, const store::OverviewRow& row) {
  if (row.no_charge.value_or(0) != 1) return std::nullopt;
  const auto decisions = pipeline::decisions_about(tx, row.session.id);
  if (!decisions) return std::unexpected{decisions.error()};
  const auto* last = decisions->in_force();
  if (last == nullptr || !last->no_charge.value_or(false)) return NoCharge{.who = {}};
  const auto& by = attribution::decided_by(
      *decisions, [](const attribution::Decision& one) { return one.no_charge.value_or(false); });
  return NoCharge{.who = by.who, .when = by.decided, .why = by.why};
}

json::value no_charge_json(const std::optional<NoCharge>& no_charge) {
  if (!no_charge) return nullptr;
  return json::object{{"by", no_charge->who.empty() ? "comment" : "person"},
                      {"who", no_charge->who.empty() ? json::value(nullptr) : json::value(no_charge->who)},
                      {"when_utc", time_or_null(no_charge->when)},
                      {"why", no_charge->why}};
}

json::object series_json(const store::OverviewRow& row, const SessionDetails& details) {
  json::array sessions;
  for (const auto& one : details.series) {
    sessions.push_back(json::object{{"session", one.session.id},
                                    {"started_utc", time_or_null(started_of(one))},
                                    {"seconds", or_null(seconds_of(one))},
                                    {"charged_min", or_null(one.minutes)}});
  }
  return {{"series", *row.series_id},
          {"sessions", std::move(sessions)},
          {"seconds", details.series_seconds()},
          {"charged_min", details.series_minutes()}};
}

// As a cell of text; what a spreadsheet would compute is kept from it.
std::string cell(const std::string& text) {
  constexpr std::string_view kFormula = "=+-@\t\r";
  std::string out = "\"";
  if (!text.empty() && kFormula.contains(text.front())) out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::string cell(const std::optional<std::string>& text) {
  return text ? cell(*text) : "";
}

std::string cell(const std::optional<std::int64_t>& number) {
  return number ? std::to_string(*number) : "";
}

std::string cell(const std::optional<timing::UtcMs>& time) {
  return time ? timing::to_rfc3339(*time) : "";
}

std::string series_text(const SessionDetails& details) {
  std::string text;
  for (const auto& one : details.series) {
    text += (text.empty() ? "" : "; ") + std::to_string(one.session.id) + " " + clock_text(seconds_of(one));
  }
  return text;
}

using Cells = std::vector<std::pair<const char*, std::string>>;

// Heading and cell, in the order of the columns.
Cells cells_of(const Listed& listed, const SessionDetails& details) {
  const auto& row = listed.row;
  const auto& series = details.series;
  const auto& by = details.no_charge;
  const bool person = by && !by->who.empty();
  const std::optional<std::int64_t> none;
  const auto money =
      row.amount ? std::optional{rating::money_text(*row.amount, row.currency.value_or(""))} : std::nullopt;
  return {{"session", std::to_string(row.session.id)},
          {"technician_number", cell(row.technician_number)},
          {"technician", cell(row.technician_name)},
          {"customer", cell(row.customer_code)},
          {"customer_name", cell(row.customer_name)},
          {"terminal", cell(place_of(row))},
          {"remote_id", cell(row.session.remote_id)},
          {"started_utc", cell(started_of(row))},
          {"ended_utc", cell(ended_of(row))},
          {"seconds", cell(seconds_of(row))},
          {"duration", clock_text(seconds_of(row))},
          {"contract", cell(row.contract_name)},
          {"charged_min", cell(row.minutes)},
          {"charged_with", cell(row.charged_with)},
          {"amount", money.value_or("")},
          {"currency", cell(row.currency)},
          {"document", cell(row.document)},
          {"comment_raw", cell(row.comment)},
          {"comment", cell(row.text)},
          {"series", cell(row.series_id)},
          {"series_sessions", series.empty() ? "" : cell(series_text(details))},
          {"series_seconds", cell(series.empty() ? none : std::optional{details.series_seconds()})},
          {"series_charged_min", cell(series.empty() ? none : std::optional{details.series_minutes()})},
          {"state", state_of(row)},
          {"capture_state", capture_state_of(row)},
          {"edit_state", edit_state_of(row)},
          {"money_state", money_state_of(row)},
          {"mail_state", mail_state_of(row)},
          {"no_charge_by", !by      ? ""
                           : person ? cell(by->who)
                                    : "comment"},
          {"no_charge_utc", by ? cell(by->when) : ""},
          {"no_charge_why", person ? cell(by->why) : ""}};
}

std::string line_of(const Cells& cells, bool heading) {
  std::string line;
  for (const auto& [name, text] : cells) line += (line.empty() ? "" : ",") + (heading ? name : text);
  return line + '\n';
}

}  // namespace

std::int64_t SessionDetails::series_seconds() const {
  std::int64_t sum = 0;
  for (const auto& one : series) sum += seconds_of(one).value_or(0);
  return sum;
}

std::int64_t SessionDetails::series_minutes() const {
  std::int64_t sum = 0;
  for (const auto& one : series) sum += one.minutes.value_or(0);
  return sum;
}

base::Result<SessionDetails> load_details(store::Transaction& tx, const store::OverviewRow& row) {
  SessionDetails details;
  auto no_charge = load_no_charge(tx, row);
  if (!no_charge) return std::unexpected{no_charge.error()};
  details.no_charge = std::move(*no_charge);
  if (!row.series_id) return details;
  const auto members = store::members_of(tx, *row.series_id);
  if (!members) return std::unexpected{members.error()};
  for (const auto& member : *members) {
    auto one = row_of(tx, member.id);
    if (!one) return std::unexpected{one.error()};
    details.series.push_back(std::move(*one));
  }
  return details;
}

std::string no_charge_text(const NoCharge& no_charge) {
  if (no_charge.who.empty()) return "no charge: the comment says so (#)";
  return "no charge: " + no_charge.who +
         (no_charge.when ? " on " + timing::to_rfc3339(*no_charge.when).substr(0, 10) : "") +
         (no_charge.why.empty() ? "" : " (" + no_charge.why + ")");
}

json::object row_json(const Listed& listed, const SessionDetails& details) {
  const auto& row = listed.row;
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
  out["charged_min"] = or_null(row.minutes);
  out["charged_with"] = or_null(row.charged_with);
  out["amount"] = or_null(row.amount);
  out["currency"] = or_null(row.currency);
  out["contract"] = or_null(row.contract_name);
  out["review_reasons"] = json::value_from(review_codes_of(row));
  out["mail"] = mail_state_of(row);
  out["comment"] = or_null(row.text);
  out["comment_raw"] = or_null(row.comment);
  out["workstation"] = session.workstation;
  out["end_reason"] = session.end_reason;
  out["capture"] = capture_json(session);
  out["agent"] = is_manual(row) ? json::value(nullptr) : json::value(base::to_hex(session.agent_id));
  out["session_key"] = session.session_key;
  out["work_type"] = or_null(row.work_type);
  out["document"] = or_null(row.document);
  out["adjustment_waits"] = row.adjustment_reasons.has_value();
  out["series"] = or_null(row.series_id);
  out["series_of"] = row.series_id ? json::value(series_json(row, details)) : json::value(nullptr);
  out["no_charge"] = no_charge_json(details.no_charge);
  out["overlaps"] = listed.overlaps;
  out["states"] = json::object{{"capture", capture_state_of(row)},
                               {"disposition", state_of(row)},
                               {"edit", edit_state_of(row)},
                               {"money", money_state_of(row)},
                               {"mail", mail_state_of(row)}};
  return out;
}

std::string csv_header() {
  return line_of(cells_of({}, {}), true);
}

std::string csv_row(const Listed& listed, const SessionDetails& details) {
  return line_of(cells_of(listed, details), false);
}

}  // namespace collector::commands
