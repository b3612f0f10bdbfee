// How long a session was, turned into how many minutes are charged.
//
// A rule is data: the same function serves every customer, and a past charge
// can be recomputed for ever from the rule that was stored beside it. The
// parameters are those of docs/rating.md.

#pragma once

#include <cstdint>
#include <optional>

#include "common/base/result.h"

namespace collector::rating {

// On which side of a boundary the exact second falls.
enum class Boundary {
  start,  // The next block begins at its boundary second: 20:00 is a new block.
  after,  // It begins one second later: 20:00 still belongs to the old one.
};

// Which blocks the grace time stands in front of.
enum class GraceScope { first, every };

struct Rule {
  std::int64_t free_s = 30;          // Sessions up to and including this cost nothing.
  std::int64_t first_block_s = 600;  // Size and price of the first block; whole minutes above zero.
  std::int64_t grace_s = 60;         // Extra time before the second block begins.
  std::int64_t increment_s = 600;    // Size and price of every later block; whole minutes above zero.
  Boundary boundary = Boundary::start;
  GraceScope grace_scope = GraceScope::first;
  std::optional<std::int64_t> max_charge_min;  // A cap on one charge.

  bool operator==(const Rule&) const = default;
};

// invalid_argument, naming the field and what it may be, if the rule cannot be
// applied: negative times, blocks that are not whole minutes, values above one
// day (86400 s, 1440 min).
[[nodiscard]] base::Status check(const Rule& rule);

}  // namespace collector::rating
