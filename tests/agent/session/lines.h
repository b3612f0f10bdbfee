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

// "SECONDS WORD" steps of window 300, separated by '|', as WindowBuilder knows them; "@301 12 start" is one
// of window 301, "!" before the seconds makes the line fatal. "ask X" and "monitor N" have a value.
inline std::string window_trace_of(std::string_view script) {
  struct Word {
    std::string_view word, module, message;
  };
  static constexpr Word kWords[] = {
      {"boot", "main", "* AnyDesk MAC Startup *"},
      {"version", "main", "* Version 7.1.0 (x y)"},
      {"ask", "mac_app.frontend", "Sending a connection request for address "},
      {"req", "app.frontend_session", "Requesting session."},
      {"start", "app.frontend_session", "Session started."},
      {"resume", "app.frontend_session", "Remote backend restarted. Resuming session."},
      {"quit", "app.frontend_session", "The user has requested a connection quit."},
      {"closed", "app.frontend_session", "The socket was closed remotely."},
      {"stopping", "app.frontend_session", "Stopping session."},
      {"stopped", "app.frontend_session", "Session stopped."},
      {"deleting", "app.frontend_session", "Deleting session."},
      {"monitor", "app.frontend", "Stopping to monitor client "},
      {"exit", "mac_app.frontend", "Frontend shutdown complete."},
      {"noise", "x.y", "z"},
  };
  std::string lines;
  while (!script.empty()) {
    std::string_view step = script.substr(0, script.find('|'));
    script.remove_prefix(std::min(step.size() + 1, script.size()));
    std::string pid = "300";
    if (step.starts_with('@')) {
      pid = step.substr(1, step.find(' ') - 1);
      step.remove_prefix(step.find(' ') + 1);
    }
    const std::string_view seconds = step.substr(0, step.find(' '));
    step.remove_prefix(seconds.size() + 1);
    const std::string_view name = step.substr(0, step.find(' '));
    for (const Word& word : kWords) {
      if (word.word != name) continue;
      lines += "@" + pid + ":front " + std::string{seconds} + " 0 " + std::string{word.module} + ": " +
               std::string{word.message};
      if (word.message.ends_with(' ')) lines += std::string{step.substr(name.size() + 1)} + ".";
      lines += "\n";
    }
  }
  return trace_of(lines);
}

}  // namespace session_tests
