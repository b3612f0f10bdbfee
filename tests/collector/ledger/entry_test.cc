#include "collector/ledger/entry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/collector/ledger/book.h"

namespace collector::ledger {
namespace {

using directory::Model;

constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
const auto kAt = moment("2026-11-16 09:05");

Entry numbered(std::int64_t id, Entry entry) {
  entry.id = id;
  return entry;
}

Entry used(std::int64_t id, std::int64_t minutes) {
  return {.id = id,
          .contract_id = 7,
          .kind = Kind::consumption,
          .at = kAt,
          .subject = "s1",
          .lines = {{.account = {.kind = AccountKind::left}, .quantity = -minutes},
                    {.account = {.kind = AccountKind::work}, .quantity = minutes}}};
}

TEST(Entry, ItsWordsAreKept) {
  for (int kind = 0; kind <= static_cast<int>(Kind::reversal); ++kind) {
    const auto one = static_cast<Kind>(kind);
    EXPECT_EQ(kind_from(to_string(one)).value(), one);
  }
  for (int kind = 0; kind <= static_cast<int>(AccountKind::fees); ++kind) {
    const auto one = static_cast<AccountKind>(kind);
    EXPECT_EQ(account_kind_from(to_string(one)).value(), one);
  }
  EXPECT_EQ(kind_from("present").error().code, base::ErrorCode::corrupt);
  EXPECT_EQ(account_kind_from("right").error().code, base::ErrorCode::corrupt);
}

TEST(Entry, WhatPeopleAndBillsSaidIsNotPlannedAnew) {
  for (const auto kind : {Kind::grant, Kind::completion, Kind::adjustment, Kind::reversal}) {
    EXPECT_FALSE(is_derived(kind)) << to_string(kind);
  }
  for (const auto kind : {Kind::consumption, Kind::accrual, Kind::cover, Kind::overage, Kind::hold,
                          Kind::included, Kind::settle, Kind::expiry, Kind::roll_over, Kind::fee}) {
    EXPECT_TRUE(is_derived(kind)) << to_string(kind);
  }
}

TEST(Entry, GrantsAreChecked) {
  for (const std::int64_t quantity : {kMin, std::int64_t{-1}, std::int64_t{0}, kGrantMax + 1, kMax}) {
    EXPECT_FALSE(grant(7, kAt, "min", quantity, "", "")) << quantity;
  }
  const auto bought = grant(7, kAt, "EUR", 60'000, "", "10 hours");
  ASSERT_TRUE(bought);
  EXPECT_EQ(words({*bought}),
            std::vector<std::string>{"2026-11-16 09:05 #7 grant: left 60000 EUR, sold -60000 EUR"});
  EXPECT_EQ(bought->reason, "10 hours");
  EXPECT_TRUE(check(std::vector{numbered(1, *bought)}));
}

TEST(Entry, AnAdjustmentIsOnWhatIsLeftOrDue) {
  const auto prepaid = contract(7, Model::prepaid, "2026-01-01");
  const auto hourly = contract(7, Model::hourly, "2026-01-01");
  EXPECT_EQ(words({adjust(prepaid, kAt, "min", -15, "Phone call of Friday").value()}),
            std::vector<std::string>{"2026-11-16 09:05 #7 adjustment: left -15, work 15"});
  EXPECT_EQ(words({adjust(hourly, kAt, "EUR", 500, "Goodwill").value()}),
            std::vector<std::string>{"2026-11-16 09:05 #7 adjustment: due 500 EUR, work -500 EUR"});
  EXPECT_EQ(
      words({adjust(contract(7, Model::prepaid_money, "2026-01-01"), kAt, "EUR", 500, "Goodwill").value()}),
      std::vector<std::string>{"2026-11-16 09:05 #7 adjustment: left 500 EUR, work -500 EUR"});
  EXPECT_TRUE(check(std::vector{numbered(1, *adjust(hourly, kAt, "EUR", 500, "Goodwill"))}));
  for (const std::int64_t quantity : {kMin, -kGrantMax - 1, std::int64_t{0}, kGrantMax + 1}) {
    EXPECT_EQ(adjust(prepaid, kAt, "min", quantity, "why").error().code, base::ErrorCode::invalid_argument);
  }
  EXPECT_EQ(adjust(prepaid, kAt, "min", 1, "").error().code, base::ErrorCode::invalid_argument);
}

TEST(Entry, AProjectIsDoneWithItsFeeOrWithoutOne) {
  auto project = contract(7, Model::project_fixed, "2026-01-01");
  project.terms.fee = 50'000;
  EXPECT_EQ(words({complete(project, kAt, "delivered")}),
            std::vector<std::string>{"2026-11-16 09:05 #7 completion: due -50000 EUR, fees 50000 EUR"});
  project.terms.fee = 0;
  EXPECT_EQ(words({complete(project, kAt, "delivered")}),
            std::vector<std::string>{"2026-11-16 09:05 #7 completion:"});
}

TEST(Entry, PeopleLookAtWhatIsLeftOrAtWhatIsDue) {
  const auto entry = used(1, 20);
  EXPECT_EQ(figure(Model::prepaid, entry, "min"), -20);
  EXPECT_EQ(figure(Model::hourly, entry, "min"), 0);
  const auto due = adjust(contract(7, Model::hourly, "2026-01-01"), kAt, "EUR", -500, "Parts").value();
  EXPECT_EQ(figure(Model::hourly, due, "EUR"), 500);
  EXPECT_EQ(figure(Model::prepaid_money, due, "EUR"), 0);
}

TEST(Entry, AReversalIsTheExactOppositeOfTheSameMoment) {
  const auto entry = used(2, 20);
  const auto undone = reverse(entry, "rated again");
  EXPECT_EQ(words({undone}), std::vector<std::string>{"2026-11-16 09:05 #7 reversal s1: left 20, work -20"});
  EXPECT_EQ(undone.reverses_entry_id, 2);
  EXPECT_TRUE(check(std::vector{entry, numbered(3, undone)}));
  EXPECT_DEATH(static_cast<void>(reverse(used(0, 20), "")), "entry.id > 0");
  EXPECT_DEATH(static_cast<void>(reverse(numbered(3, undone), "")), "kind != Kind::reversal");
  auto huge = entry;
  huge.lines[0].quantity = kMin;
  EXPECT_DEATH(static_cast<void>(reverse(huge, "")), "quantity > kMin");
}

TEST(Entry, WhatCannotBeALedgerIsNamed) {
  const auto bought = numbered(1, grant(7, kAt, "min", 600, "", "").value());
  const auto undone = numbered(3, reverse(used(2, 20), ""));
  const auto changed = [](Entry entry, auto change) {
    change(entry);
    return entry;
  };
  const struct {
    std::vector<Entry> entries;
    const char* message;
  } rows[] = {
      {{bought, bought}, "twice"},
      {{numbered(0, bought)}, "not stored"},
      {{bought, changed(used(2, 20), [](Entry& e) { e.contract_id = 8; })}, "another contract"},
      {{changed(bought, [](Entry& e) { e.lines[0].quantity = 599; })}, "sum to zero in 'min'"},
      {{changed(bought, [](Entry& e) { e.lines[0].account.unit = "EUR"; })}, "sum to zero"},
      {{changed(bought, [](Entry& e) { e.lines.push_back({.account = {}, .quantity = 0}); })},
       "a line of nothing"},
      {{changed(bought, [](Entry& e) { e.lines[0].quantity = kMin; })}, "cannot be reversed"},
      {{changed(bought, [](Entry& e) { std::swap(e.lines[0].quantity, e.lines[1].quantity); })},
       "wrong sign on 'sold'"},
      {{used(2, -20)}, "wrong sign on 'work'"},
      {{changed(used(2, 20), [](Entry& e) { e.reverses_entry_id = 1; })}, "reverses without being"},
      {{changed(undone, [](Entry& e) { e.reverses_entry_id.reset(); })}, "does not say what it reverses"},
      {{bought, undone}, "not there"},
      {{used(2, 20), numbered(3, reverse(used(2, 19), ""))}, "opposite"},
      {{used(2, 20), undone, numbered(4, undone)}, "second time"},
      {{used(2, 20), undone, changed(numbered(4, undone), [](Entry& e) { e.reverses_entry_id = 3; })},
       "a reversal"},
  };
  for (const auto& row : rows) {
    const auto checked = check(row.entries);
    ASSERT_FALSE(checked) << row.message;
    EXPECT_EQ(checked.error().code, base::ErrorCode::corrupt);
    EXPECT_THAT(checked.error().message, testing::HasSubstr(row.message));
  }
}

TEST(Entry, BalancesAreSumsAndOverflowChecked) {
  const auto bought = numbered(1, grant(7, kAt, "min", 600, "", "").value());
  const auto both = balances(std::vector{bought, used(2, 20)}).value();
  ASSERT_EQ(both.size(), 3U);
  EXPECT_EQ(both[0].quantity, 580);
  EXPECT_EQ(sum_of(bought, AccountKind::left, "min"), 600);
  EXPECT_EQ(sum_of(bought, AccountKind::left, "EUR"), 0);
  EXPECT_TRUE(balances({}).value().empty());
  const std::vector huge{used(1, kMax), used(2, kMax)};
  EXPECT_EQ(balances(huge).error().code, base::ErrorCode::corrupt);
  EXPECT_EQ(balances(std::vector{used(1, -kMax), used(2, -kMax)}).error().code, base::ErrorCode::corrupt);
  EXPECT_TRUE(balances(std::vector{used(1, kMax), used(2, -kMax)}));
}

TEST(Entry, ACorrectionGoesWhereItsKindPutsACharge) {
  const struct {
    Model model;
    Kind as;
    std::int64_t minutes, amount;
    const char* lines;
  } rows[] = {
      {Model::prepaid, Kind::consumption, 15, 1'500, " left -15, work 15"},
      {Model::prepaid, Kind::consumption, -15, -1'500, " left 15, work -15"},
      {Model::prepaid_money, Kind::consumption, 15, 1'500, " left -1500 EUR, work 1500 EUR"},
      {Model::recurring, Kind::cover, 15, 1'500, " covered -15, work 15"},
      {Model::indefinite, Kind::accrual, 15, 0, " due -15, work 15"},
      {Model::hourly, Kind::accrual, 15, 1'500, " due -15, work 15, due -1500 EUR, work 1500 EUR"},
      {Model::flat_fee, Kind::accrual, 15, 0, " due -15, work 15, due -2000 EUR, work 2000 EUR"},
      {Model::flat_fee, Kind::accrual, -15, 0, " due 15, work -15, due 2000 EUR, work -2000 EUR"},
      {Model::prepaid, Kind::consumption, 0, 0, ""},
  };
  for (const auto& row : rows) {
    auto one = contract(7, row.model, "2026-01-01");
    one.terms.overage_per_hour = 8'000;
    const auto entry = correct(one, row.as, kAt, row.minutes, row.amount, "the comment changed");
    EXPECT_EQ(words({entry}).front(), std::string{"2026-11-16 09:05 #7 adjustment:"} + row.lines);
    EXPECT_TRUE(check({{numbered(1, entry)}})) << row.lines;
    EXPECT_EQ(entry.reason, "the comment changed");
  }
}

}  // namespace
}  // namespace collector::ledger
