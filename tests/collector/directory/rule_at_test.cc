#include "collector/directory/rule_at.h"

#include <gtest/gtest.h>

namespace collector::directory {
namespace {

timing::UtcMs day(int number) {
  return timing::UtcMs{std::chrono::days{20'000 + number}};
}

Rerating of(std::int64_t id, int from, int to, std::int64_t version = 0) {
  Rerating one{.id = id, .from = day(from), .to = day(to)};
  if (version == 0) return one;
  Template rule{.id = 100 + version, .name = "Dear", .version = version, .rule = {}};
  rule.rule.rate_per_hour = version;
  one.rule = rule;
  return one;
}

TEST(RuleAt, TheNewestDecisionThatCoversTheMomentCounts) {
  Contract contract;
  contract.template_id = 1;
  contract.template_name = "standard";
  contract.reratings = {of(3, 0, 10, 1), of(4, 5, 20, 2), of(7, 8, 12)};
  const struct {
    int day;
    std::int64_t newest;
    std::int64_t version;  // Of "Dear"; 0: what the contract agreed.
    std::int64_t rerating;
  } rows[] = {
      {-1, 9, 0, 0},                                // Nobody decided anything about that day.
      {0, 9, 1, 3},                                 // The first day is covered,
      {4, 9, 1, 3},  {5, 9, 2, 4},  {8, 9, 2, 7},   // One that leaves the rule leaves the one before it.
      {11, 9, 2, 7}, {12, 9, 2, 4}, {20, 9, 0, 0},  // ... and the last is not.
      {9, 6, 2, 4},  {9, 3, 1, 3},  {9, 2, 0, 0},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::to_string(row.day) + " as of " + std::to_string(row.newest));
    const auto found = rule_at(contract, day(row.day), row.newest);
    EXPECT_EQ(found.rerating_id, row.rerating);
    EXPECT_EQ(found.template_id, row.version == 0 ? 1 : 100 + row.version);
    EXPECT_EQ(*found.template_name, row.version == 0 ? "standard" : "Dear");
    EXPECT_EQ(found.template_version, row.version == 0 ? 1 : row.version);
    EXPECT_EQ(found.rule->rate_per_hour, row.version);
  }
}

TEST(RuleAt, OneThatLeavesTheRuleAloneIsKnownAllTheSame) {
  Contract contract;
  contract.reratings = {of(3, 0, 10)};
  const auto found = rule_at(contract, day(1));
  EXPECT_EQ(found.rerating_id, 3);
  EXPECT_EQ(found.rule, &contract.rule);
}

}  // namespace
}  // namespace collector::directory
