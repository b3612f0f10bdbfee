// Sessions that are charged as one: series, and days where a rule says so.

#include <algorithm>

#include "collector/actions/series.h"
#include "collector/store/directory.h"
#include "tests/collector/pipeline/office.h"
#include "tests/collector/store/small_world.h"

namespace collector::pipeline {
namespace {

using directory::Model;
using rating::RoundGroup;
using Words = std::vector<std::string>;

class PipelineUnitTest : public OfficeTest {
 protected:
  void session(const std::string& key, std::int64_t start_min, std::chrono::seconds length,
               const std::string& text = "Work") {
    receive({completed(key, kStranger, at_min(start_min), length)});
    comment(kStranger, at_min(start_min), text);
    clock_.now = std::max(clock_.now, at_min(start_min + 60));
  }
  // A garage that is billed at 60.00 an hour and 5.00 for each connection, in Athens.
  void garage(RoundGroup group) {
    write([&](store::Transaction& t) {
      auto rule = rating::Rule{};
      rule.round_group = group;
      rule.rate_per_hour = 6'000;
      rule.base_fee = 500;
      must(store::add_template_version(t, "standard", rule));
    });
    directory::Contract contract;
    contract.name = "Terms";
    contract.model = Model::hourly;
    contract.start_day = std::chrono::year{2026} / 11 / 1;
    contract.time_zone = "UTC";
    add_customer("garage", kStranger, contract);
  }
  std::int64_t join(const std::vector<std::string>& keys) {
    run();
    std::vector<std::int64_t> ids;
    for (const auto& key : keys) ids.push_back(row(key).session.id);
    return write([&](store::Transaction& t) {
      return must(actions::join_series(t, {.who = "mary", .why = "one job", .now = clock_.now}, ids));
    });
  }
  void leave(const std::string& key) {
    const auto id = row(key).session.id;
    write([&](store::Transaction& t) {
      must(actions::leave_series(t, {.who = "mary", .why = "another job", .now = clock_.now}, id));
    });
  }
};
INSTANTIATE_TEST_SUITE_P(On, PipelineUnitTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(PipelineUnitTest, ASeriesIsOneChargeOnItsFirstMember) {
  garage(RoundGroup::series);
  session("a", 0, 5min);
  session("b", 20, 4min);
  run();
  EXPECT_EQ(ledger("garage").size(), 2U);
  EXPECT_EQ(state("a"), "ready 10");
  EXPECT_EQ(state("b"), "ready 10");
  join({"a", "b"});
  run();
  EXPECT_EQ(ledger("garage"),
            Words{"2026-11-16 08:00 accrual a: due -10, due -1500 EUR, work 1500 EUR, work 10"})
      << "nine minutes together, and one fee";
  EXPECT_EQ(state("a"), "ready 10");
  EXPECT_EQ(state("b"), "ready 0") << "the series is charged once";
  EXPECT_TRUE(row("b").entry_id) << "and the member is posted with it";
  leave("b");
  run();
  EXPECT_EQ(ledger("garage").size(), 2U);
  EXPECT_EQ(state("b"), "ready 10");
  EXPECT_EQ(run(), 0);
}

TEST_P(PipelineUnitTest, ASeriesWaitsForAllItsMembers) {
  garage(RoundGroup::series);
  session("a", 0, 5min, "Update");
  session("b", 20, 8min, "{x}");
  join({"a", "b"});
  run();
  EXPECT_EQ(ledger("garage"), Words{});
  comment(kStranger, at_min(20), "Update, second part");
  run();
  EXPECT_EQ(ledger("garage"),
            Words{"2026-11-16 08:00 accrual a: due -20, due -2500 EUR, work 2500 EUR, work 20"});
}

TEST_P(PipelineUnitTest, WhatIsStatedOrFreeStandsBesideWhatIsRatedTogether) {
  garage(RoundGroup::series);
  session("a", 0, 5min, "Update {25}");
  session("b", 20, 4min, "Update");
  session("c", 40, 30min, "Update #");
  session("d", 75, 5min, "Update");
  join({"a", "b", "c", "d"});
  run();
  // 25 stated, nine minutes together, nothing, and one fee.
  EXPECT_EQ(ledger("garage"),
            Words{"2026-11-16 08:00 accrual a: due -35, due -4000 EUR, work 4000 EUR, work 35"});
}

TEST_P(PipelineUnitTest, WhereTheRuleRoundsBySessionASeriesIsTheSumOfItsMembers) {
  garage(RoundGroup::session);
  session("a", 0, 5min);
  session("b", 20, 4min);
  join({"a", "b"});
  run();
  EXPECT_EQ(ledger("garage"),
            Words{"2026-11-16 08:00 accrual a: due -20, due -2500 EUR, work 2500 EUR, work 20"});
}

TEST_P(PipelineUnitTest, ADayIsChargedAsOneAndGrowsWithEachSession) {
  garage(RoundGroup::day);
  session("b", 120, 4min);
  run();
  EXPECT_EQ(ledger("garage"),
            Words{"2026-11-16 10:00 accrual b: due -10, due -1500 EUR, work 1500 EUR, work 10"});
  session("a", 0, 5min);
  session("c", 300, 10min);
  session("late", 16 * 60, 5min);  // Midnight: the next day.
  run();
  EXPECT_EQ(ledger("garage"),
            (Words{"2026-11-16 08:00 accrual a: due -20, due -2500 EUR, work 2500 EUR, work 20",
                   "2026-11-17 00:00 accrual late: due -10, due -1500 EUR, work 1500 EUR, work 10"}));
  comment(kStranger, at_min(300), "Work ~");
  run();
  EXPECT_EQ(ledger("garage").front(),
            "2026-11-16 08:00 accrual a: due -10, due -1500 EUR, work 1500 EUR, work 10")
      << "without the one that is held";
  EXPECT_EQ(run(), 0);
}

TEST_P(PipelineUnitTest, InAnyOrderTheDayCostsTheSame) {
  garage(RoundGroup::day);
  const std::vector<std::tuple<std::string, std::int64_t, std::chrono::seconds>> day{
      {"a", 0, 5min}, {"b", 90, 7min}, {"c", 200, 21min}, {"d", 400, 10s}};
  Words expected;
  for (int round = 0; round < 4; ++round) {
    auto order = day;
    std::ranges::rotate(order, order.begin() + round);
    begin_anew();
    garage(RoundGroup::day);
    for (const auto& [key, start, length] : order) {
      session(key, start, length);
      run();
    }
    if (round == 0) expected = ledger("garage");
    EXPECT_EQ(ledger("garage"), expected);
    EXPECT_EQ(expected.size(), 1U);
  }
}

}  // namespace
}  // namespace collector::pipeline
