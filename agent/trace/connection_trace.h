// One line of connection_trace.txt (traces.md section 5). Pure.
//
// AnyDesk writes a line for each connection, with minutes and without an end.
// Newer Windows versions also write outgoing ones, which makes the file a
// cross-check of the trace and no more (connection_check.h).

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace agent::trace {

struct ConnectionLine {
  bool outgoing = false;
  // Whole minutes since 1970 as the file shows them: local time on macOS, unknown on Windows.
  std::int64_t local_min = 0;
  std::string_view status;  // "User", "REJECTED", a display name: anything, also with blanks.
  std::string_view alias;   // Repeats the ID where there is none; empty: the column is missing.
  std::string_view id;      // Digits.
};

// Nothing if `line`, which has no line end, does not follow the layout. Columns
// are separated by tabs or blanks, in excerpts by a single one, so that the line
// is read from both ends: direction and time, ID and alias, the rest is status.
// Views point into `line`.
std::optional<ConnectionLine> parse_connection_line(std::string_view line);

}  // namespace agent::trace
