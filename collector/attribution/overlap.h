// Sessions of one technician at the same time. Two customers served at once are each charged their own
// minutes, but the technician spent the time only once: both numbers are told, and never mixed.

#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "common/timing/utc.h"

namespace collector::attribution {

// From `begin` to just before `end`.
struct Interval {
  std::int64_t id = 0;  // Of the session.
  timing::UtcMs begin;
  timing::UtcMs end;  // Not before `begin`.
};

// The ids of those that share some time with another. One that ends when the next begins does not.
std::set<std::int64_t> overlapping(std::vector<Interval> intervals);

// Each session counts its whole seconds, as it does where it is rated.
struct Spent {
  std::int64_t customers_s = 0;   // Each session for itself, as the customers see it.
  std::int64_t technician_s = 0;  // By the clock on the wall: time that several share counts once.
};

// Of one technician's sessions. The technician's is never more than the customers'.
Spent time_spent(std::vector<Interval> intervals);

}  // namespace collector::attribution
