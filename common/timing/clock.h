// The two clocks of the product, behind an interface so that tests own time.
//
// `utc` is the wall clock: data only, it may jump. `boot_ms` counts
// milliseconds on a clock that never jumps and keeps counting while the
// machine sleeps (CLOCK_BOOTTIME); it restarts with the machine.

#pragma once

#include <cstdint>
#include <string>

#include "common/timing/utc.h"

namespace timing {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual UtcMs utc() const = 0;
  virtual std::int64_t boot_ms() const = 0;
  // How far the machine's local time is from UTC now, in minutes, east positive.
  virtual std::int32_t utc_offset_min() const = 0;
  // Names the run of the machine that boot_ms counts in: it changes with every
  // start of the system and with nothing else. Empty: the system does not tell.
  virtual std::string boot_id() const = 0;
};

// The machine's own clocks. Safe from every thread.
const Clock& system_clock();

}  // namespace timing
