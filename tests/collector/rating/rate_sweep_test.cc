// Every second, of a whole day for the rules that ship and of the first blocks
// and the last hour for many others, against two models that
// share no line with the product: one counts blocks second by second, the
// other is the pseudo code of docs/rating.md.

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "collector/rating/rate.h"

namespace {

using namespace collector::rating;

constexpr std::int64_t kLast_s = 90'000;

// Walks along the clock. A block beyond the first falls due at fixed moments,
// but none of them earlier than the end of the first block's grace.
std::vector<std::int64_t> count_blocks(const Rule& rule) {
  std::vector<std::int64_t> charge;
  const std::int64_t earliest = rule.first_block_s + rule.grace_s;
  std::int64_t due = rule.first_block_s + (rule.grace_scope == GraceScope::every ? rule.grace_s : 0);
  std::int64_t blocks_s = rule.first_block_s;
  for (std::int64_t now = 0; now <= kLast_s; ++now) {
    const auto begun = [&](std::int64_t moment) {
      return rule.boundary == Boundary::start ? now >= moment : now > moment;
    };
    while (begun(std::max(due, earliest))) {
      blocks_s += rule.increment_s;
      due += rule.increment_s;
    }
    std::int64_t minutes = now <= rule.free_s ? 0 : blocks_s / 60;
    if (rule.max_charge_min && minutes > *rule.max_charge_min) minutes = *rule.max_charge_min;
    charge.push_back(minutes);
  }
  return charge;
}

std::int64_t pseudo_code(const Rule& r, std::int64_t d) {
  const auto floor_div = [](std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); };
  std::int64_t charge_s;
  if (d <= r.free_s) {
    charge_s = 0;
  } else if (r.boundary == Boundary::start ? d < r.first_block_s + r.grace_s
                                           : d <= r.first_block_s + r.grace_s) {
    charge_s = r.first_block_s;
  } else {
    std::int64_t x = d - r.first_block_s;
    if (r.grace_scope == GraceScope::every) x = d - r.first_block_s - r.grace_s;
    std::int64_t n =
        r.boundary == Boundary::start ? floor_div(x, r.increment_s) + 1 : -floor_div(-x, r.increment_s);
    if (r.grace_scope == GraceScope::every && n < 1) n = 1;
    charge_s = r.first_block_s + n * r.increment_s;
  }
  const std::int64_t minutes = charge_s / 60;
  return r.max_charge_min ? std::min(minutes, *r.max_charge_min) : minutes;
}

std::vector<Rule> rules() {
  struct Times {
    std::int64_t free_s, first_block_s, grace_s, increment_s;
    std::optional<std::int64_t> cap;
  };
  std::vector<Rule> all;
  for (const auto& t :
       {Times{30, 600, 60, 600, {}}, Times{0, 600, 0, 600, {}}, Times{0, 60, 0, 60, {}},
        Times{30, 900, 120, 300, 125}, Times{700, 600, 60, 600, {}}, Times{30, 600, 1300, 600, {}},
        Times{59, 3600, 1, 360, {}}, Times{86'400, 60, 0, 60, {}}, Times{30, 86'400, 86'400, 86'400, {}},
        Times{29, 1800, 899, 900, {}}}) {
    for (const auto boundary : {Boundary::start, Boundary::after}) {
      for (const auto scope : {GraceScope::first, GraceScope::every}) {
        all.push_back({.free_s = t.free_s,
                       .first_block_s = t.first_block_s,
                       .grace_s = t.grace_s,
                       .increment_s = t.increment_s,
                       .boundary = boundary,
                       .grace_scope = scope,
                       .max_charge_min = t.cap});
      }
    }
  }
  return all;
}

TEST(RateSweep, EverySecondOfManyRules) {
  for (const auto& rule : rules()) {
    SCOPED_TRACE(testing::Message() << "free " << rule.free_s << " first " << rule.first_block_s << " grace "
                                    << rule.grace_s << " increment " << rule.increment_s << " boundary "
                                    << static_cast<int>(rule.boundary) << " scope "
                                    << static_cast<int>(rule.grace_scope));
    const auto counted = count_blocks(rule);
    const std::int64_t middle = 4 * rule.first_block_s + rule.grace_s;
    const bool whole_day = rule.first_block_s == 600 && rule.free_s <= 30;
    std::int64_t before = 0;
    for (std::int64_t d = 0; d <= kLast_s; ++d) {
      if (!whole_day && d == middle && middle < kLast_s - 4000) d = kLast_s - 4000;
      const Stretch stretch{.begin = {}, .seconds = d};
      const auto rated = rate(rule, {.stretches = {&stretch, 1}});
      ASSERT_TRUE(rated) << d;
      ASSERT_EQ(rated->minutes, counted[static_cast<std::size_t>(d)]) << d;
      ASSERT_EQ(rated->minutes, pseudo_code(rule, d)) << d;
      ASSERT_GE(rated->minutes, before) << d;
      ASSERT_LE(rated->minutes, rule.max_charge_min.value_or(rated->minutes)) << d;
      before = rated->minutes;
    }
  }
}

}  // namespace
