// What holds for every rule, tried on thousands that are made up.

#include <gtest/gtest.h>

#include <algorithm>

#include "collector/rating/explain.h"
#include "collector/rating/money.h"
#include "collector/rating/rate.h"
#include "tests/collector/rating/made_up.h"

namespace {

using namespace collector::rating;

Rated rated(const Rule& rule, const std::vector<Stretch>& stretches, const Calendar& calendar) {
  return rate(rule, {.stretches = stretches, .work_type = "remote", .grade = "senior", .calendar = &calendar})
      .value();
}

// One second longer, and again, and some hours longer: neither minutes nor money fall.
void expect_never_less(const Rule& rule, std::vector<Stretch> stretches, const Calendar& calendar,
                       MadeUp& made) {
  auto before = rated(rule, stretches, calendar);
  for (int step = 0; step < 40; ++step) {
    stretches.back().seconds += step % 2 == 0 ? 1 : made.up_to(step * 60);
    const auto now = rated(rule, stretches, calendar);
    ASSERT_GE(now.minutes, before.minutes);
    ASSERT_GE(now.amount, before.amount);
    before = now;
  }
}

TEST(RateProperty, ALongerSessionNeverCostsLess) {
  MadeUp made{1};
  for (int i = 0; i < 3'000; ++i) {
    const auto rule = made.rule();
    ASSERT_TRUE(check(rule)) << check(rule).error().message;
    SCOPED_TRACE(i);
    expect_never_less(rule, made.stretches(), made.calendar(), made);
  }
}

// However sessions are put together, as a series or as a day: one more never makes all of them cheaper, and
// together they cost no less than the longest alone.
TEST(RateProperty, OneMoreSessionNeverCostsLess) {
  MadeUp made{7};
  for (int i = 0; i < 3'000; ++i) {
    const auto rule = made.rule();
    auto all = made.stretches();
    const auto calendar = made.calendar();
    SCOPED_TRACE(i);
    for (auto n = made.up_to(5); n >= 0; --n) {
      const auto before = rated(rule, all, calendar);
      const Stretch one{
          .begin = all.back().begin + std::chrono::seconds{all.back().seconds + made.up_to(40'000)},
          .seconds = made.up_to(9'000)};
      const auto alone = rated(rule, {one}, calendar);
      all.push_back(one);
      const auto now = rated(rule, all, calendar);
      ASSERT_GE(now.minutes, std::max(before.minutes, alone.minutes));
      ASSERT_GE(now.amount, std::max(before.amount, alone.amount));
    }
  }
}

// Bands that weigh no less the later they come, and none is left for another: what follows is never lighter.
TEST(RateProperty, WithBandsItCostsNoLessWhileWhatFollowsWeighsNoLess) {
  MadeUp made{2};
  for (int i = 0; i < 3'000; ++i) {
    auto rule = made.rule();
    const auto edge = 1 + made.up_to(1'438), first = made.up_to(2'000);
    rule.bands = {{.name = "early", .weekdays = 0x7F, .to_min = edge, .weight = first},
                  {.name = "late", .weekdays = 0x7F, .from_min = edge, .weight = first + made.up_to(2'000)}};
    // All of it on one day, from its beginning on: the wall clock of 1970-01-01 is UTC here.
    const Stretch day{.begin = {}, .seconds = made.up_to(600)};
    const Calendar calendar;
    auto before = rated(rule, {day}, calendar);
    for (std::int64_t seconds = day.seconds; seconds < 80'000; seconds += 1 + made.up_to(4'000)) {
      const auto now = rated(rule, {{.begin = {}, .seconds = seconds}}, calendar);
      if (now.laid_min > 1'440) break;  // The next morning is early again.
      ASSERT_GE(now.minutes, before.minutes) << i << " at " << seconds;
      ASSERT_GE(now.amount, before.amount) << i << " at " << seconds;
      before = now;
    }
  }
}

TEST(RateProperty, TheSharesAreWhatIsLaid) {
  MadeUp made{3};
  for (int i = 0; i < 10'000; ++i) {
    auto rule = made.rule();
    for (auto n = made.up_to(4); n >= 0; --n) rule.bands.push_back(made.band(made.up_to(3'000)));
    const auto result = rated(rule, made.stretches(), made.calendar());
    ASSERT_EQ(result.basis == Basis::blocks && result.laid_min > 0, !result.shares.empty()) << i;
    std::int64_t sum = 0;
    for (const auto& share : result.shares) {
      ASSERT_GT(share.seconds, 0) << i;
      sum += share.seconds;
    }
    ASSERT_EQ(sum, result.shares.empty() ? 0 : result.laid_min * 60) << i;
  }
}

// A band that weighs as much as no band changes nothing, wherever its edges are and however clocks are set.
TEST(RateProperty, ABandOfWeightOneIsNoBand) {
  MadeUp made{4};
  for (int i = 0; i < 5'000; ++i) {
    auto rule = made.rule();
    const auto stretches = made.stretches();
    const auto calendar = made.calendar();
    const auto without = rated(rule, stretches, calendar);
    for (auto n = made.up_to(4); n >= 0; --n) rule.bands.push_back(made.band(kPlainWeight));
    const auto with = rated(rule, stretches, calendar);
    ASSERT_EQ(with.minutes, without.minutes) << i;
    ASSERT_EQ(with.amount, without.amount) << i;
  }
}

// All time in one band of twice the weight costs what twice the grade does.
TEST(RateProperty, WhereAWeightComesFromDoesNotMatter) {
  MadeUp made{5};
  for (int i = 0; i < 5'000; ++i) {
    auto by_band = made.rule();
    const auto weight = made.up_to(3'000);
    auto by_grade = by_band;
    by_band.grades["senior"] = kPlainWeight;
    by_band.bands = {{.name = "always", .weekdays = 0x7F, .holidays = true, .weight = weight}};
    by_grade.grades["senior"] = weight;
    const auto stretches = made.stretches();
    const auto calendar = made.calendar();
    const auto one = rated(by_band, stretches, calendar), other = rated(by_grade, stretches, calendar);
    ASSERT_EQ(one.minutes, other.minutes) << i;
    ASSERT_EQ(one.amount, other.amount) << i;
  }
}

TEST(RateProperty, TheExplanationEndsWithTheCharge) {
  MadeUp made{6};
  for (int i = 0; i < 5'000; ++i) {
    auto rule = made.rule();
    for (auto n = made.up_to(2); n > 0; --n) rule.bands.push_back(made.band(made.up_to(3'000)));
    const auto stretches = made.stretches();
    const auto calendar = made.calendar();
    const Input input{
        .stretches = stretches, .work_type = "remote", .grade = "senior", .calendar = &calendar};
    const auto result = rate(rule, input).value();
    const auto steps = explain(rule, input, result);
    const auto charge = std::ranges::find(steps, "charge", &Step::what);
    ASSERT_NE(charge, steps.end());
    ASSERT_EQ(charge->minutes_so_far, result.minutes);
    const bool has_price = rule.rate_per_hour > 0 || rule.base_fee > 0;
    ASSERT_EQ(steps.back().what, has_price ? "price" : "charge");
    if (has_price) {
      ASSERT_TRUE(steps.back().detail.starts_with(money_text(result.amount)));
    }
  }
}

TEST(Explain, TheCapSaysOfWhat) {
  Rule rule;
  rule.max_charge_min = 10;
  const Stretch parts[] = {{.begin = {}, .seconds = 900},
                           {.begin = timing::UtcMs{std::chrono::hours{1}}, .seconds = 900}};
  const auto cap_of = [&](std::span<const Stretch> stretches) {
    const Input input{.stretches = stretches};
    return explain(rule, input, rate(rule, input).value()).at(3).detail;
  };
  EXPECT_EQ(cap_of(parts), "no more than 10 min are charged for one series");
  EXPECT_EQ(cap_of({parts, 1}), "no more than 10 min are charged for one session");
  rule.round_group = RoundGroup::day;
  EXPECT_EQ(cap_of(parts), "no more than 10 min are charged for one day");
  EXPECT_EQ(cap_of({parts, 1}), "no more than 10 min are charged for one session");
}

}  // namespace
