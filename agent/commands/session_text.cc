#include "agent/commands/session_text.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <string_view>

#include "common/base/json_text.h"

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

constexpr std::size_t kColumns = 7;
using Row = std::array<std::string, kColumns>;

// Control bytes of a damaged file must not reach the terminal.
std::string printable(const std::string& text) {
  std::string out = text;
  std::ranges::replace_if(out, [](unsigned char c) { return c < 0x20 || c == 0x7F; }, '?');
  return out;
}

Row row_of(const Snapshot& snapshot) {
  std::string end = printable(snapshot.end_reason);
  if (snapshot.last_seen) end += (end.empty() ? "" : "; ") + ("last seen " + short_time(snapshot.last_seen));
  if (snapshot.clock_went_backwards) end += end.empty() ? "clock went backwards" : "; clock went backwards";
  return {short_time(snapshot.requested ? snapshot.requested : snapshot.started),
          snapshot.remote_id ? printable(*snapshot.remote_id) : "?",
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
  std::vector<Row> rows{{"REQUESTED (UTC)", "REMOTE", "KIND", "OUTCOME", "STARTED (UTC)", "DURATION", "END"}};
  for (const Snapshot& snapshot : sessions) rows.push_back(row_of(snapshot));
  std::array<std::size_t, kColumns> width{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < kColumns; ++i) width[i] = std::max(width[i], row[i].size());
  }
  std::string out;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < kColumns; ++i) {
      line += row[i];
      if (i + 1 < kColumns) line.append(width[i] - row[i].size() + 2, ' ');
    }
    out += line + "\n";
  }
  return out;
}

}  // namespace agent::commands
