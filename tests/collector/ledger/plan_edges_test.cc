// What is rare: lots that differ in one thing only, ends in the middle of a period, and days that cannot be
// told.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collector/ledger/stock.h"
#include "tests/collector/ledger/book.h"

namespace collector::ledger {
namespace {

using directory::Exhaustion;
using directory::Model;
using directory::Period;
using Words = std::vector<std::string>;

// A standing lot of `unit` in contract 1.
void bought(Book& book, const std::string& at, const std::string& unit, std::int64_t quantity,
            const std::string& first, const std::string& last) {
  auto entry =
      grant(1, moment(at), unit, quantity, to_string(Lot{Origin::bought, day(first), day(last)}), "bought")
          .value();
  entry.id = static_cast<std::int64_t>(book.standing.size()) + 1;
  book.standing.push_back(std::move(entry));
}

TEST(PlanEdges, WhatNobodyCanRateIsHeldWhateverIsLeftAndSold) {
  Book book;
  book.contracts = {contract(1, Model::prepaid, "2026-01-01"), contract(2, Model::indefinite, "2026-01-01")};
  book.charge(1, "2026-02-01 09:00", 0);
  book.charge(2, "2026-02-02 09:00", 0);
  for (auto& charge : book.charges) {
    charge.unrated = true;
    charge.may_exceed = true;
  }
  book.charge(1, "2026-02-03 09:00", 20);
  book.grant(1, "2026-03-01", 600);
  EXPECT_EQ(words(book.plan()), (Words{"2026-02-01 09:00 #1 hold s1:", "2026-02-02 09:00 #2 hold s2:",
                                       "2026-02-03 09:00 #1 consumption s3: left -20, work 20"}));
}

TEST(PlanEdges, ALotOfAnotherUnitIsAnotherLot) {
  Book book;
  book.contracts = {contract(1, Model::prepaid, "2026-01-01")};
  book.charge(1, "2026-02-01 09:00", 20);  // Below zero before either of them.
  bought(book, "2026-03-01", "EUR", 500, "2026-03-01", "2026-03-31");
  bought(book, "2026-03-01", "min", 60, "2026-03-01", "2026-03-31");
  book.charge(1, "2026-03-02 09:00", 30);
  EXPECT_EQ(words(book.plan()),
            (Words{"2026-02-01 09:00 #1 consumption s1: left -20, work 20",
                   "2026-03-01 00:00 #1 settle bought 2026-03-01..2026-03-31: left [bought "
                   "2026-03-01..2026-03-31] -20, left 20",
                   "2026-03-02 09:00 #1 consumption s2: left [bought 2026-03-01..2026-03-31] -30, work 30",
                   "2026-04-01 00:00 #1 expiry bought 2026-03-01..2026-03-31: left [bought "
                   "2026-03-01..2026-03-31] -500 EUR, expired 500 EUR",
                   "2026-04-01 00:00 #1 expiry bought 2026-03-01..2026-03-31: left [bought "
                   "2026-03-01..2026-03-31] -10, expired 10"}));
}

TEST(PlanEdges, WhatIsBoughtForLaterIsNotUsedBefore) {
  Book book;
  book.contracts = {contract(1, Model::prepaid, "2026-01-01")};
  bought(book, "2026-01-01", "min", 60, "2026-03-01", "2026-03-31");
  book.charge(1, "2026-02-28 23:59", 20);
  book.charge(1, "2026-03-01 00:00", 20);
  const auto plan = words(book.plan());
  EXPECT_EQ(plan[0], "2026-02-28 23:59 #1 consumption s1: left -20, work 20");
  EXPECT_THAT(plan[1], testing::StartsWith("2026-03-01 00:00 #1 settle"));
  EXPECT_EQ(plan[2], "2026-03-01 00:00 #1 consumption s2: left [bought 2026-03-01..2026-03-31] -20, work 20");
}

TEST(PlanEdges, ALotThatBeginsEmptyMakesNothingGood) {
  Book book;
  book.contracts = {contract(1, Model::prepaid, "2026-01-01")};
  const auto lot = to_string(Lot{Origin::bought, day("2026-03-01"), day("2026-03-31")});
  const Situation situation{
      .contracts = book.contracts,
      .from = moment("2026-02-01"),
      .now = moment("2026-06-01"),
      .left_before = {{1, {.account = {.kind = AccountKind::left, .unit = "min"}, .quantity = -20}},
                      {1,
                       {.account = {.kind = AccountKind::left, .lot = lot, .unit = "min"}, .quantity = 0}}},
      .standing = {},
      .charges = {}};
  EXPECT_EQ(words(plan(situation, start_of_day).value().entries), Words{});
}

TEST(PlanEdges, ALotIsOpenFromItsFirstInstantToItsLast) {
  const auto contract_1 = contract(1, Model::prepaid, "2026-01-01");
  const struct {
    const char* at;
    const char* unit;
    std::int64_t taken;
  } rows[] = {{"2026-02-28 23:59", "min", 0},
              {"2026-03-01 00:00", "min", 5},
              {"2026-03-31 23:59", "min", 5},
              {"2026-04-01 00:00", "min", 0},
              {"2026-03-15 00:00", "EUR", 0}};
  for (const auto& row : rows) {
    Holding holding{.contract = &contract_1,
                    .pot = 0,
                    .stocks = {{.lot = {},
                                .name = "lot",
                                .from = moment("2026-03-01"),
                                .to = moment("2026-04-01"),
                                .unit = "min",
                                .left = 60}}};
    std::vector<Line> lines;
    EXPECT_EQ(take_from_stocks(holding, moment(row.at), row.unit, 5, lines), row.taken) << row.at;
    EXPECT_EQ(lines.size(), row.taken > 0 ? 1U : 0U);
  }
}

TEST(PlanEdges, WhatIsBalancedNeedsNoLineAgainstIt) {
  std::vector<Line> lines{{.account = {.kind = AccountKind::left, .lot = "a", .unit = "min"}, .quantity = -5},
                          {.account = {.kind = AccountKind::left, .lot = "b", .unit = "min"}, .quantity = 5},
                          {.account = {.kind = AccountKind::left, .unit = "EUR"}, .quantity = -7}};
  balance_against(AccountKind::work, lines);
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines.back(), (Line{.account = {.kind = AccountKind::work, .unit = "EUR"}, .quantity = 7}));
}

TEST(PlanEdges, TheLastPeriodEndsWithTheContract) {
  Book book;
  book.contracts = {contract(1, Model::prepaid, "2026-01-01", "2026-02-10")};
  book.contracts[0].terms.period = Period::month;
  book.contracts[0].terms.included_min = 60;
  book.contracts[0].terms.roll_over_min = std::nullopt;
  bought(book, "2026-01-01", "min", 5, "2026-01-01", "2026-01-20");  // Ends where no period begins.
  EXPECT_EQ(
      words(book.plan()),
      (Words{"2026-01-01 00:00 #1 included included 2026-01-01..2026-01-31: left [included "
             "2026-01-01..2026-01-31] 60, sold -60",
             "2026-01-21 00:00 #1 expiry bought 2026-01-01..2026-01-20: left [bought 2026-01-01..2026-01-20] "
             "-5, expired 5",
             "2026-02-01 00:00 #1 roll_over included 2026-01-01..2026-01-31: left [included "
             "2026-01-01..2026-01-31] -60, left [rolled 2026-02-01..2026-02-10] 60",
             "2026-02-01 00:00 #1 included included 2026-02-01..2026-02-10: left [included "
             "2026-02-01..2026-02-10] 60, sold -60",
             "2026-02-11 00:00 #1 expiry included 2026-02-01..2026-02-10: left [included "
             "2026-02-01..2026-02-10] -60, expired 60",
             "2026-02-11 00:00 #1 expiry rolled 2026-02-01..2026-02-10: left [rolled 2026-02-01..2026-02-10] "
             "-60, expired 60"}));
}

// Of several that could take it, the one that is used first; never one of another currency.
TEST(PlanEdges, WhatAContractLeavesOverGoesToTheOneThatIsUsedNext) {
  Book book;
  book.contracts = {contract(1, Model::prepaid_money, "2026-01-01", "2026-03-31"),
                    contract(2, Model::prepaid_money, "2026-01-01"),
                    contract(3, Model::prepaid_money, "2026-01-01", "2026-06-30"),
                    contract(4, Model::prepaid_money, "2026-01-01", "2026-05-31")};
  book.contracts[0].terms.roll_over_min = std::nullopt;
  book.contracts[3].terms.currency = "USD";
  book.now = moment("2026-04-15");
  book.grant(1, "2026-01-01", 700);
  EXPECT_EQ(words(book.plan()),
            (Words{"2026-04-01 00:00 #1 roll_over to contract 3: left -700 EUR, expired 700 EUR",
                   "2026-04-01 00:00 #3 roll_over from contract 1: left 700 EUR, sold -700 EUR"}));
}

TEST(PlanEdges, ASessionOfAClockThatIsAheadIsOnTheBooks) {
  Book book;
  book.contracts = {contract(1, Model::prepaid, "2026-01-01")};
  book.now = moment("2026-02-01");
  book.charge(1, "2026-03-01 09:00", 20);
  EXPECT_EQ(words(book.plan()), Words{"2026-03-01 09:00 #1 consumption s1: left -20, work 20"});
}

// A weight can leave money of a charge that rounds to no minute.
TEST(PlanEdges, MoneyWithoutAMinuteIsNotLost) {
  const struct {
    Exhaustion policy;
    const char* words;
  } rows[] = {{Exhaustion::split, "2026-03-01 09:00 #1 overage s1: due -40 EUR, work 40 EUR"},
              {Exhaustion::next, "2026-03-01 09:00 #1 hold s1:"},
              {Exhaustion::negative, "2026-03-01 09:00 #1 consumption s1: left -40 EUR, work 40 EUR"}};
  for (const auto& row : rows) {
    Book book;
    book.contracts = {contract(1, Model::prepaid_money, "2026-01-01")};
    book.contracts[0].terms.exhaustion = row.policy;
    book.charge(1, "2026-03-01 09:00", 0);
    book.charges[0].amount = 40;
    EXPECT_EQ(words(book.plan()), Words{row.words});
  }
}

// Whichever day it is of which nobody can say when it begins: the plan fails, and says so.
TEST(PlanEdges, EachDayThatCannotBeToldIsAnError) {
  Book book;
  book.contracts = {contract(1, Model::prepaid, "2026-01-01", "2026-04-10")};
  book.contracts[0].terms.period = Period::month;
  book.contracts[0].terms.included_min = 60;
  book.contracts[0].terms.roll_over_min = std::nullopt;
  bought(book, "2026-01-05", "min", 5, "2026-01-07", "2026-01-20");
  const Situation situation{.contracts = book.contracts,
                            .from = moment("2026-01-01"),
                            .now = moment("2026-06-01"),
                            .left_before = {},
                            .standing = book.standing,
                            .charges = {}};
  int asked = 0;
  const auto whole = plan(situation, [&](std::chrono::year_month_day one, const std::string& zone) {
    ++asked;
    return start_of_day(one, zone);
  });
  ASSERT_TRUE(whole);
  ASSERT_GT(asked, 20);
  for (int bad = 0; bad < asked; ++bad) {
    int times = 0;
    const auto planned = plan(situation, [&](std::chrono::year_month_day one, const std::string& zone) {
      if (times++ == bad)
        return base::Result<timing::UtcMs>{base::fail(base::ErrorCode::corrupt, "no such day")};
      return start_of_day(one, zone);
    });
    ASSERT_FALSE(planned) << bad;
    EXPECT_THAT(planned.error().message, testing::HasSubstr("no such day"));
  }
}

}  // namespace
}  // namespace collector::ledger
