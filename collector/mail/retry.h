// When a mail that could not be handed over is tried again, and when an account whose server is away. Pure.

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
// doubling to an hour, and up to a quarter later, so that mails that failed together do not all come back
// together: `chance` says how much, and is a number that is another one for each mail. Nothing from the 20th
// on: the mail has failed and a person must look.
std::optional<timing::UtcMs> next_try(std::int64_t attempts, timing::UtcMs now, std::uint64_t chance);

inline constexpr std::chrono::seconds kFirstPause{5};
inline constexpr std::chrono::minutes kLongestPause{5};

// `failures` in a row, the newest included: five seconds after the first, doubling to five minutes, and up to
// a quarter later.
timing::UtcMs pause_until(std::int64_t failures, timing::UtcMs now, std::uint64_t chance);

}  // namespace collector::mail
