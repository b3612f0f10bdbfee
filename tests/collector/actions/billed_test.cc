// A billed session is frozen: what is found out about it later becomes an adjustment.

#include "collector/actions/adjustments.h"
#include "collector/actions/rerate.h"
#include "collector/store/ledger.h"
#include "tests/collector/actions/desk_office.h"

namespace collector::actions {
namespace {

using Words = std::vector<std::string>;

class BilledTest : public DeskOffice {
 protected:
  // A session of ten minutes that was billed.
  void billed(const std::string& key, const std::string& remote_id, const std::string& text = "Printer") {
    worked(key, remote_id, 0, 5min, text);
    bill(key);
    clock_.now = at_min(60);
  }
  void comes(const std::string& remote_id, const std::string& text, std::int64_t minute = 0) {
    clock_.now += 1min;
    comment(remote_id, at_min(minute), text);
    run();
  }
  // Reasons of what waits for a person about it; "none" if nothing does.
  std::string waits(const std::string& key) { return row(key).adjustment_reasons.value_or("none"); }
  void dismiss(const std::string& key) {
    const auto session = id(key);
    write([&](store::Transaction& t) { must(dismiss_adjustment(t, mary(), session)); });
  }
  base::Status adjust(const std::string& key, const SessionAdjustment& adjustment) {
    const auto session = id(key);
    return connection_.transaction(
        [&](store::Transaction& t) { return adjust_session(t, mary("as agreed"), session, adjustment); });
  }
  std::vector<store::AdjustmentStory> adjustments(const std::string& key) {
    const auto session = id(key);
    return read([&](store::Transaction& t) { return must(store::adjustments_of(t, session)); });
  }
};
INSTANTIATE_TEST_SUITE_P(On, BilledTest, testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(BilledTest, ACommentThatChangedWaitsForAPersonAndIsPostedWhenReleased) {
  billed("a", kLawyer);
  comes(kLawyer, "Printer, longer {25}");
  EXPECT_EQ(state("a"), "ready 10") << "the billed charge stays";
  EXPECT_EQ(waits("a"), "") << "nothing speaks against releasing it";
  EXPECT_EQ(balance("lawyer"), 10);
  EXPECT_EQ(adjustments("a").front().adjustment.minutes, 25);
  release("a");
  EXPECT_EQ(waits("a"), "none");
  run();
  EXPECT_EQ(balance("lawyer"), 25);
  EXPECT_EQ(state("a"), "ready 10");
  EXPECT_EQ(ledger("lawyer"), (Words{"2026-11-16 08:00 accrual a: due -10, work 10",
                                     "2026-11-16 09:01 adjustment a: due -15, work 15"}));
  const auto session = id("a");
  const auto entries =
      read([&](store::Transaction& t) { return must(store::entries_of_session(t, session)); });
  EXPECT_EQ(entries.back().reason, "comment changed after billing, mary: asked by phone");
  EXPECT_EQ(entries.back().charge_id, entries.front().charge_id);
  EXPECT_EQ(run(), 0);
}

TEST_P(BilledTest, ASecondChangeAdjustsByTheDifferenceToTheFirst) {
  billed("a", kBakery);
  comes(kBakery, "Printer {25}");
  release("a");
  run();
  EXPECT_EQ(balance("bakery"), 35);
  comes(kBakery, "Printer {20}");
  EXPECT_EQ(waits("a"), "");
  release("a");
  run();
  EXPECT_EQ(balance("bakery"), 40);
  comes(kBakery, "Printer, for nothing #");
  release("a");
  run();
  EXPECT_EQ(balance("bakery"), 60);
  EXPECT_EQ(adjustments("a").size(), 3u);
  EXPECT_EQ(adjustments("a").back().posting->minutes, -20);
}

TEST_P(BilledTest, AChangeThatWaitsGivesWayToALaterOne) {
  billed("a", kBakery);
  comes(kBakery, "Printer {25}");
  comes(kBakery, "Printer {15}");
  release("a");
  run();
  EXPECT_EQ(balance("bakery"), 45);
  comes(kBakery, "Printer {40}");
  comes(kBakery, "Printer, as it was {15}");
  EXPECT_EQ(waits("a"), "none") << "it costs what it costs already";
  run();
  EXPECT_EQ(balance("bakery"), 45);
}

TEST_P(BilledTest, WhatIsReleasedIsPostedBeforeWhatComesNextIsCompared) {
  billed("a", kBakery);
  comes(kBakery, "Printer {25}");
  release("a");
  comes(kBakery, "Printer, after all");
  EXPECT_EQ(balance("bakery"), 35);
  EXPECT_EQ(waits("a"), "") << "ten minutes are what was billed, and not what it costs now";
  release("a");
  run();
  EXPECT_EQ(balance("bakery"), 50);
}

TEST_P(BilledTest, WordsAloneChangeNothingAndBotherNobody) {
  billed("a", kBakery);
  comes(kBakery, "Printer and its drum");
  EXPECT_EQ(waits("a"), "none");
  EXPECT_EQ(adjustments("a").size(), 1u) << "it is kept";
  EXPECT_EQ(balance("bakery"), 50);
  EXPECT_EQ(run(), 0);
}

TEST_P(BilledTest, WhatIsDismissedStaysAsItWasBilled) {
  billed("a", kBakery);
  comes(kBakery, "Printer {25}");
  dismiss("a");
  run();
  EXPECT_EQ(waits("a"), "none");
  EXPECT_EQ(balance("bakery"), 50);
  comes(kBakery, "Printer {30}");
  release("a");
  run();
  EXPECT_EQ(balance("bakery"), 30) << "the next one counts from what was billed";
}

TEST_P(BilledTest, AnUnclearCommentCannotBeReleasedButAPersonCanSayWhatItOughtToCost) {
  billed("a", kBakery);
  comes(kBakery, "Printer {25} #");
  EXPECT_EQ(waits("a"), "contradicting_tags");
  const auto session = id("a");
  const auto refused =
      connection_.transaction([&](store::Transaction& t) { return release_session(t, mary(), session); });
  EXPECT_EQ(refused.error().code, base::ErrorCode::conflict);
  EXPECT_NE(refused.error().message.find("sessions adjust 1 --minutes N"), std::string::npos)
      << refused.error().message;
  must(adjust("a", {.minutes = 30}));
  run();
  EXPECT_EQ(waits("a"), "none");
  EXPECT_EQ(balance("bakery"), 30);
  must(adjust("a", {.no_charge = true}));
  run();
  EXPECT_EQ(balance("bakery"), 60);
}

TEST_P(BilledTest, SetUpSoItIsPostedByItselfUnlessAPersonSpokeBefore) {
  settings_.adjust_by_itself = true;
  billed("a", kBakery);
  comes(kBakery, "Printer {25}");
  EXPECT_EQ(balance("bakery"), 35);
  EXPECT_EQ(waits("a"), "none");
  must(adjust("a", {.minutes = 5}));
  run();
  EXPECT_EQ(balance("bakery"), 55);
  comes(kBakery, "Printer {40}");
  EXPECT_EQ(waits("a"), "") << "a person said five: he is asked again";
  EXPECT_EQ(balance("bakery"), 55);
}

TEST_P(BilledTest, ASeriesIsFrozenAsAWholeAndAdjustedAsAWhole) {
  worked("a", kBakery, 0, 5min, "Printer");
  worked("b", kBakery, 20, 4min, "Printer again");
  join({"a", "b"});
  run();
  EXPECT_EQ(balance("bakery"), 50);
  bill("a");
  worked("c", kBakery, 40, 4min, "Printer, the third time");
  const std::vector<std::int64_t> both{id("b"), id("c")};
  const auto refused = connection_.transaction([&](store::Transaction& t) -> base::Status {
    const auto joined = join_series(t, mary(), both);
    return joined ? base::Status{} : std::unexpected{joined.error()};
  });
  EXPECT_EQ(refused.error().code, base::ErrorCode::conflict);
  clock_.now = at_min(100);
  comes(kBakery, "Printer again, it took longer {30}", 20);
  EXPECT_EQ(row("b").document, "INV-7");
  release("b");
  run();
  EXPECT_EQ(adjustments("b").back().posting->minutes, 30)
      << "ten for the first, thirty stated, less ten billed";
  comes(kBakery, "Printer for nothing #", 0);
  release("a");
  run();
  EXPECT_EQ(adjustments("a").back().posting->minutes, -10) << "with the other as it was adjusted";
  EXPECT_EQ(balance("bakery"), 60 - 30 - 10);
}

TEST_P(BilledTest, AChargeOutOfMoreThanOneStockIsDividedByAPerson) {
  directory::Contract contract;
  contract.name = "Care";
  contract.model = directory::Model::flat_fee;
  contract.start_day = std::chrono::year{2026} / 11 / 1;
  contract.terms.period = directory::Period::month;
  contract.terms.included_min = 5;
  contract.terms.overage_per_hour = 6'000;
  add_customer("garage", kStranger, contract);
  billed("a", kStranger);
  comes(kStranger, "Printer {25}");
  EXPECT_EQ(waits("a"), "divided_charge");
  const auto session = id("a");
  const auto released =
      connection_.transaction([&](store::Transaction& t) { return release_session(t, mary(), session); });
  EXPECT_NE(released.error().message.find("contracts adjust"), std::string::npos) << released.error().message;
  EXPECT_EQ(adjust("a", {.minutes = 30}).error().code, base::ErrorCode::conflict);
  dismiss("a");
  EXPECT_EQ(waits("a"), "none");
}

TEST_P(BilledTest, ByTheRuleItWasBilledByWhateverWasDecidedSince) {
  billed("a", kBakery, "Printer {25}");
  write([&](store::Transaction& t) {
    rating::Rule dear;
    dear.first_block_s = dear.increment_s = 3'600;
    must(store::add_template_version(t, "standard", dear));
  });
  write([&](store::Transaction& t) {
    RerateScope scope;
    scope.first_day = scope.last_day = std::chrono::year{2026} / 11 / 16;
    scope.newest_version = true;
    must(rerate(t, mary(), must(plan_reratings(t, scope, store::utc_start_of_day))));
  });
  run();
  comes(kBakery, "Printer");
  EXPECT_EQ(adjustments("a").back().adjustment.minutes, 10);
}

TEST_P(BilledTest, KilledAtAnyStepItIsPostedOnce) {
  billed("a", kBakery);
  clock_.now += 1min;
  comment(kBakery, at_min(0), "Printer {25}");
  const auto in_steps = [&] {
    while (step(true) != pipeline::Step::none) {
      const auto before = summary();
      step(true);
      EXPECT_EQ(summary(), before);
      step();
    }
  };
  in_steps();
  release("a");
  in_steps();
  EXPECT_EQ(balance("bakery"), 35);
  EXPECT_EQ(adjustments("a").size(), 1u);
}

TEST_P(BilledTest, ALateSessionDoesNotMoveABilledOneInTheLedger) {
  worked("first", kBakery, 60, 5min, "Printer {55}");
  bill("first");
  clock_.now = at_min(120);
  worked("earlier", kBakery, 0, 5min, "Mail");
  EXPECT_EQ(entries("first"), (std::vector<std::int64_t>{-55}));
  EXPECT_EQ(balance("bakery"), -5);
  EXPECT_EQ(run(), 0);
}

}  // namespace
}  // namespace collector::actions
