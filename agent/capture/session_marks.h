// What the agent's own clocks say of sessions, beside AnyDesk's times.
//
// A trace has wall-clock times only, and somebody may set that clock inside a
// session. The boot-time clock cannot be set and counts sleep, so a session
// whose start and end lines were read as they were written has a second
// duration that no clock setting can touch.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/capture/guard_rails.h"
#include "agent/seal/fact.h"
#include "agent/session/snapshot.h"
#include "common/timing/utc.h"

namespace deskledger::agent::v1 {
class SourceMemory;
}

namespace agent::capture {

// Both clocks at one moment.
struct ClockPair {
  std::int64_t boot_ms = 0;
  std::int64_t wall_minus_boot_ms = 0;
};

// The clocks while lines are read, and when the source was last seen to have nothing more.
struct Reading {
  seal::Observed now;
  // Everything read now was written after it. Absent: this agent has not seen the end of the file before, so
  // the lines may be of any age.
  std::optional<ClockPair> read_to_end;
};

// A moment by the boot-time clock.
struct BootMoment {
  std::string boot_id;
  std::int64_t boot_ms = 0;
  std::uint32_t uncertainty_ms = 0;
  std::int64_t wall_minus_boot_ms = 0;
};

// When the line with the wall-clock time `at` was written. Nothing if it was
// not written between the last look and now, by the wall clock of either: then
// the lines were put there by somebody else than a program that runs here now.
std::optional<BootMoment> moment_of(timing::UtcMs at, const Reading& reading);

// Of one source; a value. Sessions are known by the key of their snapshots.
class SessionMarks {
 public:
  explicit SessionMarks(GuardRails rails) : rails_{rails} {}

  // What to tell with `snapshot`, which the line of time `line_at` changed, or
  // nothing but time. The flags it returns count as told.
  seal::Measured measure(const session::Snapshot& snapshot, std::optional<timing::UtcMs> line_at,
                         const Reading& reading);

  // An open session has run past a guard rail that was not told yet.
  bool passed_a_rail(const session::Snapshot& snapshot, const Reading& reading) const;

  void save(deskledger::agent::v1::SourceMemory& to) const;
  void load(const deskledger::agent::v1::SourceMemory& from);

  // Sessions remembered at a time, and of them those that have ended, whose facts may still be told again.
  // The oldest are forgotten and lose their second duration only.
  static constexpr std::size_t kMarksMax = 256;
  static constexpr std::size_t kEndedMarksMax = 8;

 private:
  struct Mark {
    std::string key;
    std::optional<BootMoment> start;
    std::optional<BootMoment> end;
    GuardFlags told;
    bool ended = false;
  };

  const Mark* find(const std::string& key) const;
  Mark& open(const std::string& key);
  GuardFlags flags_now(const session::Snapshot& snapshot, const Reading& reading) const;

  GuardRails rails_;
  std::vector<Mark> marks_;  // The newest last.
};

}  // namespace agent::capture
