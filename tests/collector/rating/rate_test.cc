#include "collector/rating/rate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "collector/rating/explain.h"
#include "collector/rating/templates.h"

namespace {

using namespace collector::rating;

constexpr std::int64_t at(std::int64_t minutes, std::int64_t seconds) {
  return minutes * 60 + seconds;
}

// One session of so long.
base::Result<Rated> rate_one(const Rule& rule, std::int64_t duration_s, const Adjustments& adjustments = {}) {
  const Stretch stretch{.begin = {}, .seconds = duration_s};
  return rate(rule, {.stretches = {&stretch, 1}, .adjustments = adjustments});
}

std::vector<Step> steps_of(const Rule& rule, std::int64_t duration_s, const Adjustments& adjustments = {}) {
  const Stretch stretch{.begin = {}, .seconds = duration_s};
  const Input input{.stretches = {&stretch, 1}, .adjustments = adjustments};
  return explain(rule, input, rate(rule, input).value());
}

std::int64_t minutes(std::string_view name, std::int64_t duration_s) {
  return rate_one(built_in_template(name).value().rule, duration_s).value().minutes;
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
      const auto rated = rate_one(rule, duration_s, {.no_charge = false, .override_min = stated});
      ASSERT_TRUE(rated);
      EXPECT_EQ(rated->minutes, stated) << duration_s;
    }
  }
}

TEST(Rate, NoChargeGivesZero) {
  for (const std::int64_t duration_s : {0, 31, 2052}) {
    EXPECT_EQ(rate_one({}, duration_s, {.no_charge = true, .override_min = {}})->minutes, 0);
    EXPECT_EQ(rate_one({}, duration_s, {.no_charge = true, .override_min = 0})->minutes, 0);
  }
}

TEST(Rate, RefusesWhatCannotBeRated) {
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  Rule broken;
  broken.increment_s = 0;
  EXPECT_FALSE(rate_one(broken, 10));
  EXPECT_FALSE(rate_one(broken, 10, {.no_charge = true, .override_min = {}}));
  for (const std::int64_t duration_s : {std::int64_t{-1}, -kMax, kDurationMax_s + 1, kMax}) {
    const auto rated = rate_one({}, duration_s);
    ASSERT_FALSE(rated) << duration_s;
    EXPECT_EQ(rated.error().code, base::ErrorCode::invalid_argument);
  }
  EXPECT_TRUE(rate_one({}, kDurationMax_s));
  for (const std::int64_t stated : {std::int64_t{-1}, std::int64_t{1441}, kMax}) {
    EXPECT_FALSE(rate_one({}, 60, {.no_charge = false, .override_min = stated})) << stated;
  }
  EXPECT_FALSE(rate_one({}, 60, {.no_charge = true, .override_min = 1}));
}

TEST(Rate, StepsTellTheStory) {
  const std::vector<Step> want{
      {.what = "free time", .detail = "34:12 is longer than the free 0:30", .minutes_so_far = 0},
      {.what = "first block",
       .detail = "first block: 10 min for less than 11:00 (10:00 + 1:00 grace)",
       .minutes_so_far = 10},
      {.what = "further blocks", .detail = "3 further blocks of 10 min begun", .minutes_so_far = 40},
      {.what = "charge", .detail = "charge 40 min", .minutes_so_far = 40}};
  EXPECT_EQ(steps_of({}, 2052), want);
}

TEST(Rate, StepsNameTheCapAndTheOverride) {
  Rule rule;
  rule.max_charge_min = 30;
  EXPECT_EQ(steps_of(rule, 2052).at(3).detail, "no more than 30 min are charged for one session");
  EXPECT_EQ(steps_of(rule, 2052, {.no_charge = false, .override_min = 25}).front().detail,
            "25 min stated in the comment replace the rule; the session lasted 34:12");
  EXPECT_EQ(steps_of(rule, 2052, {.no_charge = true, .override_min = {}}).front().detail,
            "marked as no charge; the session lasted 34:12");
  EXPECT_EQ(steps_of(rule, 30).front().detail, "0:30 is not longer than the free 0:30");
}

