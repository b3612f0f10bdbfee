#include "collector/rating/rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace collector::rating;

TEST(RuleCheck, TheDefaultIsFine) {
  EXPECT_TRUE(check(Rule{}));
}

TEST(RuleCheck, NamesTheFieldThatIsWrong) {
  struct Row {
    std::int64_t Rule::* field;
    const char* name;
    std::vector<std::int64_t> good, bad;
  };
  const Row rows[] = {
      {&Rule::free_s, "free_s", {0, 1, 86'400}, {-1, 86'401}},
      {&Rule::first_block_s, "first_block_s", {60, 600, 86'400}, {-60, 0, 30, 61, 86'460}},
      {&Rule::grace_s, "grace_s", {0, 59, 86'400}, {-1, 86'401}},
      {&Rule::increment_s, "increment_s", {60, 360, 86'400}, {-60, 0, 59, 90, 86'460}},
      {&Rule::min_charge_min, "min_charge_min", {0, 1, 1'440}, {-1, 1'441}},
      {&Rule::rate_per_hour, "rate_per_hour", {0, 1, kMoneyMax}, {-1, kMoneyMax + 1}},
      {&Rule::base_fee, "base_fee", {0, 1, kMoneyMax}, {-1, kMoneyMax + 1}},
  };
  for (const auto& row : rows) {
    for (const auto value : row.good) {
      Rule rule;
      rule.*row.field = value;
      EXPECT_TRUE(check(rule)) << row.name << " " << value;
    }
    for (const auto value : row.bad) {
      Rule rule;
      rule.*row.field = value;
      const auto checked = check(rule);
      ASSERT_FALSE(checked) << row.name << " " << value;
      EXPECT_EQ(checked.error().code, base::ErrorCode::invalid_argument);
      EXPECT_THAT(checked.error().message, testing::StartsWith(row.name));
    }
  }
}

TEST(RuleCheck, TheCapIsAtMostADay) {
  Rule rule;
  for (const std::int64_t cap : {0, 1, 1440}) {
    rule.max_charge_min = cap;
    EXPECT_TRUE(check(rule)) << cap;
  }
  for (const std::int64_t cap : {-1, 1441}) {
    rule.max_charge_min = cap;
    EXPECT_FALSE(check(rule)) << cap;
  }
}

TEST(RuleCheck, TheMinimumIsNotAboveTheCap) {
  Rule rule;
  rule.min_charge_min = 30;
  rule.max_charge_min = 30;
  EXPECT_TRUE(check(rule));
  rule.max_charge_min = 29;
  EXPECT_EQ(check(rule).error().message, "min_charge_min is 30; it may not be above max_charge_min, 29");
}

TEST(RuleCheck, WeightsHaveNamesAndLimits) {
  Rule rule;
  rule.work_types = {{"travel", 0}, {"training", kWeightMax}};
  EXPECT_TRUE(check(rule));
  rule.work_types["training"] = kWeightMax + 1;
  EXPECT_EQ(check(rule).error().message, "work_types 'training' is 10001; it may be from 0 to 10000");
  rule.work_types = {{"", 1'000}};
  EXPECT_EQ(check(rule).error().message, "work_types has an empty name");
  rule.work_types.clear();
  rule.grades = {{"senior", -1}};
  EXPECT_EQ(check(rule).error().message, "grades 'senior' is -1; it may be from 0 to 10000");
  rule.grades.clear();
  for (std::size_t i = 0; i <= kNamesMax; ++i) rule.grades[std::to_string(i)] = 1'000;
  EXPECT_EQ(check(rule).error().message, "grades has 101 entries; it may have up to 100");
}

TEST(RuleCheck, BandsAreSometimesOn) {
  const Band good{.name = "evening", .weekdays = 1, .from_min = 1'080, .to_min = 1'440, .weight = 1'500};
  const struct {
    void (*spoil)(Band&);
    const char* message;
  } rows[] = {
      {[](Band& band) { band.name.clear(); }, "a band has an empty name"},
      {[](Band& band) { band.weekdays = 0; }, "band 'evening' is on no day"},
      {[](Band& band) { band.weekdays = 0x80; }, "band 'evening' is on no day"},
      {[](Band& band) { band.from_min = -1; }, "band 'evening': from is -1; it may be from 0 to 1439"},
      {[](Band& band) { band.to_min = 1'441; }, "band 'evening': to is 1441; it may be from 0 to 1440"},
      {[](Band& band) { band.to_min = 1'080; },
       "band 'evening' ends before it begins; a night is two bands, to 24:00 and from 0:00"},
      {[](Band& band) { band.weight = -1; }, "band 'evening': weight is -1; it may be from 0 to 10000"},
  };
  Rule rule;
  rule.bands = {good};
  EXPECT_TRUE(check(rule));
  for (const auto& row : rows) {
    rule.bands = {good, good};
    row.spoil(rule.bands[1]);
    const auto checked = check(rule);
    ASSERT_FALSE(checked) << row.message;
    EXPECT_EQ(checked.error().message, row.message);
  }
  rule.bands = std::vector<Band>(kNamesMax + 1, good);
  EXPECT_EQ(check(rule).error().message, "bands has 101 entries; it may have up to 100");
  rule.bands = {{.name = "holidays", .holidays = true}};
  EXPECT_TRUE(check(rule));
}

}  // namespace
