// Rating: the seconds of a session and a rule give the minutes to charge.
//
// One formula in integers, rounded once. The result carries its own
// explanation, so that a manager can follow every minute, and the version of
// the formula, so that a later one never revalues what was charged before.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/rating/rule.h"
#include "common/base/result.h"

namespace collector::rating {

// Stored beside every charge. It grows when the same input would give other minutes.
inline constexpr std::int64_t kRatingVersion = 1;

// The longest session that is rated: 366 days. Longer ones are no session but an error.
inline constexpr std::int64_t kDurationMax_s = 31'622'400;

// The largest charge a person may state instead of the computed one: one day.
inline constexpr std::int64_t kOverrideMax_min = 1'440;

// What the technician said about the charge.
struct Adjustments {
  bool no_charge = false;                    // The tag #.
  std::optional<std::int64_t> override_min;  // The tag {n}: exactly n, 0 to kOverrideMax_min.
};

// One step of the reasoning, in order. `what` is a short stable key ("free
// time", "first block", "further blocks", "cap", "no charge", "stated time",
// "charge"); `detail` is a sentence for people.
struct Step {
  std::string what;
  std::string detail;
  std::optional<std::int64_t> minutes_so_far;  // The charge after this step, if it is known by then.

  bool operator==(const Step&) const = default;
};

struct Rated {
  std::int64_t minutes = 0;  // Never negative.
  std::vector<Step> steps;   // The last one says the charge.

  bool operator==(const Rated&) const = default;
};

// The charge of `duration_s` whole seconds (of one session, or the sum of a
// series). {n} replaces everything: no free time, no blocks, no cap; # gives 0.
// Without adjustments the charge never falls when the duration grows.
// invalid_argument if check(rule) fails, the duration is outside 0 to
// kDurationMax_s, the override outside its range, or # stands beside {n > 0}.
[[nodiscard]] base::Result<Rated> rate(const Rule& rule, std::int64_t duration_s,
                                       const Adjustments& adjustments = {});

}  // namespace collector::rating
