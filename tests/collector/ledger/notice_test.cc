// What somebody is told of a contract, where it is rare; tests/cases/ledger/notices.case tells the rest.

#include "collector/ledger/notice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/collector/ledger/book.h"

namespace collector::ledger {
namespace {

using directory::Contract;
using directory::Model;
using directory::Period;
using testing::ElementsAre;
using testing::IsEmpty;

Contract telling(std::int64_t id, Model model, const std::string& first, const std::string& last = "") {
  auto one = contract(id, model, first, last);
  one.terms.notice_percent = {50};
  one.terms.notice_days = {};
  return one;
}

std::vector<Entry> of_contract(const Book& book, std::int64_t id) {
  auto entries = stored(book, book.plan());
  std::erase_if(entries, [&](const Entry& entry) { return entry.contract_id != id; });
  return entries;
}

// "2026-02-10 50 % used: 20 of 60 min left [entry 1]", with "(over)" behind it.
std::vector<std::string> told(const Book& book, std::int64_t contract_id) {
  std::vector<std::string> all;
  const auto found = notices_of_all(book.of(contract_id), of_contract(book, contract_id), book.now).value();
  for (const auto& one : found.all) {
    all.push_back(timing::to_rfc3339(one.at).substr(0, 10) + " " + text(one) + " [" + one.occasion + "]" +
                  (one.over ? " (over)" : ""));
  }
  return all;
}

TEST(Notice, ItsWordsAreKept) {
  for (const auto kind : {NoticeKind::used, NoticeKind::left, NoticeKind::exhausted,
                          NoticeKind::contract_ends, NoticeKind::lot_ends}) {
    EXPECT_EQ(notice_kind_from(to_string(kind)).value(), kind);
  }
  EXPECT_EQ(notice_kind_from("gone").error().code, base::ErrorCode::corrupt);
}

TEST(Notice, WhatAPeriodLeavesOverCountsInTheNextOne) {
  Book book;
  book.contracts = {telling(1, Model::flat_fee, "2026-01-01")};
  auto& terms = book.contracts.front().terms;
  terms.period = Period::month;
  terms.included_min = 60;
  terms.roll_over_min = std::nullopt;
  book.now = moment("2026-02-20");
  book.charge(1, "2026-01-10 09:00", 50);
  book.charge(1, "2026-02-10 09:00", 40);
  EXPECT_THAT(told(book, 1), ElementsAre("2026-01-10 50 % used: 10 of 60 min left [period 2026-01-01] (over)",
                                         "2026-02-10 50 % used: 30 of 70 min left [period 2026-02-01]"));
}

TEST(Notice, WhatAnEndedContractLeavesToTheNextOneIsItsOccasion) {
  Book book;
  book.contracts = {telling(1, Model::prepaid, "2026-01-01", "2026-01-31"),
                    telling(2, Model::prepaid, "2026-02-01")};
  book.contracts.front().terms.roll_over_min = std::nullopt;
  book.grant(1, "2026-01-01", 100);
  book.charge(1, "2026-01-10 09:00", 40);
  book.charge(2, "2026-02-10 09:00", 40);
  book.now = moment("2026-02-20");
  EXPECT_THAT(told(book, 1), IsEmpty()) << "it is over";
  EXPECT_THAT(told(book, 2), ElementsAre("2026-02-10 50 % used: 20 of 60 min left [from contract 1]"));
}

TEST(Notice, WhatMakesGoodWhatWasBelowZeroIsNoNewsByItself) {
  Book book;
  book.contracts = {telling(1, Model::prepaid, "2026-01-01")};
  book.charge(1, "2026-02-01 09:00", 20);
  book.grant(1, "2026-03-01", 60, "2026-03-01", "2026-12-31");
  book.charge(1, "2026-03-10 09:00", 20);
  book.now = moment("2026-04-01");
  EXPECT_THAT(told(book, 1), ElementsAre("2026-02-01 used up: 20 min below zero [] (over)",
                                         "2026-03-10 50 % used: 20 of 60 min left [entry 1]"));
}

TEST(Notice, WhatIsSoldAtOneInstantIsOnePurchaseAndWhatIsForLaterIsNotCounted) {
  Book book;
  book.contracts = {telling(1, Model::prepaid, "2026-01-01")};
  book.grant(1, "2026-01-02", 60);
  book.grant(1, "2026-01-02", 40);
  book.grant(1, "2026-01-02", 500, "2026-06-01", "2026-06-30");
  book.charge(1, "2026-02-01 09:00", 55);
  book.now = moment("2026-03-01");
  EXPECT_THAT(told(book, 1), ElementsAre("2026-02-01 50 % used: 45 of 100 min left [entry 3]"));
}

TEST(Notice, AGiftIsNoPurchaseAndMoneyIsNoTime) {
  Book book;
  book.contracts = {telling(1, Model::prepaid, "2026-01-01")};
  book.charge(1, "2026-01-10 09:00", 20);
  book.standing.push_back(adjust(book.of(1), moment("2026-01-11"), "EUR", 500, "a gift").value());
  book.now = moment("2026-01-20");
  EXPECT_THAT(told(book, 1), ElementsAre("2026-01-10 used up: 20 min below zero []"));
  book.standing.push_back(adjust(book.of(1), moment("2026-01-12"), "min", 50, "a gift").value());
  book.charge(1, "2026-01-15 09:00", 20);
  EXPECT_THAT(told(book, 1), ElementsAre("2026-01-10 used up: 20 min below zero [] (over)"))
      << "half of nothing cannot be used up";
}

TEST(Notice, AProjectThatIsDoneIsNoNews) {
  Book book;
  book.contracts = {telling(1, Model::project_fixed, "2026-01-01")};
  book.contracts.front().terms.fee = 100'000;
  book.charge(1, "2026-01-10 09:00", 20);
  book.standing.push_back(complete(book.of(1), moment("2026-01-11"), "accepted"));
  EXPECT_EQ(of_contract(book, 1).size(), 2u);
  EXPECT_THAT(told(book, 1), IsEmpty());
}

TEST(Notice, TheNextOneIsToldOfWhicheverComesFirst) {
  Book book;
  book.contracts = {telling(1, Model::prepaid, "2026-01-01", "2026-12-31")};
  auto& terms = book.contracts.front().terms;
  terms.notice_days = {30, 7, 1};
  const auto next = [&](const std::string& now) {
    book.now = moment(now);
    return notices_of_all(book.of(1), of_contract(book, 1), book.now).value().next;
  };
  EXPECT_EQ(next("2026-11-20"), moment("2026-12-01"));
  book.grant(1, "2026-11-25", 60);
  EXPECT_EQ(next("2026-11-20"), moment("2026-11-25")) << "a sale that counts from then on";
  book.standing.front().at = moment("2026-12-20");
  EXPECT_EQ(next("2026-11-20"), moment("2026-12-01"));
  EXPECT_EQ(next("2026-12-30"), std::nullopt);
  EXPECT_THAT(told(book, 1), ElementsAre("2026-12-01 ends in 30 days, on 2026-12-31: 60 min left "
                                         "[2026-12-31]",
                                         "2026-12-24 ends in 7 days, on 2026-12-31: 60 min left "
                                         "[2026-12-31]",
                                         "2026-12-30 ends in 1 day, on 2026-12-31: 60 min left "
                                         "[2026-12-31]"));
}

TEST(Notice, ALotWithoutAMeaningIsAnError) {
  Book book;
  book.contracts = {telling(1, Model::prepaid, "2026-01-01")};
  book.grant(1, "2026-01-02", 60);
  book.standing.front().lines.front().account.lot = "somewhere";
  const auto found = notices_of_all(book.of(1), book.standing, book.now);
  EXPECT_EQ(found.error().code, base::ErrorCode::corrupt);
}

TEST(Notice, EachDayThatCannotBeToldIsAnError) {
  Book book;
  book.contracts = {telling(1, Model::prepaid, "2026-01-01", "2026-12-31")};
  book.contracts.front().terms.notice_days = {30, 7};
  book.grant(1, "2026-01-02", 60, "2026-06-01", "2026-11-30");
  const auto now = moment("2026-11-01");
  int failing = 0;
  for (;; ++failing) {
    int asked = 0;
    const StartOfDay broken = [&](auto one, const std::string& zone) -> base::Result<timing::UtcMs> {
      if (asked++ == failing) return base::fail(base::ErrorCode::unavailable, "no zones");
      return start_of_day(one, zone);
    };
    const auto found = notices_of_all(book.of(1), book.standing, now, broken);
    if (found) break;
    EXPECT_EQ(found.error().code, base::ErrorCode::unavailable) << failing;
  }
  EXPECT_EQ(failing, 6) << "both ends of the lot, and two days before each end";
}

}  // namespace
}  // namespace collector::ledger
