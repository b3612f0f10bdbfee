// Which sessions may have been one piece of work: the same technician at the same customer's terminal again
// after a short pause, such as a restart. Only suggested: a person joins them, or says that they are not.

#pragma once

#include <chrono>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "common/timing/utc.h"

namespace collector::attribution {

struct SeriesCandidate {
  std::int64_t session_id = 0;
  std::int64_t technician_id = 0;
  std::int64_t customer_id = 0;
  std::int64_t terminal_id = 0;
  timing::UtcMs started;
  timing::UtcMs ended;
};

// Sessions that follow each other, each beginning at most `gap` after the end of the one before, in order of
// their start; the earliest group first. A pair in `dismissed` (the earlier session first) is not linked.
std::vector<std::vector<std::int64_t>> suggest_series(
    std::vector<SeriesCandidate> sessions, std::chrono::milliseconds gap,
    const std::set<std::pair<std::int64_t, std::int64_t>>& dismissed);

}  // namespace collector::attribution
