// A stretch of one technician's machine with everything that goes wrong on it,
// and what is true of it.
//
// A seed makes edition, sessions and faults: concurrent sessions, also to the
// same remote, redials, reconnects, aliases, incoming sessions between, service
// restarts with reused pids, kills of service and window, power cuts that leave
// NUL bytes, clocks set back and forward, garbage of every kind. The lines come
// as write operations, so that they can be replayed on a live file.

#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/support/trace/machine.h"

namespace support::trace {

struct TrueSession {
  std::string remote_id;
  Type type = Type::desktop;
  std::string outcome;  // As the collector names it.
  // As the trace's clock showed them.
  std::optional<timing::UtcMs> requested, started, ended;
  std::string reason;
  // All its lines are in a flood that nobody could read: it must not be told, or as it is.
  bool lost = false;

  auto operator<=>(const TrueSession&) const = default;
};

struct Write {
  enum class What {
    text,       // `bytes` are written.
    power_cut,  // The last `nul_bytes` bytes of the file become NUL; the machine starts again.
  };

  timing::UtcMs at;     // True time, which never goes back.
  timing::UtcMs shown;  // On the machine's clock.
  std::size_t file = 0;
  std::uint32_t writer = 0;  // The process.
  What what = What::text;
  std::string bytes;
  std::size_t nul_bytes = 0;
  bool blind = false;  // Part of a flood: nobody reads before its end.
};

struct DayPlan {
  std::uint64_t seed = 0;
  std::size_t bytes = 200'000;         // About so many are written.
  std::size_t line_bytes_max = 8'000;  // At most some more than 65,536: AnyDesk's longest.
  std::size_t flood_bytes = 0;         // 0: no flood; else so many bytes are written before anybody can read.
};

struct Day {
  Edition edition;
  std::string what;                // One line for a person.
  std::vector<std::string> files;  // Relative paths as the system has them, the service's first.
  std::vector<Write> writes;       // In order.
  std::vector<TrueSession> sessions;
  std::set<std::string> secrets = {};  // Written, and never to be told.
  std::size_t floods = 0;              // Each leaves one gap in the service's file.
};

// Deterministic: the same plan gives the same day.
Day make_day(const DayPlan& plan);

}  // namespace support::trace
