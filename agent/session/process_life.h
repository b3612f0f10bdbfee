// What the system tells of AnyDesk's processes: the second witness of an end.

#pragma once

#include <cstdint>
#include <optional>

#include "agent/session/snapshot.h"
#include "common/timing/utc.h"

namespace agent::session {

// A process died of its fatal line if nothing else was written so long behind it; one that went on did not.
inline constexpr std::int64_t kFatalWindowMs = 10'000;

// How an AnyDesk process ended, as the system told.
struct ProcessEnd {
  timing::UtcMs last_alive;  // The last proof that it lived, by the agent's clock.
  AbandonCause cause = AbandonCause::unknown;
};

// A process whose end matters now.
struct LiveProcess {
  std::uint32_t pid = 0;
  bool service = false;
  // The last line that proves it lived, in the trace's own time: a process that began later and has its pid
  // is another one.
  timing::UtcMs last_line{};
  bool operator==(const LiveProcess&) const = default;
};

// What is known of one process beyond its lines.
struct Life {
  bool gone = false;
  AbandonCause cause = AbandonCause::unknown;
  std::optional<timing::UtcMs> alive = {};  // The last proof that is no line.
  std::optional<timing::UtcMs> fatal = {};  // Its last line of level "explode".

  void prove(timing::UtcMs at);
  void end(const ProcessEnd& told);
  // The cause of its end, if its last line was written at `last_line`. What the system told counts more than
  // a fatal line, and that more than that a newer process has begun.
  AbandonCause cause_with(timing::UtcMs last_line) const;
  timing::UtcMs last_seen(timing::UtcMs last_line) const;
  bool operator==(const Life&) const = default;
};

}  // namespace agent::session
