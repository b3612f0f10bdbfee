// One charge after the other: what each kind of contract makes of it, and what happens when it runs out.

#include <gtest/gtest.h>

#include "tests/collector/ledger/book.h"

namespace collector::ledger {
namespace {

using directory::Exhaustion;
using directory::Model;
using Words = std::vector<std::string>;

Book one_contract(Model model, Exhaustion policy = Exhaustion::negative) {
  Book book;
  book.contracts = {contract(1, model, "2026-01-01")};
  book.contracts[0].terms.exhaustion = policy;
  book.contracts[0].terms.overage_per_hour = 9'000;
  return book;
}

TEST(PlanPolicies, EachModelHasItsOwnAccounts) {
  const struct {
    Model model;
    const char* words;
  } rows[] = {
      {Model::prepaid, "2026-11-16 09:05 #1 consumption s1: left -20, work 20"},
      {Model::indefinite, "2026-11-16 09:05 #1 accrual s1: due -20, due -2000 EUR, work 2000 EUR, work 20"},
      {Model::prepaid_money, "2026-11-16 09:05 #1 consumption s1: left -2000 EUR, work 2000 EUR"},
      {Model::hourly, "2026-11-16 09:05 #1 accrual s1: due -20, due -2000 EUR, work 2000 EUR, work 20"},
      {Model::flat_fee, "2026-11-16 09:05 #1 cover s1: covered -20, work 20"},
      {Model::recurring, "2026-11-16 09:05 #1 cover s1: covered -20, work 20"},
      {Model::project_fixed, "2026-11-16 09:05 #1 cover s1: covered -20, work 20"},
      {Model::project_hourly,
       "2026-11-16 09:05 #1 accrual s1: due -20, due -2000 EUR, work 2000 EUR, work 20"},
  };
  for (const auto& row : rows) {
    auto book = one_contract(row.model);
    if (row.model == Model::flat_fee) book.contracts[0].terms.overage_per_hour = 0;
    book.charge(1, "2026-11-16 09:05", 20);
    EXPECT_EQ(words(book.plan()), Words{row.words});
  }
}

TEST(PlanPolicies, WithoutARateOnlyMinutesAreDue) {
  auto book = one_contract(Model::indefinite);
  book.contracts[0].rule.rate_per_hour = 0;
  book.charge(1, "2026-11-16 09:05", 20);
  EXPECT_EQ(words(book.plan()), Words{"2026-11-16 09:05 #1 accrual s1: due -20, work 20"});
}

TEST(PlanPolicies, NoChargeIsAnEntryOfNothing) {
  for (const auto model : {Model::prepaid, Model::prepaid_money, Model::indefinite, Model::hourly,
                           Model::flat_fee, Model::project_fixed, Model::project_hourly}) {
    for (const auto policy : {Exhaustion::negative, Exhaustion::split, Exhaustion::next, Exhaustion::hold}) {
      auto book = one_contract(model, policy);
      book.charge(1, "2026-11-16 09:05", 0);
      const auto plan = book.plan();
      ASSERT_EQ(plan.size(), 1U);
      EXPECT_TRUE(plan[0].lines.empty());
      EXPECT_NE(plan[0].kind, Kind::hold);
    }
  }
}

TEST(PlanPolicies, MoreThanIsLeft) {
  const struct {
    Exhaustion policy;
    Words words;
  } rows[] = {
      {Exhaustion::negative, {"2026-11-16 09:05 #1 consumption s1: left -50, work 50"}},
      {Exhaustion::split,
       {"2026-11-16 09:05 #1 overage s1: left -30, due -20, due -3000 EUR, work 3000 EUR, work 50"}},
      {Exhaustion::next, {"2026-11-16 09:05 #1 hold s1:"}},
      {Exhaustion::hold, {"2026-11-16 09:05 #1 hold s1:"}},
  };
  for (const auto& row : rows) {
    auto book = one_contract(Model::prepaid, row.policy);
    book.grant(1, "2026-01-01", 30);
    book.charge(1, "2026-11-16 09:05", 50);
    EXPECT_EQ(words(book.plan()), row.words);
  }
}

TEST(PlanPolicies, MoreThanIsLeftOfMoney) {
  const struct {
    Exhaustion policy;
    Words words;
  } rows[] = {
      {Exhaustion::negative, {"2026-11-16 09:05 #1 consumption s1: left -5000 EUR, work 5000 EUR"}},
      {Exhaustion::split, {"2026-11-16 09:05 #1 overage s1: left -3000 EUR, due -2000 EUR, work 5000 EUR"}},
      {Exhaustion::next, {"2026-11-16 09:05 #1 hold s1:"}},
      {Exhaustion::hold, {"2026-11-16 09:05 #1 hold s1:"}},
  };
  for (const auto& row : rows) {
    auto book = one_contract(Model::prepaid_money, row.policy);
    book.grant(1, "2026-01-01", 3'000);
    book.charge(1, "2026-11-16 09:05", 50);
    EXPECT_EQ(words(book.plan()), row.words);
  }
}

TEST(PlanPolicies, ExactlyWhatIsLeftIsNotTooMuch) {
  for (const auto policy : {Exhaustion::split, Exhaustion::next, Exhaustion::hold}) {
    auto book = one_contract(Model::prepaid, policy);
    book.grant(1, "2026-01-01", 50);
    book.charge(1, "2026-11-16 09:05", 50);
    EXPECT_EQ(words(book.plan()), Words{"2026-11-16 09:05 #1 consumption s1: left -50, work 50"});
  }
}

TEST(PlanPolicies, WithNothingLeftAllOfItIsOverage) {
  auto book = one_contract(Model::prepaid, Exhaustion::split);
  book.charge(1, "2026-11-16 09:05", 20);
  EXPECT_EQ(words(book.plan()),
            Words{"2026-11-16 09:05 #1 overage s1: due -20, due -3000 EUR, work 3000 EUR, work 20"});
}

TEST(PlanPolicies, WhatIsHeldTakesNothingAndALaterPurchaseReleasesIt) {
  auto book = one_contract(Model::prepaid, Exhaustion::hold);
  book.grant(1, "2026-01-01", 30);
  book.charge(1, "2026-11-16 09:05", 50);
  book.charge(1, "2026-11-17 09:05", 20);
  EXPECT_EQ(words(book.plan()),
            (Words{"2026-11-16 09:05 #1 hold s1:", "2026-11-17 09:05 #1 consumption s2: left -20, work 20"}));
  book.grant(1, "2026-11-16", 60);
  EXPECT_EQ(words(book.plan()), (Words{"2026-11-16 09:05 #1 consumption s1: left -50, work 50",
                                       "2026-11-17 09:05 #1 consumption s2: left -20, work 20"}));
}

TEST(PlanPolicies, TheRestGoesOnToTheNextContract) {
  Book book;
  book.contracts = {contract(1, Model::prepaid, "2026-01-01", "2026-12-31"),
                    contract(2, Model::prepaid, "2026-02-01", "2026-12-31"),
                    contract(3, Model::hourly, "2026-01-01"),
                    contract(4, Model::prepaid, "2026-12-01", "2026-12-31"),
                    contract(5, Model::recurring, "2026-01-01", "2026-12-31")};
  for (auto& one : book.contracts) one.terms.exhaustion = Exhaustion::next;
  book.grant(1, "2026-01-01", 30);
  book.grant(2, "2026-02-01", 15);
  book.charge(1, "2026-11-16 09:05", 50);
  book.charge(1, "2026-11-17 09:05", 10);
  book.now = moment("2026-11-30");
  EXPECT_EQ(words(book.plan()),
            (Words{"2026-11-16 09:05 #1 consumption s1: left -30, work 30",
                   "2026-11-16 09:05 #2 consumption s1: left -15, work 15",
                   "2026-11-16 09:05 #3 accrual s1: due -5, due -500 EUR, work 500 EUR, work 5",
                   "2026-11-17 09:05 #3 accrual s2: due -10, due -1000 EUR, work 1000 EUR, work 10"}));
}

TEST(PlanPolicies, OfMoneyThatGoesOnTheUnpaidMinutesAreTheRest) {
  Book book;
  book.contracts = {contract(1, Model::prepaid_money, "2026-01-01", "2026-12-31"),
                    contract(2, Model::prepaid, "2026-01-01")};
  book.contracts[0].terms.exhaustion = Exhaustion::next;
  book.grant(1, "2026-01-01", 3'000);
  book.charge(1, "2026-11-16 09:05", 50);
  book.now = moment("2026-11-30");
  EXPECT_EQ(words(book.plan()), (Words{"2026-11-16 09:05 #1 consumption s1: left -3000 EUR, work 3000 EUR",
                                       "2026-11-16 09:05 #2 consumption s1: left -20, work 20"}));
}

TEST(PlanPolicies, WhatTheNextContractHoldsIsHeldAsAWhole) {
  Book book;
  book.contracts = {contract(1, Model::prepaid, "2026-01-01", "2026-12-31"),
                    contract(2, Model::prepaid, "2026-01-01")};
  book.contracts[0].terms.exhaustion = Exhaustion::next;
  book.contracts[1].terms.exhaustion = Exhaustion::hold;
  book.grant(1, "2026-01-01", 30);
  book.charge(1, "2026-11-16 09:05", 50);
  book.charge(1, "2026-11-16 10:05", 30);
  book.now = moment("2026-11-30");
  EXPECT_EQ(words(book.plan()),
            (Words{"2026-11-16 09:05 #1 hold s1:", "2026-11-16 10:05 #1 consumption s2: left -30, work 30"}));
}

TEST(PlanPolicies, ByItsOwnDateNotByItsArrival) {
  auto book = one_contract(Model::prepaid, Exhaustion::split);
  book.grant(1, "2026-01-01", 30);
  book.charge(1, "2026-11-16 09:05", 30);
  book.charge(1, "2026-11-15 09:05", 30);  // Arrives later, was earlier.
  EXPECT_EQ(words(book.plan()),
            (Words{"2026-11-15 09:05 #1 consumption s2: left -30, work 30",
                   "2026-11-16 09:05 #1 overage s1: due -30, due -4500 EUR, work 4500 EUR, work 30"}));
}

TEST(PlanPolicies, OfOneInstantTheTieDecides) {
  auto book = one_contract(Model::prepaid, Exhaustion::hold);
  book.grant(1, "2026-01-01", 30);
  book.charge(1, "2026-11-16 09:05", 30);
  book.charge(1, "2026-11-16 09:05", 30);
  book.charges[0].tie = "z";
  book.charges[1].tie = "a";
  EXPECT_EQ(words(book.plan()),
            (Words{"2026-11-16 09:05 #1 consumption s2: left -30, work 30", "2026-11-16 09:05 #1 hold s1:"}));
}

TEST(PlanPolicies, APurchaseCountsFromItsOwnMomentOn) {
  auto book = one_contract(Model::prepaid, Exhaustion::hold);
  book.charge(1, "2026-11-16 09:05", 30);
  book.grant(1, "2026-11-16 09:05", 30);  // At one instant, the purchase counts first.
  EXPECT_EQ(words(book.plan()), Words{"2026-11-16 09:05 #1 consumption s1: left -30, work 30"});
  book.standing[0].at += std::chrono::minutes{1};
  EXPECT_EQ(words(book.plan()), Words{"2026-11-16 09:06 #1 consumption s1: left -30, work 30"})
      << "what was held takes effect when there is enough";
  book.standing[0].lines[0].quantity = 29;
  book.standing[0].lines[1].quantity = -29;
  EXPECT_EQ(words(book.plan()), Words{"2026-11-16 09:05 #1 hold s1:"});
}

TEST(PlanPolicies, AStrangersChargeOrAccountIsCorrupt) {
  auto book = one_contract(Model::prepaid);
  book.charge(1, "2026-11-16 09:05", 30);
  book.charges[0].contract_id = 9;
  EXPECT_THROW(book.plan(), std::runtime_error);
  book.charges.clear();
  const auto failed = [&](const std::string& lot, std::int64_t of) {
    const Situation situation{
        .contracts = book.contracts,
        .from = moment("2026-01-01"),
        .now = book.now,
        .left_before = {{of, {.account = {.kind = AccountKind::left, .lot = lot}, .quantity = 5}}},
        .standing = {},
        .charges = {}};
    return plan(situation, start_of_day).error().code;
  };
  EXPECT_EQ(failed("", 9), base::ErrorCode::corrupt);
  EXPECT_EQ(failed("a gift", 1), base::ErrorCode::corrupt);
}

TEST(PlanPolicies, PricesAreRoundedOnce) {
  EXPECT_EQ(price(6'000, 20), 2'000);
  EXPECT_EQ(price(100, 1), 2);  // 1.67
  EXPECT_EQ(price(90, 1), 2);   // 1.5, half up.
  EXPECT_EQ(price(89, 1), 1);   // 1.48
  EXPECT_EQ(price(0, 1'000), 0);
}

}  // namespace
}  // namespace collector::ledger
