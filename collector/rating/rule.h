// How long a session was, turned into how many minutes are charged.
//
// A rule is data: the same function serves every customer, and a past charge
// can be recomputed for ever from the rule that was stored beside it. The
// parameters are those of docs/rating.md.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "collector/rating/band.h"
#include "common/base/result.h"

namespace collector::rating {

// On which side of a boundary the exact second falls.
enum class Boundary {
  start,  // The next block begins at its boundary second: 20:00 is a new block.
  after,  // It begins one second later: 20:00 still belongs to the old one.
};

// Which blocks the grace time stands in front of.
enum class GraceScope { first, every };

// What is rated as one, so that its free time, first block, minimum and cap count once. A rule only carries
// this: who rates by it puts the stretches of a session, a series or a customer's day into one input.
enum class RoundGroup {
  session,  // Each session by itself, also those that a person has joined.
  series,   // The sessions that a person has joined; any other by itself.
  day,      // All sessions under the contract that begin on one day of its time zone.
};

// A weight in thousandths: 1500 makes ten minutes fifteen.
inline constexpr std::int64_t kPlainWeight = 1'000;
inline constexpr std::int64_t kWeightMax = 10'000;

struct Rule {
  std::int64_t free_s = 30;          // Sessions up to and including this cost nothing.
  std::int64_t first_block_s = 600;  // Size and price of the first block; whole minutes above zero.
  std::int64_t grace_s = 60;         // Extra time before the second block begins.
  std::int64_t increment_s = 600;    // Size and price of every later block; whole minutes above zero.
  Boundary boundary = Boundary::start;
  GraceScope grace_scope = GraceScope::first;
  std::int64_t min_charge_min = 0;             // What is charged at all costs at least this.
  std::optional<std::int64_t> max_charge_min;  // A cap on one charge.
  RoundGroup round_group = RoundGroup::series;

  // Weights. Names that are not here weigh kPlainWeight.
  std::map<std::string, std::int64_t> work_types = {};
  std::map<std::string, std::int64_t> grades = {};  // Of technicians.
  std::vector<Band> bands = {};                     // The first that fits a moment is its band.

  // Money, in the smallest unit of the contract's currency.
  std::int64_t rate_per_hour = 0;
  std::int64_t base_fee = 0;  // For each charge above zero minutes, not weighted.

  bool operator==(const Rule&) const = default;
};

inline constexpr std::int64_t kMoneyMax = 1'000'000'000;  // Of a rate or a fee.
inline constexpr std::size_t kNamesMax = 100;             // Of work types, grades and bands, each.

// invalid_argument, naming the field and what it may be, if the rule cannot be
// applied: negative times, blocks that are not whole minutes, values above one
// day (86400 s, 1440 min), a minimum above the cap, weights above kWeightMax,
// money below zero or above kMoneyMax, names that are empty or too many, bands
// that are never.
[[nodiscard]] base::Status check(const Rule& rule);

}  // namespace collector::rating
