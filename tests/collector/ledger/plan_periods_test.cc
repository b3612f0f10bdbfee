// What time does: periods, fees, included minutes, lots that end, roll-over, contracts that end.

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/collector/ledger/book.h"

namespace collector::ledger {
namespace {

using directory::Exhaustion;
using directory::Model;
using directory::Period;
using Words = std::vector<std::string>;

Book flat(std::int64_t included, std::optional<std::int64_t> roll_over = 0) {
  Book book;
  book.contracts = {contract(1, Model::flat_fee, "2026-09-01", "2026-11-30")};
  auto& terms = book.contracts[0].terms;
  terms.period = Period::month;
  terms.fee = 30'000;
  terms.included_min = included;
  terms.roll_over_min = roll_over;
  terms.overage_per_hour = 6'000;
  return book;
}

TEST(PlanPeriods, AFeeForEachPeriodThatHasBegun) {
  auto book = flat(0);
  book.now = moment("2026-10-31 23:59");
  EXPECT_EQ(words(book.plan()),
            (Words{"2026-09-01 00:00 #1 fee 2026-09-01: due -30000 EUR, fees 30000 EUR",
                   "2026-10-01 00:00 #1 fee 2026-10-01: due -30000 EUR, fees 30000 EUR"}));
  book.now = moment("2030-01-01");
  EXPECT_EQ(book.plan().size(), 3U) << "none behind the contract's last day";
}

TEST(PlanPeriods, APriceForEachUnit) {
  Book book;
  book.contracts = {contract(1, Model::recurring, "2026-01-31", "2026-12-31")};
  auto& terms = book.contracts[0].terms;
  terms.period = Period::quarter;
  terms.fee = 250;
  terms.units = 12;
  terms.currency = "USD";
  book.now = moment("2026-06-30");
  EXPECT_EQ(words(book.plan()), (Words{"2026-01-31 00:00 #1 fee 2026-01-31: due -3000 USD, fees 3000 USD",
                                       "2026-04-30 00:00 #1 fee 2026-04-30: due -3000 USD, fees 3000 USD"}));
}

TEST(PlanPeriods, AFlatFeeWithoutPeriodsIsOneFee) {
  Book book;
  book.contracts = {contract(1, Model::flat_fee, "2026-01-31")};
  book.contracts[0].terms.fee = 99'900;
  EXPECT_EQ(words(book.plan()), Words{"2026-01-31 00:00 #1 fee 2026-01-31: due -99900 EUR, fees 99900 EUR"});
  book.contracts[0].terms.fee = 0;
  EXPECT_TRUE(book.plan().empty());
}

TEST(PlanPeriods, IncludedMinutesAreUsedFirstThenTheOverageIsBilledAndTheRestExpires) {
  auto book = flat(60);
  book.contracts[0].terms.fee = 0;
  book.charge(1, "2026-09-10 09:00", 20);
  book.charge(1, "2026-10-10 09:00", 50);
  book.charge(1, "2026-10-11 09:00", 40);
  book.now = moment("2026-11-15");
  EXPECT_EQ(words(book.plan()),
            (Words{"2026-09-01 00:00 #1 included included 2026-09-01..2026-09-30: left [included "
                   "2026-09-01..2026-09-30] 60, "
                   "sold -60",
                   "2026-09-10 09:00 #1 consumption s1: left [included 2026-09-01..2026-09-30] -20, work 20",
                   "2026-10-01 00:00 #1 expiry included 2026-09-01..2026-09-30: left [included "
                   "2026-09-01..2026-09-30] -40, "
                   "expired 40",
                   "2026-10-01 00:00 #1 included included 2026-10-01..2026-10-31: left [included "
                   "2026-10-01..2026-10-31] 60, "
                   "sold -60",
                   "2026-10-10 09:00 #1 consumption s2: left [included 2026-10-01..2026-10-31] -50, work 50",
                   "2026-10-11 09:00 #1 overage s3: left [included 2026-10-01..2026-10-31] -10, due -30, due "
                   "-3000 EUR, "
                   "work 3000 EUR, work 40",
                   "2026-11-01 00:00 #1 included included 2026-11-01..2026-11-30: left [included "
                   "2026-11-01..2026-11-30] 60, "
                   "sold -60"}));
}

TEST(PlanPeriods, WhatRollsOverIsUsedBeforeWhatIsNewAndRollsOnlySoFar) {
  auto book = flat(60, 30);
  book.contracts[0].terms.fee = 0;
  book.charge(1, "2026-09-10 09:00", 20);
  book.charge(1, "2026-10-10 09:00", 15);
  book.now = moment("2026-11-15");
  const auto plan = book.plan();
  const auto said = words(plan);
  const auto has = [&](const std::string& line) { return std::ranges::find(said, line) != said.end(); };
  SCOPED_TRACE(testing::PrintToString(said));
  EXPECT_TRUE(
      has("2026-10-01 00:00 #1 roll_over included 2026-09-01..2026-09-30: "
          "left [included 2026-09-01..2026-09-30] -30, left [rolled 2026-10-01..2026-10-31] 30"));
  EXPECT_TRUE(
      has("2026-10-01 00:00 #1 expiry included 2026-09-01..2026-09-30: "
          "left [included 2026-09-01..2026-09-30] -10, expired 10"));
  EXPECT_TRUE(has("2026-10-10 09:00 #1 consumption s2: left [rolled 2026-10-01..2026-10-31] -15, work 15"));
  // 60 included and 15 rolled are left; 30 of them go on.
  EXPECT_EQ(balance(plan, 1, AccountKind::left), 30 + 60);
  EXPECT_EQ(balance(plan, 1, AccountKind::expired), 10 + 45);
}

TEST(PlanPeriods, WithoutALimitAllRollsOverForAsLongAsThereArePeriods) {
  auto book = flat(60, std::nullopt);
  book.contracts[0].terms.fee = 0;
  book.now = moment("2026-11-15");
  EXPECT_EQ(balance(book.plan(), 1, AccountKind::left), 180);
  book.now = moment("2026-12-01");
  const auto plan = book.plan();
  EXPECT_EQ(balance(plan, 1, AccountKind::left), 0) << "the contract has ended";
  EXPECT_EQ(balance(plan, 1, AccountKind::expired), 180);
}

TEST(PlanPeriods, TheLotThatEndsFirstIsUsedFirst) {
  Book book;
  book.contracts = {contract(1, Model::prepaid, "2026-01-01", "2026-12-31")};
  book.grant(1, "2026-01-01", 100);
  book.grant(1, "2026-02-01", 50, "2026-02-01", "2026-10-31");
  book.grant(1, "2026-03-01", 50, "2026-03-01", "2026-06-30");
  book.charge(1, "2026-05-10 09:00", 70);
  book.charge(1, "2026-11-10 09:00", 20);
  const auto said = words(book.plan());
  EXPECT_EQ(said, (Words{"2026-05-10 09:00 #1 consumption s1: left [bought 2026-03-01..2026-06-30] -50, "
                         "left [bought 2026-02-01..2026-10-31] -20, work 70",
                         "2026-11-01 00:00 #1 expiry bought 2026-02-01..2026-10-31: "
                         "left [bought 2026-02-01..2026-10-31] -30, expired 30",
                         "2026-11-10 09:00 #1 consumption s2: left -20, work 20",
                         "2027-01-01 00:00 #1 expiry the contract's end: left -80, expired 80"}));
}

TEST(PlanPeriods, ALotIsNotUsedOutsideItsDays) {
  Book book;
  book.contracts = {contract(1, Model::prepaid, "2026-01-01")};
  book.contracts[0].terms.exhaustion = Exhaustion::split;
  book.grant(1, "2026-02-01", 50, "2026-02-01", "2026-02-28");
  book.charge(1, "2026-01-31 23:59", 10);
  book.charge(1, "2026-02-01 00:00", 10);
  book.charge(1, "2026-02-28 23:59", 10);
  book.charge(1, "2026-03-01 00:00", 10);
  const auto plan = book.plan();
  ASSERT_EQ(plan.size(), 5U);
  EXPECT_EQ(plan[0].kind, Kind::overage);
  EXPECT_EQ(plan[1].kind, Kind::consumption);
  EXPECT_EQ(plan[2].kind, Kind::consumption);
  EXPECT_EQ(plan[3].kind, Kind::expiry);
  EXPECT_EQ(plan[4].kind, Kind::overage);
}

TEST(PlanPeriods, ALotMakesGoodWhatWasTakenBelowZero) {
  Book book;
  book.contracts = {contract(1, Model::prepaid, "2026-01-01")};
  book.charge(1, "2026-01-10 09:00", 30);
  book.grant(1, "2026-02-01", 50, "2026-02-01", "2026-02-28");
  EXPECT_EQ(words(book.plan()), (Words{"2026-01-10 09:00 #1 consumption s1: left -30, work 30",
                                       "2026-02-01 00:00 #1 settle bought 2026-02-01..2026-02-28: "
                                       "left [bought 2026-02-01..2026-02-28] -30, left 30",
                                       "2026-03-01 00:00 #1 expiry bought 2026-02-01..2026-02-28: "
                                       "left [bought 2026-02-01..2026-02-28] -20, expired 20"}));
}

TEST(PlanPeriods, WhatAContractLeavesOverGoesOnIntoTheNextOfItsKind) {
  for (const std::optional<std::int64_t> limit : {std::optional<std::int64_t>{0}, {25}, {}}) {
    Book book;
    book.contracts = {contract(1, Model::prepaid, "2026-01-01", "2026-06-30"),
                      contract(2, Model::prepaid, "2026-07-01", "2026-12-31"),
                      contract(3, Model::hourly, "2026-07-01", "2026-08-31")};
    book.contracts[0].terms.roll_over_min = limit;
    book.grant(1, "2026-01-01", 100);
    book.charge(1, "2026-05-10 09:00", 40);
    book.now = moment("2026-07-02");
    const auto plan = book.plan();
    const auto rolled = limit.value_or(60);
    EXPECT_EQ(balance(stored(book, plan), 1, AccountKind::left), 0);
    EXPECT_EQ(balance(plan, 2, AccountKind::left), rolled);
    EXPECT_EQ(balance(plan, 1, AccountKind::expired), 60);
    EXPECT_EQ(balance(plan, 2, AccountKind::sold), -rolled);
  }
}

TEST(PlanPeriods, WithoutANextContractItExpiresAndADebtStays) {
  Book book;
  book.contracts = {contract(1, Model::prepaid, "2026-01-01", "2026-06-30")};
  book.contracts[0].terms.roll_over_min = std::nullopt;
  book.grant(1, "2026-01-01", 100);
  EXPECT_EQ(words(book.plan()),
            Words{"2026-07-01 00:00 #1 expiry the contract's end: left -100, expired 100"});
  book.charge(1, "2026-05-10 09:00", 140);
  EXPECT_EQ(words(book.plan()), Words{"2026-05-10 09:00 #1 consumption s1: left -140, work 140"});
}

TEST(PlanPeriods, ItSaysWhenTimeWillChangeSomethingAgain) {
  auto book = flat(60);
  const auto next = [&](const std::string& now) {
    book.now = moment(now);
    const Situation situation{.contracts = book.contracts,
                              .from = moment("2026-01-01"),
                              .now = book.now,
                              .left_before = {},
                              .standing = {},
                              .charges = {}};
    const auto at = plan(situation, start_of_day).value().next;
    return at ? timing::to_rfc3339(*at).substr(0, 10) : "never";
  };
  EXPECT_EQ(next("2026-08-01"), "2026-09-01");
  EXPECT_EQ(next("2026-09-01"), "2026-10-01");
  EXPECT_EQ(next("2026-10-15"), "2026-11-01");
  EXPECT_EQ(next("2026-11-15"), "2026-12-01") << "its end";
  EXPECT_EQ(next("2026-12-01"), "never");
}

TEST(PlanPeriods, PeriodsBeginAtMidnightOfTheContractsPlace) {
  auto book = flat(0);
  book.contracts[0].time_zone = "Europe/Athens";
  book.now = moment("2026-12-31");
  const auto plan = book.plan();
  ASSERT_EQ(plan.size(), 3U);
  EXPECT_EQ(words(plan)[0].substr(0, 16), "2026-08-31 21:00") << "summer time";
  EXPECT_EQ(words(plan)[2].substr(0, 16), "2026-10-31 22:00") << "winter time";
  book.contracts[0].time_zone = "Europe/Atlantis";
  EXPECT_THROW(book.plan(), std::runtime_error);
}

}  // namespace
}  // namespace collector::ledger
