// Lines become events. Pure: no clock, no file, no log.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "agent/trace/event.h"
#include "agent/trace/unknown_stems.h"

namespace agent::trace {

// An event's text is cut to this: AnyDesk's are a tenth of it, and a damaged line must not be remembered for
// ever.
inline constexpr std::size_t kTextBytesMax = 1024;

// What was read and what it was. Odd lines are counted here and never a failure.
struct TraceCounters {
  std::uint64_t lines = 0;
  std::uint64_t matched = 0;        // Follow the grammar of traces.md §2.1.
  std::uint64_t blank = 0;          // Empty lines and " * * *" separators.
  std::uint64_t malformed = 0;      // Everything else: cut lines, continuations, other files.
  std::uint64_t service_lines = 0;  // Matched, and written by a service process.
  std::uint64_t events = 0;         // Lines with a meaning of their own.
  // app.session, app.service and app.frontend_session messages no version we know of writes, and which.
  std::uint64_t unknown_session = 0;
  std::uint64_t window_requests = 0;  // Attempts as the window logs them.
  UnknownStems unknown_stems;         // The same as unknown_session, told apart.

  bool operator==(const TraceCounters&) const = default;
};

// The event of one line (no line end, no NUL; any other byte), counted in
// `counters`. Every line of a service or a window is an event, because it shows
// the process alive; of other processes only start blocks, versions and fatal
// lines are. Nothing for all other lines. The event's views point into `text`.
std::optional<Event> parse(std::string_view text, std::uint64_t offset, TraceCounters& counters);

}  // namespace agent::trace
