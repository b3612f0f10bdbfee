// Rating the sessions of some days again, by a person's word: once, the same however it is interrupted, and
// never what is billed.

#include "collector/actions/rerate.h"

#include <algorithm>

#include "collector/pipeline/steps.h"
#include "collector/store/charges.h"
#include "collector/store/session.h"
#include "collector/store/templates.h"
#include "tests/collector/pipeline/office.h"
#include "tests/collector/store/small_world.h"

namespace collector::pipeline {
namespace {

using std::chrono::year_month_day;
using Words = std::vector<std::string>;

constexpr year_month_day kDay = std::chrono::year{2026} / 11 / 16;

class RerateTest : public OfficeTest {
 protected:
  void worked(const std::string& key, const std::string& address, std::int64_t start_min,
              std::chrono::seconds length, const std::string& text = "Work") {
    receive({completed(key, address, at_min(start_min), length)});
    comment(address, at_min(start_min), text);
    clock_.now = std::max(clock_.now, at_min(start_min) + length + 1min);
  }
  // A new version of what the contracts have: every minute counts, without free time.
  void new_version(rating::RoundGroup group = rating::RoundGroup::series) {
    write([&](store::Transaction& t) {
      rating::Rule rule;
      rule.free_s = 0;
      rule.first_block_s = rule.increment_s = 60;
      rule.grace_s = 0;
      rule.boundary = rating::Boundary::after;
      rule.round_group = group;
      must(store::add_template_version(t, "standard", rule));
    });
  }
  actions::RerateScope day(year_month_day first = kDay, year_month_day last = kDay) {
    actions::RerateScope scope;
    scope.first_day = first;
    scope.last_day = last;
    scope.newest_version = true;
    return scope;
  }
  // Decides, without running the pipeline; how many contracts it was about.
  std::size_t rerate(const actions::RerateScope& scope) {
    return write([&](store::Transaction& t) {
      const auto rows = must(actions::plan_reratings(t, scope, store::utc_start_of_day));
      must(actions::rerate(t, {.who = "mary", .why = "as agreed", .now = clock_.now}, rows));
      return rows.size();
    });
  }
  void bill(const std::string& key) {
    const auto session = row(key).session.id;
    write([&](store::Transaction& t) {
      t.session().script("INSERT INTO billed_session VALUES (" + std::to_string(session) + ", 'INV-7', 1)");
    });
  }
  std::size_t charges(const std::string& key) {
    const auto id = row(key).session.id;
    return read([&](store::Transaction& t) { return must(store::charges_of(t, id)).size(); });
  }
};
INSTANTIATE_TEST_SUITE_P(On, RerateTest, testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(RerateTest, ATemplateThatChangedAloneChangesNothing) {
  worked("a", kBakery, 0, 5min);
  run();
  new_version();
  EXPECT_EQ(run(), 0);
  EXPECT_EQ(state("a"), "ready 10");
  worked("b", kBakery, 30, 5min);
  run();
  EXPECT_EQ(state("b"), "ready 10") << "a contract keeps the version it was made with";
}

TEST_P(RerateTest, EverythingInItsDaysIsReversedAndPostedAnewOnce) {
  worked("a", kBakery, 0, 5min);
  worked("b", kLawyer, 30, 7min);
  worked("stated", kBakery, 60, 7min, "Work {25}");
  run();
  EXPECT_EQ(balance("bakery"), 25);
  new_version();
  rerate(day());
  run();
  EXPECT_EQ(state("a"), "ready 5");
  EXPECT_EQ(state("b"), "ready 7");
  EXPECT_EQ(state("stated"), "ready 25") << "what a comment states does not depend on the rule";
  EXPECT_EQ(balance("bakery"), 30);
  EXPECT_EQ(entries("a"), (std::vector<std::int64_t>{-10, 10, -5}));
  EXPECT_EQ(entries("stated"), (std::vector<std::int64_t>{-25}));
  EXPECT_EQ(run(), 0);
}

TEST_P(RerateTest, OtherDaysAndOtherCustomersStay) {
  worked("a", kBakery, 0, 5min);
  worked("lawyers", kLawyer, 30, 5min);
  worked("tomorrow", kBakery, 24 * 60, 5min);
  run();
  new_version();
  auto scope = day();
  scope.customer = "bakery";
  EXPECT_EQ(rerate(scope), 1u);
  run();
  EXPECT_EQ(state("a"), "ready 5");
  EXPECT_EQ(state("lawyers"), "ready 10");
  EXPECT_EQ(state("tomorrow"), "ready 10");
}

TEST_P(RerateTest, WhatComesLateIntoThoseDaysIsRatedByTheSameRule) {
  worked("a", kBakery, 0, 5min);
  run();
  new_version();
  rerate(day());
  run();
  worked("late", kBakery, 30, 5min);
  worked("tomorrow", kBakery, 24 * 60, 5min);
  run();
  EXPECT_EQ(state("late"), "ready 5");
  EXPECT_EQ(state("tomorrow"), "ready 10");
}

TEST_P(RerateTest, ALaterWordGoesBeforeAnEarlierOne) {
  worked("a", kBakery, 0, 5min);
  run();
  new_version();
  rerate(day());
  run();
  auto back = day();
  back.newest_version = false;
  back.rule = read([](store::Transaction& t) { return must(store::find_template(t, "standard", 1)); });
  rerate(back);
  run();
  EXPECT_EQ(state("a"), "ready 10");
  EXPECT_EQ(balance("bakery"), 50);
  EXPECT_EQ(run(), 0);
}

TEST_P(RerateTest, WithoutARuleTheOneThatTheyHaveIsAppliedAnew) {
  worked("a", kBakery, 0, 5min);
  run();
  auto anew = day();
  anew.newest_version = false;
  rerate(anew);
  run();
  EXPECT_EQ(charges("a"), 2u);
  EXPECT_EQ(state("a"), "ready 10");
  EXPECT_EQ(entries("a"), (std::vector<std::int64_t>{-10})) << "it says the same, so nothing is reversed";
}

TEST_P(RerateTest, WhatIsBilledStays) {
  worked("billed", kBakery, 0, 5min);
  worked("a", kBakery, 30, 5min);
  run();
  bill("billed");
  new_version();
  rerate(day());
  run();
  EXPECT_EQ(state("billed"), "ready 10");
  EXPECT_EQ(charges("billed"), 1u);
  EXPECT_EQ(state("a"), "ready 5");
  EXPECT_EQ(balance("bakery"), 45);
  EXPECT_EQ(run(), 0);
}

TEST_P(RerateTest, SessionsBecomeADayAndADayBecomesSessions) {
  worked("a", kBakery, 0, 4min);
  worked("b", kBakery, 30, 5min + 30s);
  run();
  new_version(rating::RoundGroup::day);
  rerate(day());
  run();
  EXPECT_EQ(balance("bakery"), 50) << "nine and a half minutes together";
  EXPECT_EQ(state("a"), "ready 10");
  EXPECT_EQ(state("b"), "ready 0");
  new_version(rating::RoundGroup::session);
  rerate(day());
  run();
  EXPECT_EQ(state("a"), "ready 4");
  EXPECT_EQ(state("b"), "ready 6");
  EXPECT_EQ(balance("bakery"), 50);
  EXPECT_EQ(run(), 0);
}

TEST_P(RerateTest, ADayThatIsBilledTakesNobodyInAnyMore) {
  worked("a", kBakery, 0, 4min);
  worked("b", kBakery, 30, 4min);
  run();
  new_version(rating::RoundGroup::day);
  rerate(day());
  run();
  bill("a");
  EXPECT_EQ(row("b").document, "INV-7") << "what is charged together is frozen together";
  comment(kBakery, at_min(30), "Work #");
  worked("late", kBakery, 60, 7min);
  worked("later", kBakery, 90, 2min);
  run();
  EXPECT_EQ(state("a"), "ready 8");
  EXPECT_EQ(row("b").no_charge, 0) << "its late comment is an adjustment's matter";
  EXPECT_EQ(state("late"), "ready 9") << "a unit of its own, with the other that came later";
  EXPECT_EQ(state("later"), "ready 0");
  EXPECT_EQ(balance("bakery"), 60 - 8 - 9);
  EXPECT_EQ(run(), 0);
}

TEST_P(RerateTest, KilledAtAnyStepItEndsTheSame) {
  for (int n = 0; n < 5; ++n) worked("s" + std::to_string(n), kBakery, n * 20, 5min);
  run();
  new_version();
  rerate(day());
  while (step(true) != Step::none) {
    const auto before = summary();
    step(true);
    EXPECT_EQ(summary(), before) << "a killed step leaves nothing";
    step();
  }
  for (int n = 0; n < 5; ++n) {
    EXPECT_EQ(state("s" + std::to_string(n)), "ready 5");
    EXPECT_EQ(charges("s" + std::to_string(n)), 2u);
    EXPECT_EQ(entries("s" + std::to_string(n)), (std::vector<std::int64_t>{-10, 10, -5}));
  }
}

TEST_P(RerateTest, FactsAndDecisionsInAnyOrderGiveTheSameLedger) {
  Words expected;
  for (int round = 0; round < 4; ++round) {
    if (round > 0) begin_anew();
    new_version();
    std::vector<std::function<void()>> events{[&] { worked("a", kBakery, 0, 5min); },
                                              [&] { worked("b", kBakery, 30, 7min); }, [&] { rerate(day()); },
                                              [&] { worked("c", kBakery, 50, 9min); }};
    std::ranges::rotate(events, events.begin() + round);
    for (const auto& event : events) {
      event();
      run();
    }
    if (round == 0) expected = ledger("bakery");
    EXPECT_EQ(ledger("bakery"), expected) << round;
  }
  EXPECT_EQ(expected.size(), 4u);
}

TEST_P(RerateTest, WhatCannotBeIsRefused) {
  struct Case {
    std::function<void(actions::RerateScope&)> set;
    std::string message;
  };
  const Case table[] = {
      {[](auto& scope) { scope.last_day = std::chrono::year{2026} / 11 / 15; }, "is before the first"},
      {[](auto& scope) { scope.customer = "nobody"; }, "there is no such code"},
      {[](auto& scope) { scope.contract = "None"; }, "no contract that takes sessions"},
      {[](auto& scope) { scope.first_day = scope.last_day = std::chrono::year{2025} / 11 / 16; },
       "no contract that takes sessions"},
  };
  for (const auto& one : table) {
    auto scope = day();
    one.set(scope);
    read([&](store::Transaction& t) {
      const auto rows = actions::plan_reratings(t, scope, store::utc_start_of_day);
      EXPECT_EQ(rows.error().code, base::ErrorCode::invalid_argument);
      EXPECT_NE(rows.error().message.find(one.message), std::string::npos) << rows.error().message;
      return 0;
    });
  }
  const auto silent = connection_.transaction([&](store::Transaction& t) {
    return actions::rerate(t, {.who = "mary", .why = "", .now = clock_.now}, {});
  });
  EXPECT_EQ(silent.error().code, base::ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace collector::pipeline
