#include "collector/actions/review.h"

#include "tests/collector/actions/desk_office.h"

namespace collector::actions {
namespace {

DESK_OFFICE_SUITE(ReviewTest);

TEST_P(ReviewTest, AReleasedSessionIsChargedOnce) {
  worked("a", kBakery, 0, 5min, "Printer ~");
  EXPECT_EQ(state("a"), "review [\"hold\"]");
  EXPECT_EQ(balance("bakery"), 60);
  release("a");
  EXPECT_EQ(state("a"), "review [\"hold\"]") << "until the pipeline runs";
  run();
  EXPECT_EQ(state("a"), "ready 10");
  EXPECT_EQ(balance("bakery"), 50);
  EXPECT_EQ(run(), 0);
}

TEST_P(ReviewTest, WhatComesLaterIsADoubtOfItsOwn) {
  worked("a", kBakery, 0, 5min, "Printer ~");
  release("a");
  run();
  comment(kBakery, at_min(0), "Printer ~ {ten}");
  run();
  EXPECT_EQ(state("a"), "review [\"bad_override\"]");
  EXPECT_EQ(balance("bakery"), 60);
}

TEST_P(ReviewTest, OnlyTheNamedReasons) {
  worked("a", kBakery, 0, 5min, "Printer ~ {ten}");
  const auto session = id("a");
  write([&](store::Transaction& t) {
    must(release_session(t, mary(), session, {attribution::ReviewReason::bad_override}));
  });
  run();
  EXPECT_EQ(state("a"), "review [\"hold\"]");
  EXPECT_EQ(refused([&](store::Transaction& t) {
              return release_session(t, mary(), session, {attribution::ReviewReason::bad_override});
            }),
            base::ErrorCode::conflict);
  EXPECT_NE(message_.find("is not under review for bad_override"), std::string::npos) << message_;
}

// A customer whose contract holds what it has not enough for.
directory::Contract holding() {
  directory::Contract one;
  one.name = "Block";
  one.terms.exhaustion = directory::Exhaustion::hold;
  one.start_day = std::chrono::year{2026} / 11 / 1;
  return one;
}

TEST_P(ReviewTest, AHeldChargeIsReleasedBelowZeroAsADecision) {
  add_customer("garage", kStranger, holding());
  worked("a", kStranger, 0, 5min, "Printer {50}");
  EXPECT_EQ(ledger("garage"), std::vector<std::string>{"2026-11-16 08:00 hold a:"});
  const auto session = id("a");
  EXPECT_EQ(refused([&](store::Transaction& t) { return release_session(t, mary(""), session); }),
            base::ErrorCode::invalid_argument)
      << "without a reason";
  EXPECT_EQ(refused([&](store::Transaction& t) {
              return release_session(t, mary(), session, {attribution::ReviewReason::hold});
            }),
            base::ErrorCode::conflict);
  release("a");
  EXPECT_EQ(refused([&](store::Transaction& t) { return release_session(t, mary(), session); }),
            base::ErrorCode::conflict)
      << "it is released, and waits for the pipeline";
  run();
  EXPECT_EQ(ledger("garage"), std::vector<std::string>{"2026-11-16 08:00 consumption a: left -50, work 50"});
  EXPECT_EQ(balance("garage"), -50);
  worked("b", kStranger, 30, 5min, "Mail {10}");
  EXPECT_EQ(ledger("garage").back(), "2026-11-16 08:30 hold b:") << "an exception for one";
  const auto changes = read([](store::Transaction& t) { return must(store::list_changes(t, {})); });
  EXPECT_EQ(changes.front().change.action, "release");
  EXPECT_NE(changes.front().change.after.find("nothing_left"), std::string::npos);
  EXPECT_EQ(changes.front().change.why, "asked by phone");
  EXPECT_EQ(run(), 0);
}

TEST_P(ReviewTest, ASeriesThatIsHeldIsReleasedByAnyOfItsSessions) {
  add_customer("garage", kStranger, holding());
  worked("a", kStranger, 0, 5min, "Printer {50}");
  worked("b", kStranger, 30, 5min, "Printer again {10}");
  join({"a", "b"});
  run();
  ASSERT_EQ(ledger("garage"), std::vector<std::string>{"2026-11-16 08:00 hold a:"});
  release("b");
  run();
  EXPECT_EQ(balance("garage"), -60);
}

TEST_P(ReviewTest, AHeldChargeMovesToAnotherContract) {
  add_customer("garage", kStranger, holding());
  auto other = holding();
  other.name = "Other";
  other.terms.exhaustion = directory::Exhaustion::negative;
  other.start_day = std::chrono::year{2026} / 11 / 2;  // Used after the other one.
  add_customer("garage", "", other);
  worked("a", kStranger, 0, 5min, "Printer {50}");
  ASSERT_EQ(ledger("garage"), std::vector<std::string>{"2026-11-16 08:00 hold a:"});
  change("a", {.contract = "Other"});
  run();
  EXPECT_EQ(ledger("garage"), std::vector<std::string>{"2026-11-16 08:00 consumption a: left -50, work 50"});
}

TEST_P(ReviewTest, WhatIsMissingCannotBeReleased) {
  worked("a", kStranger, 0, 5min, "Printer");
  const auto session = id("a");
  EXPECT_EQ(refused([&](store::Transaction& t) { return release_session(t, mary(), session); }),
            base::ErrorCode::conflict);
  EXPECT_NE(message_.find("cannot be released"), std::string::npos) << message_;
  EXPECT_NE(message_.find("--customer"), std::string::npos) << "and what to do: " << message_;
}

// By a clock that was decades off. Whoever could release it would stop the pipeline for all.
TEST_P(ReviewTest, WhatIsTooLongToBeChargedIsNotReleased) {
  const auto start = at_min(-60 * 24 * 400);
  receive({completed("a", kLawyer, start, 24h * 400)});
  comment(kLawyer, start, "Printer {25}");
  run();
  EXPECT_EQ(state("a"), "review [\"too_long\",\"no_contract\"]");
  const auto session = id("a");
  EXPECT_EQ(refused([&](store::Transaction& t) {
              return release_session(t, mary(), session, {attribution::ReviewReason::too_long});
            }),
            base::ErrorCode::conflict);
  change("a", {.minutes = 25});
  run();
  EXPECT_EQ(entries("a"), std::vector<std::int64_t>{});
  worked("b", kBakery, 0, 5min, "Printer");
  EXPECT_EQ(state("b"), "ready 10") << "the others go on";
}

// Either the one or the other must be said; both could not be charged, and the pipeline would stop for all.
TEST_P(ReviewTest, WhatContradictsItselfIsDecidedAndNotReleased) {
  worked("a", kBakery, 0, 5min, "Printer # {25}");
  const auto session = id("a");
  EXPECT_EQ(refused([&](store::Transaction& t) { return release_session(t, mary(), session); }),
            base::ErrorCode::conflict);
  EXPECT_NE(message_.find("Say --no-charge or --minutes N."), std::string::npos) << message_;
  change("a", {.no_charge = false});
  run();
  EXPECT_EQ(state("a"), "ready 25");
  change("a", {.no_charge = true});
  run();
  EXPECT_EQ(state("a"), "ready 0");
}

TEST_P(ReviewTest, WhatIsNotUnderReviewIsNotReleased) {
  worked("a", kBakery, 0, 5min, "Printer");
  const auto session = id("a");
  EXPECT_EQ(refused([&](store::Transaction& t) { return release_session(t, mary(), session); }),
            base::ErrorCode::conflict);
  EXPECT_NE(message_.find("is not under review"), std::string::npos) << message_;
}

TEST_P(ReviewTest, HoldingTakesAChargeBackUntilTheRelease) {
  worked("a", kBakery, 0, 5min, "Printer");
  const auto session = id("a");
  write([&](store::Transaction& t) { must(hold_session(t, mary("disputed"), session)); });
  run();
  EXPECT_EQ(state("a"), "review [\"hold\"]");
  EXPECT_EQ(entries("a"), (std::vector<std::int64_t>{-10, 10}));
  EXPECT_EQ(refused([&](store::Transaction& t) { return hold_session(t, mary("disputed"), session); }),
            base::ErrorCode::conflict);
  release("a");
  run();
  EXPECT_EQ(state("a"), "ready 10");
  EXPECT_EQ(balance("bakery"), 50);
  write([&](store::Transaction& t) { must(hold_session(t, mary("disputed again"), session)); });
  run();
  EXPECT_EQ(state("a"), "review [\"hold\"]") << "an earlier release does not outlast a new hold";
}

TEST_P(ReviewTest, ReleasedButStillLookedAtWhenTheMasterDataChanges) {
  worked("a", kStranger, 0, 5min, "Printer ~");
  const auto session = id("a");
  write([&](store::Transaction& t) {
    must(release_session(t, mary(), session, {attribution::ReviewReason::hold}));
  });
  run();
  EXPECT_EQ(state("a"), "review [\"unknown_terminal\"]");
  add_terminal("lawyer", kStranger);
  run();
  EXPECT_EQ(state("a"), "ready 10");
}

}  // namespace
}  // namespace collector::actions
