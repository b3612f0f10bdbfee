// Rules, clocks and sessions that nobody ever agreed on, the same for the same seed.

#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "collector/rating/rate.h"

namespace collector::rating {

class MadeUp {
 public:
  explicit MadeUp(std::uint64_t seed) : random_{seed} {}

  std::int64_t up_to(std::int64_t max) {
    return std::uniform_int_distribution<std::int64_t>{0, max}(random_);
  }

  Rule rule() {
    Rule rule{.free_s = up_to(120),
              .first_block_s = 60 + 60 * up_to(30),
              .grace_s = up_to(2) == 0 ? 0 : up_to(900),
              .increment_s = 60 + 60 * up_to(30),
              .boundary = up_to(1) == 0 ? Boundary::start : Boundary::after,
              .grace_scope = up_to(1) == 0 ? GraceScope::first : GraceScope::every,
              .min_charge_min = up_to(2) == 0 ? up_to(60) : 0,
              .max_charge_min = {},
              .round_group = static_cast<RoundGroup>(up_to(2)),
              .work_types = {{"remote", up_to(3'000)}},
              .grades = {{"senior", up_to(3'000)}},
              .bands = {},
              .rate_per_hour = up_to(20'000),
              .base_fee = up_to(500)};
    if (up_to(3) == 0) rule.max_charge_min = rule.min_charge_min + up_to(120);
    return rule;
  }

  Band band(std::int64_t weight) {
    const auto from = up_to(1'439);
    return {.name = "band",
            .weekdays = static_cast<std::uint8_t>(1 + up_to(126)),
            .holidays = up_to(1) == 0,
            .from_min = from,
            .to_min = from + 1 + up_to(1'439 - from),
            .weight = weight};
  }

  // A clock that is set now and then, and holidays.
  Calendar calendar() {
    Calendar calendar{.offsets = {{}}, .holidays = {}};
    auto at = timing::UtcMs{};
    for (auto n = up_to(4); n > 0; --n) {
      at += std::chrono::minutes{1 + up_to(2'000)};
      calendar.offsets.push_back({.from = at, .seconds = 900 * (up_to(100) - 50)});
    }
    for (std::int32_t day = 0; day < 10; ++day) {
      if (up_to(3) == 0) calendar.holidays.push_back(day);
    }
    return calendar;
  }

  std::vector<Stretch> stretches() {
    std::vector<Stretch> all;
    auto at = timing::UtcMs{std::chrono::milliseconds{up_to(86'400'000)}};
    for (auto n = 1 + up_to(3); n > 0; --n) {
      all.push_back({.begin = at, .seconds = up_to(9'000)});
      at += std::chrono::seconds{all.back().seconds + up_to(40'000)};
    }
    return all;
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace collector::rating
