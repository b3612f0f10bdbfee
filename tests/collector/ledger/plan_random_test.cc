// Random customers: whatever was agreed and whatever came, in whatever order.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/collector/ledger/random_book.h"

namespace collector::ledger {
namespace {

using directory::Exhaustion;
using directory::Model;

constexpr unsigned kSeeds = 200;

TEST(PlanRandom, SumsToZeroAndHoldsNoLotBelowIt) {
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    const auto book = random_book(seed);
    const auto all = stored(book, book.plan());
    for (const auto& one : book.contracts) {
      std::vector<Entry> of_it;
      std::ranges::copy_if(all, std::back_inserter(of_it),
                           [&](const Entry& e) { return e.contract_id == one.id; });
      const auto checked = check(of_it);
      ASSERT_TRUE(checked) << checked.error().message;
      for (const auto& line : balances(of_it).value()) {
        if (!line.account.lot.empty()) {
          ASSERT_GE(line.quantity, 0) << line.account.lot;
        }
        const bool may = one.terms.exhaustion == Exhaustion::negative;
        if (line.account.kind == AccountKind::left && !may) {
          ASSERT_GE(line.quantity, 0) << one.id;
        }
      }
    }
  }
}

TEST(PlanRandom, EachChargeIsOnTheBooksAsAWholeOrHeld) {
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    const auto book = random_book(seed);
    const auto plan = book.plan();
    for (const auto& charge : book.charges) {
      std::int64_t minutes = 0;
      bool held = false;
      bool money = false;
      int entries = 0;
      for (const auto& entry : plan) {
        if (entry.charge_id != charge.id) continue;
        ++entries;
        held = held || entry.kind == Kind::hold;
        money = money || book.of(entry.contract_id).model == Model::prepaid_money;
        minutes += sum_of(entry, AccountKind::work, kMinutes);
      }
      ASSERT_GE(entries, 1) << charge.subject;
      if (held) {
        ASSERT_EQ(minutes, 0);
        ASSERT_EQ(entries, 1);
      } else if (!money) {
        ASSERT_EQ(minutes, charge.minutes) << charge.subject;
      }
    }
  }
}

TEST(PlanRandom, TheOrderOfArrivalDoesNotMatter) {
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    auto book = random_book(seed);
    const auto plan = book.plan();
    Random random{seed + 1};
    std::ranges::shuffle(book.charges, random.engine());
    ASSERT_EQ(words(book.plan()), words(plan));
  }
}

// As Situation asks for it.
timing::UtcMs not_behind_what_was_held(const Book& book, const std::vector<Entry>& plan, timing::UtcMs from) {
  for (bool moved = true; moved;) {
    moved = false;
    for (const auto& charge : book.charges) {
      const bool waits = std::ranges::any_of(plan, [&](const Entry& entry) {
        return entry.charge_id == charge.id && (entry.kind == Kind::hold || entry.at >= from);
      });
      if (charge.at >= from || !waits) continue;
      from = charge.at;
      moved = true;
    }
  }
  return from;
}

// What is planned from a moment on, with the sums of what was before, is what the whole plan says from there
// on.
TEST(PlanRandom, APlanMayBeginAnywhere) {
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    const auto book = random_book(seed);
    const auto whole = book.plan();
    Random random{seed + 2};
    for (int times = 0; times < 4; ++times) {
      auto from = moment(random.date());
      if (times == 3 && !book.charges.empty()) from = book.charges.front().at;
      from = not_behind_what_was_held(book, whole, from);
      std::vector<Entry> before;
      std::vector<Entry> after;
      for (const auto& entry : whole) (entry.at < from ? before : after).push_back(entry);
      ASSERT_EQ(words(book.plan_from(from, before)), words(after)) << timing::to_rfc3339(from);
    }
  }
}

// What would happen later has not happened, and nothing that has happened depends on it.
TEST(PlanRandom, ALaterLookOnlyAdds) {
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    auto book = random_book(seed);
    const auto late = book.plan();
    book.now = moment("2026-06-15");
    std::erase_if(book.charges, [&](const Charge& charge) { return charge.at > book.now; });
    const auto early = book.plan();
    // Except that what is held finds its place when there is enough.
    const auto happened = [&](const std::vector<Entry>& plan) {
      std::vector<Entry> entries;
      std::ranges::copy_if(plan, std::back_inserter(entries), [&](const Entry& entry) {
        return entry.kind != Kind::hold && entry.at <= book.now;
      });
      return words(entries);
    };
    ASSERT_EQ(happened(early), happened(late));
  }
}

}  // namespace
}  // namespace collector::ledger
