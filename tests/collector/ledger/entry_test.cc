#include "collector/ledger/entry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <random>
#include <vector>

namespace {

using namespace collector::ledger;
using collector::directory::Model;

constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
constexpr auto kMax = std::numeric_limits<std::int64_t>::max();

Posting charge(Model model, std::int64_t minutes) {
  return {.contract_id = 7,
          .model = model,
          .session_id = 70,
          .charge_id = 700,
          .minutes = minutes,
          .reason = "test"};
}

Entry stored(std::int64_t id, Entry entry) {
  entry.id = id;
  return entry;
}

TEST(Ledger, TheModelGivesTheSignOnly) {
  const auto prepaid = post(charge(Model::prepaid, 20));
  EXPECT_EQ(prepaid.kind, Kind::consumption);
  EXPECT_EQ(prepaid.minutes, -20);
  const auto indefinite = post(charge(Model::indefinite, 20));
  EXPECT_EQ(indefinite.kind, Kind::accrual);
  EXPECT_EQ(indefinite.minutes, 20);
  EXPECT_EQ(indefinite.session_id, 70);
  EXPECT_EQ(indefinite.charge_id, 700);
}

TEST(Ledger, SixHundredBoughtTwentyUsed) {
  const std::vector<Entry> entries{grant(7, 600, "bought").value(), post(charge(Model::prepaid, 20))};
  EXPECT_EQ(balance(entries).value(), 580);
}

TEST(Ledger, GrantsAreChecked) {
  for (const std::int64_t minutes : {kMin, std::int64_t{-1}, std::int64_t{0}, kGrantMax_min + 1, kMax}) {
    EXPECT_FALSE(grant(7, minutes, "")) << minutes;
  }
  EXPECT_TRUE(grant(7, 1, ""));
  EXPECT_TRUE(grant(7, kGrantMax_min, ""));
}

TEST(Ledger, TheBalanceMayBeNegativeAndIsOverflowChecked) {
  EXPECT_EQ(balance({}).value(), 0);
  EXPECT_EQ(balance(std::vector{post(charge(Model::prepaid, 20))}).value(), -20);
  Entry huge = post(charge(Model::indefinite, kMax));
  const Entry one = post(charge(Model::indefinite, 1));
  const auto sum = balance(std::vector{huge, one});
  ASSERT_FALSE(sum);
  EXPECT_EQ(sum.error().code, base::ErrorCode::corrupt);
  // On the way it may leave the range, in whatever order.
  const Entry back = reverse(stored(2, one), "");
  EXPECT_EQ(balance(std::vector{huge, one, back}).value(), kMax);
}

TEST(LedgerDeathTest, OurOwnMistakesStopTheProgram) {
  EXPECT_DEATH(post(charge(Model::prepaid, -1)), "posting.minutes >= 0");
  const auto entry = post(charge(Model::prepaid, 5));
  EXPECT_DEATH(reverse(entry, ""), "entry.id > 0");
  EXPECT_DEATH(reverse(stored(2, reverse(stored(1, entry), "")), ""), "Kind::reversal");
}

TEST(Ledger, KindsHaveNames) {
  for (const auto kind : {Kind::grant, Kind::consumption, Kind::accrual, Kind::reversal}) {
    EXPECT_EQ(kind_from(to_string(kind)).value(), kind);
  }
  EXPECT_FALSE(kind_from("refund"));
}

TEST(Ledger, CheckNamesWhatIsBroken) {
  const auto bought = stored(1, grant(7, 600, "").value());
  const auto used = stored(2, post(charge(Model::prepaid, 20)));
  const auto undone = stored(3, reverse(used, ""));
  EXPECT_TRUE(check({}));
  EXPECT_TRUE(check(std::vector{undone, used, bought}));

  const auto changed = [](Entry entry, auto change) {
    change(entry);
    return entry;
  };
  struct Row {
    std::vector<Entry> entries;
    const char* message;
  };
  const Row rows[] = {
      {{bought, bought}, "twice"},
      {{stored(0, bought)}, "not stored"},
      {{bought, changed(used, [](Entry& e) { e.contract_id = 8; })}, "another contract"},
      {{changed(bought, [](Entry& e) { e.minutes = 0; })}, "wrong sign"},
      {{changed(used, [](Entry& e) { e.minutes = 20; })}, "wrong sign"},
      {{changed(used, [](Entry& e) { e.reverses_entry_id = 1; })}, "reverses"},
      {{bought, undone}, "not there"},
      {{used, changed(undone, [](Entry& e) { e.minutes = 19; })}, "opposite"},
      {{used, undone, stored(4, undone)}, "second time"},
      {{used, undone, changed(stored(4, undone), [](Entry& e) { e.reverses_entry_id = 3; })}, "a reversal"},
      {{changed(used, [](Entry& e) { e.minutes = kMin; }),
        changed(undone, [](Entry& e) { e.minutes = kMin; })},
       "opposite"},
  };
  for (const auto& row : rows) {
    const auto checked = check(row.entries);
    ASSERT_FALSE(checked) << row.message;
    EXPECT_EQ(checked.error().code, base::ErrorCode::corrupt);
    EXPECT_THAT(checked.error().message, testing::HasSubstr(row.message));
  }
}

// Whatever happens to a contract, its balance is what was granted less (or
// plus) what was charged and not undone, in every order.
TEST(Ledger, RandomScripts) {
  std::mt19937 random{20261116};
  for (int script = 0; script < 300; ++script) {
    const auto model = script % 2 == 0 ? Model::prepaid : Model::indefinite;
    const std::int64_t sign = model == Model::prepaid ? -1 : 1;
    std::vector<Entry> entries;
    std::map<std::int64_t, std::int64_t> standing;  // Entry id to its minutes, as long as it is not undone.
    std::int64_t granted = 0, charged = 0;
    for (int step = 0; step < 60; ++step) {
      const auto id = static_cast<std::int64_t>(entries.size()) + 1;
      const auto minutes = static_cast<std::int64_t>(random() % 1440);
      const auto what = random() % 4;
      if (what == 0 && model == Model::prepaid) {
        entries.push_back(stored(id, grant(7, minutes + 1, "").value()));
        granted += minutes + 1;
      } else if (what == 1 && !standing.empty()) {
        const auto before = balance(entries).value();
        const auto victim =
            std::next(standing.begin(), static_cast<std::ptrdiff_t>(random() % standing.size()));
        entries.push_back(stored(id, reverse(entries.at(static_cast<std::size_t>(victim->first - 1)), "")));
        ASSERT_EQ(balance(entries).value(), before - sign * victim->second);
        charged -= victim->second;
        standing.erase(victim);
      } else {
        entries.push_back(stored(id, post(charge(model, minutes))));
        standing[id] = minutes;
        charged += minutes;
      }
      ASSERT_EQ(balance(entries).value(), granted + sign * charged);
    }
    ASSERT_TRUE(check(entries));
    std::ranges::shuffle(entries, random);
    ASSERT_EQ(balance(entries).value(), granted + sign * charged);
    ASSERT_TRUE(check(entries));
  }
}

}  // namespace
