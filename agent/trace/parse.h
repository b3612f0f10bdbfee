// Lines become events. Pure: no clock, no file, no log.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "agent/trace/event.h"

namespace agent::trace {

// What was read and what it was. Odd lines are counted here and never a failure.
struct TraceCounters {
  std::uint64_t lines = 0;
  std::uint64_t matched = 0;          // Follow the grammar of traces.md §2.1.
  std::uint64_t blank = 0;            // Empty lines and " * * *" separators.
  std::uint64_t malformed = 0;        // Everything else: cut lines, continuations, other files.
  std::uint64_t service_lines = 0;    // Matched, and written by a service process.
  std::uint64_t events = 0;           // Service lines with a meaning of their own, and window requests.
  std::uint64_t unknown_session = 0;  // app.session and app.service messages no version we know of writes.
  std::uint64_t window_requests = 0;  // Attempts as the window logs them.

  bool operator==(const TraceCounters&) const = default;
};

// The event of one line (no line end, no NUL; any other byte), counted in
// `counters`. Every line of a service process is an event, because it shows the
// process alive; of other processes only start blocks, versions and requests
// are. Nothing for all other lines. The event's views point into `text`.
std::optional<Event> parse(std::string_view text, std::uint64_t offset, TraceCounters& counters);

}  // namespace agent::trace
