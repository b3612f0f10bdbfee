// What is told of a contract is the same, wherever one goes on from: what is known before a moment.

#include "collector/ledger/notice.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/collector/ledger/random_book.h"

namespace collector::ledger {
namespace {

constexpr auto kFirst = timing::UtcMs::min();

// What counts of one contract: nothing of this plan is reversed.
std::vector<Entry> entries_of(const std::vector<Entry>& all, std::int64_t contract_id, timing::UtcMs from) {
  std::vector<Entry> some;
  std::ranges::copy_if(all, std::back_inserter(some), [&](const Entry& entry) {
    return entry.contract_id == contract_id && entry.at >= from;
  });
  return some;
}

Notices told(const directory::Contract& contract, NoticeState since, const std::vector<Entry>& entries,
             timing::UtcMs now, timing::UtcMs keep_at) {
  auto all = notices(contract, std::move(since), entries, now, keep_at, start_of_day);
  EXPECT_TRUE(all) << all.error().message;
  return std::move(all).value_or(Notices{});
}

TEST(NoticeState, GoingOnFromAnyMomentSaysTheSame) {
  int with_thresholds = 0, with_lots = 0;
  for (unsigned seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    auto book = random_book(seed);
    book.now = moment("2026-08-15 12:00");
    for (auto& contract : book.contracts) {
      contract.terms.notice_percent = {50, 80};
      contract.terms.notice_left = {25};
      contract.terms.notice_days = {30, 7};
    }
    const auto all = stored(book, book.plan());
    for (const auto& contract : book.contracts) {
      const auto whole = told(contract, first_notice_state(contract), entries_of(all, contract.id, kFirst),
                              book.now, book.now);
      with_thresholds += std::ranges::count(whole.all, NoticeKind::used, &Notice::kind) > 0 ? 1 : 0;
      with_lots += whole.state.lots.empty() ? 0 : 1;
      for (const auto& entry : entries_of(all, contract.id, kFirst)) {
        if (entry.at > book.now) continue;
        const auto before = told(contract, first_notice_state(contract), entries_of(all, contract.id, kFirst),
                                 book.now, entry.at)
                                .state;
        ASSERT_TRUE(can_go_on_from(before, contract));
        const auto rest = entries_of(all, contract.id, entry.at);
        const auto after = told(contract, before, rest, book.now, book.now);
        ASSERT_EQ(after.all, whole.all) << "from " << timing::to_rfc3339(entry.at);
        ASSERT_EQ(after.next, whole.next);
        ASSERT_EQ(after.state, whole.state);
        std::int64_t left = left_by(before);
        for (const auto& one : rest) left += sum_of(one, AccountKind::left, before.unit);
        ASSERT_EQ(left, balance(all, contract.id, AccountKind::left, before.unit));
      }
    }
  }
  EXPECT_GT(with_thresholds, 50) << "or it proves nothing";
  EXPECT_GT(with_lots, 50);
}

TEST(NoticeState, AStateOfOtherTermsIsNotGoneOnFrom) {
  const auto agreed = contract(1, directory::Model::prepaid, "2026-01-01");
  const auto state = first_notice_state(agreed);
  EXPECT_TRUE(can_go_on_from(state, agreed));
  auto other = agreed;
  other.terms.notice_percent = {50};
  EXPECT_FALSE(can_go_on_from(state, other));
  other = agreed;
  other.terms.notice_left.push_back(5);
  EXPECT_FALSE(can_go_on_from(state, other));
  other = agreed;
  other.time_zone = "Europe/Athens";
  EXPECT_FALSE(can_go_on_from(state, other));
  other = agreed;
  other.model = directory::Model::prepaid_money;
  EXPECT_FALSE(can_go_on_from(state, other)) << "money is another unit";
}

TEST(NoticeState, ALotWithoutAMeaningIsRefused) {
  const auto one = contract(1, directory::Model::prepaid, "2026-01-01");
  auto state = first_notice_state(one);
  state.lots["some time"] = {.size = 60, .left = 60};
  const auto now = timing::from_rfc3339("2026-02-01T00:00:00Z").value();
  const auto told = notices(one, state, {}, now, now, start_of_day);
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().code, base::ErrorCode::corrupt);
}

}  // namespace
}  // namespace collector::ledger
