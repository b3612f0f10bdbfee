#include "agent/commands/session_text.h"

#include <cstdio>
#include <optional>
#include <string_view>
#include <utility>

#include "common/base/json_text.h"
#include "common/base/text_table.h"

namespace agent::commands {

namespace {

using session::Snapshot;

// A line of JSON that grows: each session of a long trace is one.
class JsonLine {
 public:
  JsonLine() { out_.reserve(512); }

  // What stands between two values.
  JsonLine& key(std::string_view text) {
    out_ += text;
    return *this;
  }
  void time(const std::optional<timing::UtcMs>& time) {
    if (!time) return null();
    out_ += '"';
    out_ += timing::to_rfc3339(*time);
    out_ += '"';
  }
  void text(std::string_view text) { out_ += base::json_quote(text); }
  void text_or_null(std::string_view known) { known.empty() ? null() : text(known); }
  void number(std::int64_t value) { out_ += std::to_string(value); }
  void boolean(bool value) { out_ += value ? "true" : "false"; }
  void null() { out_ += "null"; }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

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
  JsonLine line;
  line.key("{\"remote_id\":");
  snapshot.remote_id ? line.text(*snapshot.remote_id) : line.null();
  line.key(",\"kind\":\"").key(session::to_string(snapshot.kind));
  line.key("\",\"outcome\":\"").key(session::to_string(snapshot.outcome));
  line.key("\",\"requested_utc\":").time(snapshot.requested);
  line.key(",\"started_utc\":").time(snapshot.started);
  line.key(",\"ended_utc\":").time(snapshot.ended);
  line.key(",\"duration_ms\":");
  duration ? line.number(*duration) : line.null();
  line.key(",\"end_reason\":").text_or_null(snapshot.end_reason);
  line.key(",\"pid\":").number(snapshot.pid);
  line.key(",\"fiber\":").number(snapshot.fiber);
  line.key(",\"last_seen_utc\":").time(snapshot.last_seen);
  line.key(",\"kind_known\":").boolean(snapshot.kind_known);
  line.key(",\"clock_went_backwards\":").boolean(snapshot.clock_went_backwards);
  line.key(",\"anydesk_id\":").text_or_null(snapshot.anydesk_id);
  line.key(",\"anydesk_version\":").text_or_null(snapshot.anydesk_version);
  line.key(",\"source\":").text(snapshot.source);
  line.key("}");
  return line.take();
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
