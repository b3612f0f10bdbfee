#include "agent/commands/session_text.h"

#include <cstdio>
#include <optional>
#include <string_view>

#include "common/base/json_text.h"
#include "common/base/text_table.h"

namespace agent::commands {

namespace {

using session::Snapshot;

std::string json_time(const std::optional<timing::UtcMs>& time) {
  return time ? "\"" + timing::to_rfc3339(*time) + "\"" : "null";
}

std::string json_text(const std::string& text) {
  return text.empty() ? "null" : base::json_quote(text);
}

std::string short_time(const std::optional<timing::UtcMs>& time) {
  if (!time) return "-";
  std::string text = timing::to_rfc3339(*time).substr(0, 19);
  text[10] = ' ';
  return text;
}

std::string short_duration(const Snapshot& snapshot) {
  const auto ms = session::duration_ms(snapshot);
  if (!ms) return "-";
  char text[64];
  const long long seconds = *ms / 1000;
  std::snprintf(text, sizeof text, "%lld:%02lld:%02lld", seconds / 3600, seconds / 60 % 60, seconds % 60);
  return text;
}

// In the order of the columns in to_table().
std::vector<std::string> row_of(const Snapshot& snapshot) {
  std::string end = snapshot.end_reason;
  if (snapshot.last_seen) end += (end.empty() ? "" : "; ") + ("last seen " + short_time(snapshot.last_seen));
  if (snapshot.clock_went_backwards) end += end.empty() ? "clock went backwards" : "; clock went backwards";
  return {short_time(snapshot.requested ? snapshot.requested : snapshot.started),
          snapshot.remote_id ? *snapshot.remote_id : "?",
          std::string{session::to_string(snapshot.kind)} + (snapshot.kind_known ? "" : "?"),
          std::string{session::to_string(snapshot.outcome)},
          short_time(snapshot.started),
          short_duration(snapshot),
          end.empty() ? "-" : end};
}

}  // namespace

std::string to_json(const Snapshot& snapshot) {
  const auto duration = session::duration_ms(snapshot);
  const auto boolean = [](bool value) { return value ? "true" : "false"; };
  std::string out = "{\"remote_id\":" + (snapshot.remote_id ? base::json_quote(*snapshot.remote_id) : "null");
  out += ",\"kind\":\"" + std::string{session::to_string(snapshot.kind)};
  out += "\",\"outcome\":\"" + std::string{session::to_string(snapshot.outcome)};
  out += "\",\"requested_utc\":" + json_time(snapshot.requested);
  out += ",\"started_utc\":" + json_time(snapshot.started);
  out += ",\"ended_utc\":" + json_time(snapshot.ended);
  out += ",\"duration_ms\":" + (duration ? std::to_string(*duration) : "null");
  out += ",\"end_reason\":" + json_text(snapshot.end_reason);
  out += ",\"pid\":" + std::to_string(snapshot.pid);
  out += ",\"fiber\":" + std::to_string(snapshot.fiber);
  out += ",\"last_seen_utc\":" + json_time(snapshot.last_seen);
  out += std::string{",\"kind_known\":"} + boolean(snapshot.kind_known);
  out += std::string{",\"clock_went_backwards\":"} + boolean(snapshot.clock_went_backwards);
  out += ",\"anydesk_id\":" + json_text(snapshot.anydesk_id);
  out += ",\"anydesk_version\":" + json_text(snapshot.anydesk_version);
  out += ",\"source\":" + base::json_quote(snapshot.source);
  return out + "}";
}

std::string to_table(const std::vector<Snapshot>& sessions) {
  if (sessions.empty()) return "No outgoing session.\n";
  base::TextTable table{{{.heading = "REQUESTED (UTC)"},
                         {.heading = "REMOTE"},
                         {.heading = "KIND"},
                         {.heading = "OUTCOME"},
                         {.heading = "STARTED (UTC)"},
                         {.heading = "DURATION"},
                         {.heading = "END", .width_max = 120}}};
  for (const Snapshot& snapshot : sessions) table.add(row_of(snapshot));
  return table.text();
}

}  // namespace agent::commands
