// One fiber of one AnyDesk service process: perhaps an outgoing session.
//
// A fiber is the key of a session (traces.md §3.1). This is what its lines have
// told so far; agent/session/builder decides which of it becomes a Snapshot.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agent/session/process_life.h"
#include "agent/session/snapshot.h"
#include "agent/trace/event.h"

namespace agent::session {

enum class Side : std::uint8_t { unknown, outgoing, incoming };

struct Fiber {
  std::uint32_t number = 0;
  std::uint32_t child = 0;  // The fiber that connects for it (§3.2); 0: none known.
  bool expects_child = false;
  Side side = Side::unknown;
  bool has_session_lines = false;  // A line of app.session in state 5 or an end reason.
  bool clock_went_backwards = false;
  bool announced = false;  // A snapshot of it was handed on.
  bool done = false;       // "5: Processing done." was read.
  Kind kind = Kind::desktop;
  bool kind_known = false;
  std::string typed;  // What the technician asked for, blanks removed.
  std::string resolved;
  std::string reason;
  std::string version;
  timing::UtcMs first{};  // Time of its first and last line.
  timing::UtcMs last{};
  std::uint64_t first_offset = 0;
  std::optional<timing::UtcMs> requested;
  std::optional<timing::UtcMs> started;
  std::optional<timing::UtcMs> ended;
  std::optional<std::uint64_t> requested_offset;
  std::optional<std::uint64_t> started_offset;
  std::optional<std::uint64_t> ended_offset;
  std::uint32_t window_pid = 0;  // Of the window it serves; 0: not told.
  Life window;                   // Of that process, as far as it concerns this fiber.
  std::uint32_t reconnects = 0;

  // Takes one event of this fiber in. True if something changed that a
  // snapshot of it would show. Exits and spawned fibers are the service's.
  bool take(const trace::Event& event);
  // Its session is over: a later request in the same fiber is another one.
  bool over() const { return done || ended.has_value(); }
  // An outgoing session, or attempt, that no end is known of.
  bool open() const { return side == Side::outgoing && !over(); }
  bool operator==(const Fiber&) const = default;
};

// Desktop wins over the rest: later versions may add any feature to it.
Kind kind_of_features(std::string_view features);

// An address as typed without its blanks, also without the no-break spaces
// that group digits in some languages.
std::string without_blanks(std::string_view address);

}  // namespace agent::session