TEST(Rate, AMinimumRaisesWhatIsChargedAtAll) {
  Rule rule;
  rule.min_charge_min = 15;
  rule.max_charge_min = 40;
  for (const auto& [duration_s, charge] :
       {std::pair{at(0, 30), 0}, {at(0, 31), 15}, {at(10, 59), 15}, {at(11, 0), 20}, {at(59, 0), 40}}) {
    EXPECT_EQ(rate_one(rule, duration_s)->minutes, charge) << duration_s;
  }
  EXPECT_EQ(steps_of(rule, at(5, 0)).at(2).detail, "no less than 15 min are charged");
  EXPECT_EQ(rate_one(rule, at(5, 0), {.no_charge = false, .override_min = 3})->minutes, 3);
}

TEST(Rate, WorkAndTechnicianWeigh) {
  Rule rule;
  rule.work_types = {{"training", 500}, {"travel", 0}};
  rule.grades = {{"senior", 1'250}};
  const auto charge = [&](std::string work_type, std::string grade) {
    const Stretch stretch{.begin = {}, .seconds = at(25, 0)};  // 30 min.
    return rate(rule,
                {.stretches = {&stretch, 1}, .work_type = std::move(work_type), .grade = std::move(grade)})
        ->minutes;
  };
  EXPECT_EQ(charge("", ""), 30);
  EXPECT_EQ(charge("training", ""), 15);
  EXPECT_EQ(charge("", "senior"), 38);          // 37.5, half a minute up.
  EXPECT_EQ(charge("training", "senior"), 19);  // 18.75, rounded once.
  EXPECT_EQ(charge("travel", "senior"), 0);
  EXPECT_EQ(charge("unheard of", "unheard of"), 30);
  rule.work_types.clear();
  EXPECT_EQ(charge("training", ""), 30);
}

// 20 minutes of work, half of them after 18:00, when time counts double.
TEST(Rate, TimeIsSplitAtTheEdgeOfABand) {
  Rule rule;
  rule.bands = {{.name = "evening", .weekdays = 0x7F, .from_min = 18 * 60, .to_min = 1'440, .weight = 2'000}};
  rule.rate_per_hour = 60'00;
  const Calendar calendar;
  const auto rated = [&](std::int64_t begin_s, std::int64_t seconds) {
    const Stretch stretch{.begin = timing::UtcMs{std::chrono::seconds{begin_s}}, .seconds = seconds};
    return rate(rule, {.stretches = {&stretch, 1}, .calendar = &calendar}).value();
  };
  // 17:55:30, twelve minutes: two blocks, 4.5 min before and 15.5 min behind the edge.
  const auto split = rated(17 * 3'600 + 55 * 60 + 30, at(12, 0));
  EXPECT_EQ(split.shares,
            (std::vector<Share>{{.band = kNoBand, .seconds = 270}, {.band = 0, .seconds = 930}}));
  EXPECT_EQ(split.minutes, 36);    // 35.5
  EXPECT_EQ(split.amount, 35'50);  // Of what was not rounded.
  EXPECT_EQ(rated(9 * 3'600, at(12, 0)).minutes, 20);
  EXPECT_EQ(rated(20 * 3'600, at(12, 0)).minutes, 40);
  // Without a place no time is in any band.
  const Stretch stretch{.begin = timing::UtcMs{std::chrono::hours{20}}, .seconds = at(12, 0)};
  EXPECT_EQ(rate(rule, {.stretches = {&stretch, 1}})->minutes, 20);
}

TEST(Explain, TellsWhichTimeWeighed) {
  Rule rule;
  rule.bands = {
      {.name = "day", .weekdays = 0x7F, .from_min = 8 * 60, .to_min = 18 * 60, .weight = kPlainWeight},
      {.name = "evening", .weekdays = 0x7F, .from_min = 18 * 60, .to_min = 1'440, .weight = 2'000}};
  const Calendar calendar;
  const auto told = [&](std::int64_t hour) {
    const Stretch stretch{.begin = timing::UtcMs{std::chrono::hours{hour}}, .seconds = at(5, 0)};
    const Input input{.stretches = {&stretch, 1}, .calendar = &calendar};
    const auto steps = explain(rule, input, rate(rule, input).value());
    return steps.at(2).what + ": " + steps.at(2).detail;
  };
  EXPECT_EQ(told(7), "unweighted: 10:00 of them in no band count once");
  EXPECT_EQ(told(9), "unweighted: 10:00 of them in 'day' count 1 times");
  EXPECT_EQ(told(20), "band: 10:00 of them in 'evening' count 2 times");
}

TEST(Rate, MoneyIsRoundedOnceAndTheFeeStandsBeside) {
  Rule rule;
  rule.rate_per_hour = 100'00;
  rule.base_fee = 2'50;
  EXPECT_EQ(rate_one(rule, at(5, 0))->amount, 16'67 + 2'50);  // 10 min: 16.666...
  EXPECT_EQ(rate_one(rule, at(0, 30))->amount, 0);
  EXPECT_EQ(rate_one(rule, at(5, 0), {.no_charge = true, .override_min = {}})->amount, 0);
  EXPECT_EQ(rate_one(rule, at(5, 0), {.no_charge = false, .override_min = 0})->amount, 0);
  EXPECT_EQ(rate_one(rule, at(5, 0), {.no_charge = false, .override_min = 3})->amount, 5'00 + 2'50);
  EXPECT_EQ(steps_of(rule, at(5, 0)).back().detail, "19.17 at 100.00 an hour and 2.50 for the connection");
  EXPECT_EQ(steps_of(rule, at(0, 30)).back().detail, "0.00 at 100.00 an hour");
  const auto rated = rate_one(rule, at(0, 30)).value();
  EXPECT_EQ(explain(rule, Input{}, rated, "JPY").back().detail, "0 JPY at 10000 an hour");
  rule.rate_per_hour = 0;
  EXPECT_EQ(steps_of(rule, at(5, 0)).back().detail, "2.50 for the connection");
  EXPECT_EQ(steps_of(rule, at(0, 30)).back().detail, "0.00");
  rule.base_fee = 0;
  EXPECT_EQ(steps_of(rule, at(5, 0)).back().what, "charge");
  rule.rate_per_hour = 60'00;
  EXPECT_EQ(steps_of(rule, at(5, 0)).back().detail, "10.00 at 60.00 an hour");
}

// The highest of everything does not overflow.
TEST(Rate, TheLargestIsStillExact) {
  Rule rule;
  rule.work_types = {{"w", kWeightMax}};
  rule.grades = {{"g", kWeightMax}};
  rule.bands = {{.name = "always", .weekdays = 0x7F, .weight = kWeightMax}};
  rule.rate_per_hour = kMoneyMax;
  const Calendar calendar;
  const Stretch stretch{.begin = {}, .seconds = kDurationMax_s - 600};
  const auto rated =
      rate(rule, {.stretches = {&stretch, 1}, .work_type = "w", .grade = "g", .calendar = &calendar});
  ASSERT_TRUE(rated) << rated.error().message;
  EXPECT_EQ(rated->laid_min, kDurationMax_s / 60);
  EXPECT_EQ(rated->minutes, kDurationMax_s / 60 * 1'000);
  EXPECT_EQ(rated->amount, kDurationMax_s / 3'600 * 1'000 * kMoneyMax);
}

TEST(Rate, ASeriesIsOneDurationAndEachPartHasItsOwnTime) {
  Rule rule;
  rule.bands = {{.name = "night", .weekdays = 0x7F, .from_min = 0, .to_min = 6 * 60, .weight = 3'000}};
  const Calendar calendar;
  // Five minutes before midnight, eight after it: two blocks, the rest behind the last part.
  const Stretch parts[] = {{.begin = timing::UtcMs{std::chrono::minutes{23 * 60 + 50}}, .seconds = 300},
                           {.begin = timing::UtcMs{std::chrono::minutes{24 * 60 + 10}}, .seconds = 480}};
  const auto rated = rate(rule, {.stretches = parts, .calendar = &calendar}).value();
  EXPECT_EQ(rated.duration_s, 780);
  EXPECT_EQ(rated.laid_min, 20);
  EXPECT_EQ(rated.minutes, 5 + 3 * 15);
}

}  // namespace
