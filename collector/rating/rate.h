// Rating: the seconds of a session and a rule give the minutes to charge, and
// what they cost.
//
// One formula in integers. Minutes are rounded once, money once, each from what
// was not rounded before. The result keeps what it came from, so that a manager
// can follow every minute (explain.h), and the version of the formula stands
// beside every charge, so that a later one never revalues what was charged
// before.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "collector/rating/band.h"
#include "collector/rating/rule.h"
#include "common/base/result.h"

namespace collector::rating {

// Stored beside every charge. It grows when the same input would give another result.
inline constexpr std::int64_t kRatingVersion = 1;
// Stored in its place beside a charge that could not be rated, and that a person must look at.
inline constexpr std::int64_t kNotRated = 0;

// The longest time that is rated as one: 366 days. Longer ones are no session but an error.
inline constexpr std::int64_t kDurationMax_s = 31'622'400;

// The largest charge a person may state instead of the computed one: one day.
inline constexpr std::int64_t kOverrideMax_min = 1'440;

// What the technician said about the charge.
struct Adjustments {
  bool no_charge = false;                    // The tag #.
  std::optional<std::int64_t> override_min;  // The tag {n}: exactly n, 0 to kOverrideMax_min.
};

// What is rated as one: a session, the members of a series, a customer's day.
struct Input {
  std::span<const Stretch> stretches;  // In order of time; no seconds below zero.
  Adjustments adjustments = {};
  std::string work_type = {};  // A name of the rule's, or one it does not weigh; empty: none.
  std::string grade = {};      // The technician's, likewise.
  // Where the rule's bands are looked up; null: no place is known, and no time is in any band.
  const Calendar* calendar = nullptr;
};

// What decided the minutes.
enum class Basis {
  no_charge,  // The tag #.
  stated,     // The tag {n}.
  free,       // Not longer than the free time.
  blocks,
};

struct Rated {
  std::int64_t minutes = 0;  // Charged; never negative.
  std::int64_t amount = 0;   // Of money, by the rule's rate and fee; never negative.

  // How it came about.
  Basis basis = Basis::free;
  std::int64_t duration_s = 0;      // Of all stretches together.
  std::int64_t further_blocks = 0;  // Begun behind the first.
  std::int64_t block_min = 0;       // Of the blocks, before minimum and cap.
  std::int64_t laid_min = 0;        // After them, before weights.
  std::int64_t work_type_weight = kPlainWeight;
  std::int64_t grade_weight = kPlainWeight;
  std::vector<Share>
      shares;  // How laid_min falls on the rule's bands; empty: the rule has none, or basis is not blocks.

  bool operator==(const Rated&) const = default;
};

// {n} replaces everything: no free time, no blocks, no cap, no weights; # gives 0.
// Blocks give minutes, which a minimum raises and a cap cuts. They are laid on the
// clock from the first stretch on, and what is left behind the end of the last;
// each second weighs what its band does, and all of them what the work and the
// technician do. The sum is rounded to the nearest minute, half a minute up; the
// money is that sum's, not the rounded minutes', to the nearest unit, half up,
// and the base fee beside it if any minute is charged.
//
// Without adjustments neither minutes nor amount fall when a stretch grows at its
// end, in one band; with bands, as long as what follows moves into none that weighs less.
// invalid_argument if check(rule) fails, a stretch is negative, the duration is
// above kDurationMax_s, the override outside its range, or # stands beside {n > 0}.
[[nodiscard]] base::Result<Rated> rate(const Rule& rule, const Input& input);

}  // namespace collector::rating
