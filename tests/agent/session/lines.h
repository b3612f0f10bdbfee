// Trace lines for the session tests, short to write.

#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "agent/session/batch.h"

namespace session_tests {

// The lines of a text as agent/tail hands them on: no LF, no CR before it, no NUL bytes.
struct Lines {
  struct Line {
    std::string text;
    std::uint64_t offset;
  };
  std::vector<Line> all;

  explicit Lines(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      std::string line{text.substr(at, end - at)};
      std::erase(line, '\0');
      if (line.ends_with('\r')) line.pop_back();
      all.push_back({std::move(line), at});
      at = end + 1;
    }
  }
};

inline std::vector<agent::session::Snapshot> sessions_of(std::string_view text,
                                                         const std::string& source = "s") {
  agent::session::Batch batch{source};
  for (const Lines::Line& line : Lines{text}.all) batch.line(line.text, line.offset);
  return std::move(batch).sessions();
}

// Without what a shifted file changes: offsets.
inline agent::session::Snapshot without_offsets(agent::session::Snapshot snapshot) {
  snapshot.requested_offset = snapshot.started_offset = snapshot.ended_offset = std::nullopt;
  snapshot.first_offset = 0;
  return snapshot;
}

inline std::vector<agent::session::Snapshot> without_offsets(
    std::vector<agent::session::Snapshot> snapshots) {
  for (auto& snapshot : snapshots) snapshot = without_offsets(snapshot);
  return snapshots;
}

inline timing::UtcMs at_second(double seconds) {
  return timing::from_rfc3339("2026-11-16T08:00:00Z").value() +
         std::chrono::milliseconds{std::llround(seconds * 1000)};
}

// "SECONDS FIBER module: message" lines of service process 100, as a script:
//   12 7 app.session: 5: Processing done.
// A '!' before the seconds makes it a fatal line. Seconds may have milliseconds: 12.345. A line that begins
// with '@PID:APP ' comes from another process. Times are seconds after 2026-11-16 08:00:00 and may run
// backwards.
inline std::string trace_of(std::string_view script) {
  std::string out;
  for (const Lines::Line& line : Lines{script}.all) {
    std::string_view rest = line.text;
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    if (rest.empty()) continue;
    std::string app = "lsvc", pid = "100";
    const auto word = [&rest](char end) {
      const std::size_t at = rest.find(end);
      std::string found{rest.substr(0, at)};
      rest.remove_prefix(at + 1);
      return found;
    };
    if (rest.starts_with('@')) {
      rest.remove_prefix(1);
      pid = word(':');
      app = word(' ');
    }
    const bool fatal = rest.starts_with('!');
    if (fatal) rest.remove_prefix(1);
    const std::string seconds = word(' '), fiber = word(' '), module = word(':');
    std::string time = timing::to_rfc3339(at_second(std::stod(seconds)));
    time[10] = ' ';
    time.pop_back();
    out += std::string{fatal ? "explode " : "   info "} + time + " " + app + " main " + pid + " 1 " +
           (fiber == "0" ? "" : fiber) + " " + module + " -" + std::string{rest} + "\n";
  }
  return out;
}

}  // namespace session_tests
