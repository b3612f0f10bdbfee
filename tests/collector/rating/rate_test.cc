#include "collector/rating/rate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "collector/rating/templates.h"

namespace {

using namespace collector::rating;

constexpr std::int64_t at(std::int64_t minutes, std::int64_t seconds) {
  return minutes * 60 + seconds;
}

std::int64_t minutes(std::string_view name, std::int64_t duration_s) {
  return rate(built_in_template(name).value().rule, duration_s).value().minutes;
}

// The table of docs/rating.md, row by row.
TEST(Rate, PublishedVectors) {
  struct Row {
    std::int64_t duration_s, start, after, every, plain;
  };
  const Row rows[] = {
      {at(0, 30), 0, 0, 0, 0},      {at(0, 31), 10, 10, 10, 10}, {at(10, 0), 10, 10, 10, 10},
      {at(10, 59), 10, 10, 10, 20}, {at(11, 0), 20, 10, 20, 20}, {at(11, 1), 20, 20, 20, 20},
      {at(19, 59), 20, 20, 20, 20}, {at(20, 0), 30, 20, 20, 20}, {at(20, 1), 30, 30, 20, 30},
      {at(21, 0), 30, 30, 30, 30},  {at(30, 0), 40, 30, 30, 30}, {at(60, 0), 70, 60, 60, 60},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(minutes("standard", row.duration_s), row.start) << row.duration_s;
    EXPECT_EQ(minutes("standard-after", row.duration_s), row.after) << row.duration_s;
    EXPECT_EQ(minutes("standard-every", row.duration_s), row.every) << row.duration_s;
    EXPECT_EQ(minutes("plain", row.duration_s), row.plain) << row.duration_s;
  }
}

// The price list the product follows, at every second it states.
TEST(Rate, PriceListAtEverySecond) {
  struct Range {
    std::int64_t first_s, last_s, charge;
  };
  for (const auto& range :
       {Range{0, at(0, 30), 0}, Range{at(0, 31), at(9, 59), 10}, Range{at(10, 0), at(10, 59), 10},
        Range{at(11, 0), at(19, 59), 20}, Range{at(20, 0), at(29, 59), 30}}) {
    for (auto s = range.first_s; s <= range.last_s; ++s) ASSERT_EQ(minutes("standard", s), range.charge) << s;
  }
}

TEST(Rate, AStatedTimeReplacesEverything) {
  Rule rule;
  rule.max_charge_min = 20;
  for (const std::int64_t duration_s : {0, 10, 31, 2052, 86'400}) {
    for (const std::int64_t stated : {0, 1, 25, 1440}) {
      const auto rated = rate(rule, duration_s, {.no_charge = false, .override_min = stated});
      ASSERT_TRUE(rated);
      EXPECT_EQ(rated->minutes, stated) << duration_s;
    }
  }
}

TEST(Rate, NoChargeGivesZero) {
  for (const std::int64_t duration_s : {0, 31, 2052}) {
    EXPECT_EQ(rate({}, duration_s, {.no_charge = true, .override_min = {}})->minutes, 0);
    EXPECT_EQ(rate({}, duration_s, {.no_charge = true, .override_min = 0})->minutes, 0);
  }
}

TEST(Rate, RefusesWhatCannotBeRated) {
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  Rule broken;
  broken.increment_s = 0;
  EXPECT_FALSE(rate(broken, 10));
  EXPECT_FALSE(rate(broken, 10, {.no_charge = true, .override_min = {}}));
  for (const std::int64_t duration_s : {std::int64_t{-1}, -kMax, kDurationMax_s + 1, kMax}) {
    const auto rated = rate({}, duration_s);
    ASSERT_FALSE(rated) << duration_s;
    EXPECT_EQ(rated.error().code, base::ErrorCode::invalid_argument);
  }
  EXPECT_TRUE(rate({}, kDurationMax_s));
  for (const std::int64_t stated : {std::int64_t{-1}, std::int64_t{1441}, kMax}) {
    EXPECT_FALSE(rate({}, 60, {.no_charge = false, .override_min = stated})) << stated;
  }
  EXPECT_FALSE(rate({}, 60, {.no_charge = true, .override_min = 1}));
}

TEST(Rate, StepsTellTheStory) {
  const auto rated = rate({}, 2052).value();
  const std::vector<Step> want{
      {.what = "free time", .detail = "34:12 is longer than the free 0:30", .minutes_so_far = 0},
      {.what = "first block",
       .detail = "first block: 10 min for less than 11:00 (10:00 + 1:00 grace)",
       .minutes_so_far = 10},
      {.what = "further blocks", .detail = "3 further blocks of 10 min begun", .minutes_so_far = 40},
      {.what = "charge", .detail = "charge 40 min", .minutes_so_far = 40}};
  EXPECT_EQ(rated.minutes, 40);
  EXPECT_EQ(rated.steps, want);
}

TEST(Rate, StepsNameTheCapAndTheOverride) {
  Rule rule;
  rule.max_charge_min = 30;
  EXPECT_EQ(rate(rule, 2052)->steps.at(3).detail, "no more than 30 min are charged for one session");
  EXPECT_EQ(rate(rule, 2052, {.no_charge = false, .override_min = 25})->steps.front().detail,
            "25 min stated in the comment replace the rule; the session lasted 34:12");
  EXPECT_EQ(rate(rule, 2052, {.no_charge = true, .override_min = {}})->steps.front().detail,
            "marked as no charge; the session lasted 34:12");
  EXPECT_EQ(rate(rule, 30)->steps.front().detail, "0:30 is not longer than the free 0:30");
}

}  // namespace
