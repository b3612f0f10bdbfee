#include "collector/rating/rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using collector::rating::check;
using collector::rating::Rule;

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

}  // namespace
