// When a mail that could not be handed over is tried again. Pure.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "common/timing/utc.h"

namespace collector::mail {

inline constexpr std::chrono::minutes kFirstDelay{1};
inline constexpr std::chrono::minutes kLongestDelay{60};
inline constexpr std::int64_t kAttemptsMax = 20;  // About 15 hours in all.

// `attempts` is how many were made so far, the one that just failed included. One minute after the first,
// doubling to an hour; nothing from the 20th on: the mail has failed and a person must look.
std::optional<timing::UtcMs> next_try(std::int64_t attempts, timing::UtcMs now);

}  // namespace collector::mail
