// What somebody is told of contracts: once, whatever is worked out again.

#include "collector/store/notices.h"

#include <algorithm>
#include <tuple>

#include "collector/actions/contracts.h"
#include "collector/pipeline/notice_ladder.h"
#include "collector/pipeline/notice_state.h"
#include "collector/store/directory.h"
#include "collector/store/ledger.h"
#include "tests/collector/pipeline/office.h"
#include "tests/collector/store/small_world.h"

namespace collector::pipeline {
namespace {

using directory::Exhaustion;
using directory::Model;
using std::chrono::year;
using Words = std::vector<std::string>;

class PipelineNoticesTest : public OfficeTest {
 protected:
  static directory::Contract contract(Exhaustion policy = Exhaustion::negative) {
    directory::Contract one;
    one.name = "Terms";
    one.terms.exhaustion = policy;
    one.terms.notice_percent = {80};
    one.start_day = year{2026} / 11 / 1;
    return one;
  }
  void session(const std::string& key, std::int64_t start_min, std::int64_t charged_min) {
    receive({completed(key, kStranger, at_min(start_min), 5min)});
    comment(kStranger, at_min(start_min), "Work {" + std::to_string(charged_min) + "}");
  }
  // Whenever it is, from the first day on.
  void sell(std::int64_t minutes, std::optional<std::chrono::year_month_day> day = {}) {
    const auto id = contract_id("garage");
    write([&](store::Transaction& t) {
      const auto directory = must(store::load_directory(t, store::utc_start_of_day));
      const auto& one = *std::ranges::find(directory.contracts, id, &directory::Contract::id);
      must(actions::sell(t, {.who = "mary", .why = "invoice", .now = clock_.now}, one,
                         {.quantity = minutes, .first_day = day}, store::utc_start_of_day));
    });
  }
  void later(std::int64_t minute) {
    clock_.now = at_min(minute);
    run();
  }
  // "1 80 % used: 10 of 60 min left", with "over" and "mailed" behind it.
  Words notices() {
    Words all;
    for (const auto& row : read([](store::Transaction& t) { return must(store::list_notices(t, true)); })) {
      all.push_back(std::to_string(row.id) + " " + ledger::text(row.notice) + (row.over ? " over" : "") +
                    (row.mailed ? " mailed" : ""));
    }
    return all;
  }
  // All of every row.
  Words rows() {
    Words all;
    for (const auto& row : read([](store::Transaction& t) { return must(store::list_notices(t, true)); })) {
      const auto& n = row.notice;
      all.push_back(std::to_string(row.id) + " " + std::string{ledger::to_string(n.kind)} + " " +
                    std::to_string(n.threshold) + " " + n.occasion + " " + timing::to_rfc3339(n.at) + " " +
                    std::to_string(n.left) + "/" + std::to_string(n.of) + " " +
                    std::to_string(n.session_id.value_or(0)) + " " + timing::to_rfc3339(row.created) +
                    (row.over ? " " + timing::to_rfc3339(*row.over) : ""));
    }
    return all;
  }
};
INSTANTIATE_TEST_SUITE_P(On, PipelineNoticesTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(PipelineNoticesTest, EachThresholdOnce) {
  add_customer("garage", kStranger, contract());
  sell(100, year{2026} / 11 / 1);
  session("a", 10, 79);
  later(100);
  EXPECT_EQ(notices(), Words{});
  session("b", 20, 1);
  later(110);
  EXPECT_EQ(notices(), Words{"1 80 % used: 20 of 100 min left"});
  session("c", 30, 30);
  session("d", 40, 5);
  later(120);
  EXPECT_EQ(notices(), (Words{"1 80 % used: 20 of 100 min left", "2 used up: 10 min below zero"}));
  EXPECT_EQ(run(), 0) << "nothing is left to do";
}

TEST_P(PipelineNoticesTest, ALateSessionThatPassesItEarlierIsNoNews) {
  add_customer("garage", kStranger, contract());
  sell(100, year{2026} / 11 / 1);
  session("b", 20, 85);
  later(100);
  EXPECT_EQ(notices(), Words{"1 80 % used: 15 of 100 min left"});
  session("a", 10, 80);
  later(110);
  EXPECT_EQ(notices(), (Words{"1 80 % used: 15 of 100 min left", "2 used up: 65 min below zero"}));
}

TEST_P(PipelineNoticesTest, WhatIsTakenBackIsOverAndComesBackAsTheSameRow) {
  add_customer("garage", kStranger, contract());
  sell(100, year{2026} / 11 / 1);
  session("a", 10, 85);
  later(100);
  comment(kStranger, at_min(10), "Wait ~");
  later(110);
  EXPECT_EQ(notices(), Words{"1 80 % used: 15 of 100 min left over"});
  comment(kStranger, at_min(10), "Done {90}");
  later(120);
  EXPECT_EQ(notices(), Words{"1 80 % used: 15 of 100 min left"}) << "as it was told";
}

TEST_P(PipelineNoticesTest, ASaleEndsItAndIsAnotherOccasion) {
  add_customer("garage", kStranger, contract());
  sell(100, year{2026} / 11 / 1);
  session("a", 10, 85);
  later(100);
  sell(100);
  later(101);
  EXPECT_EQ(notices(), Words{"1 80 % used: 15 of 100 min left over"});
  session("b", 102, 100);
  later(110);
  EXPECT_EQ(notices(), (Words{"1 80 % used: 15 of 100 min left over", "2 80 % used: 15 of 100 min left"}));
}

TEST_P(PipelineNoticesTest, WhatWasMadeGoodBeforeAnybodySawItIsNotNoted) {
  add_customer("garage", kStranger, contract());
  sell(100, year{2026} / 11 / 1);
  session("a", 10, 85);
  clock_.now = at_min(100);
  sell(100);
  run();
  EXPECT_EQ(notices(), Words{});
}

// The second sale raised what was left above the threshold; with a late session before it, it did not.
TEST_P(PipelineNoticesTest, AnOccasionThatIsNoneAnyMoreIsNoReasonToTellTwice) {
  add_customer("garage", kStranger, contract());
  sell(100, year{2026} / 11 / 1);
  sell(20, year{2026} / 11 / 17);
  const auto day = 24 * 60;
  session("a", 10, 50);
  session("b", 2 * day, 68);
  later(3 * day);
  ASSERT_EQ(notices(), Words{"1 80 % used: 2 of 20 min left"});
  session("late", 20, 80);
  later(3 * day + 10);
  EXPECT_EQ(notices(), (Words{"1 80 % used: 2 of 20 min left", "2 used up: 30 min below zero"}));
  const auto kept = read([](store::Transaction& t) { return must(store::list_notices(t, true)); });
  EXPECT_EQ(kept[0].notice.occasion, kept[1].notice.occasion) << "both since the first sale";
}

TEST_P(PipelineNoticesTest, TimeAloneTellsOfAnEndAndALongerContractIsNotSoonOver) {
  auto one = contract();
  one.end_day = year{2026} / 12 / 31;
  one.terms.notice_days = {30, 7};
  add_customer("garage", kStranger, one);
  run();
  EXPECT_EQ(notices(), Words{});
  clock_.now = timing::from_rfc3339("2026-11-30T23:59:59Z").value();
  run();
  EXPECT_EQ(notices(), Words{});
  clock_.now += 1s;
  run();
  EXPECT_EQ(notices(), Words{"1 ends in 30 days, on 2026-12-31"});
  clock_.now += 24h * 24;
  run();
  EXPECT_EQ(notices(), (Words{"1 ends in 30 days, on 2026-12-31", "2 ends in 7 days, on 2026-12-31"}));
  one.end_day = year{2027} / 1 / 31;
  add_customer("garage", "", one);
  run();
  EXPECT_EQ(notices(),
            (Words{"1 ends in 30 days, on 2026-12-31 over", "2 ends in 7 days, on 2026-12-31 over"}));
  clock_.now = timing::from_rfc3339("2027-01-01T00:00:00Z").value();
  run();
  ASSERT_EQ(notices().size(), 3U);
  EXPECT_EQ(notices()[2], "3 ends in 30 days, on 2027-01-31");
  clock_.now = timing::from_rfc3339("2027-02-01T00:00:00Z").value();
  run();
  EXPECT_EQ(read([](store::Transaction& t) { return must(store::list_notices(t, false)); }).size(), 0U)
      << "what has ended ends no more";
  EXPECT_EQ(run(), 0);
}

TEST_P(PipelineNoticesTest, KilledBeforeEachCommitItComesToTheSameRows) {
  const auto play = [&](bool killed) {
    add_customer("garage", kStranger, contract(Exhaustion::hold));
    sell(100, year{2026} / 11 / 1);
    clock_.now = at_min(100);
    for (const auto& [key, start, minutes] :
         {std::tuple{"b", 20, 85}, std::tuple{"a", 10, 10}, std::tuple{"c", 30, 40}}) {
      clock_.now += 10min;
      session(key, start, minutes);
      if (minutes == 40) sell(60);
      while (step(killed) != Step::none) {
        if (killed) step();
      }
    }
    // PostgreSQL gives a number once, also to what was killed.
    return GetParam() == store::Dialect::sqlite ? rows() : ledger("garage");
  };
  const auto first = play(false);
  EXPECT_FALSE(first.empty());
  begin_anew();
  EXPECT_EQ(play(true), first);
}

TEST_P(PipelineNoticesTest, ACustomerWhoIsNotToldGetsNoMail) {
  auto one = contract();
  one.mail_customer = false;
  add_customer("garage", kStranger, one);
  session("a", 10, 20);
  later(100);
  later(300);
  EXPECT_EQ(mails().size(), 0U);
  EXPECT_EQ(balance("garage"), -20) << "he is charged all the same";
  // Told again: of what comes from now on.
  one.mail_customer = true;
  add_customer("garage", "", one);
  session("b", 310, 20);
  later(320);
  later(400);
  ASSERT_EQ(mails().size(), 1U);
  // What waits for its window when the switch is put stays untold.
  session("c", 410, 20);
  later(420);
  one.mail_customer = false;
  add_customer("garage", "", one);
  later(600);
  EXPECT_EQ(mails().size(), 1U);
}

TEST_P(PipelineNoticesTest, WhatIsHeldTakesEffectWithTheSaleAndStaysSo) {
  add_customer("garage", kStranger, contract(Exhaustion::hold));
  session("a", 10, 50);
  later(100);
  EXPECT_EQ(ledger("garage"), Words{"2026-11-16 08:10 hold a:"});
  clock_.now = at_min(200);
  sell(60);
  run();
  const Words posted{"2026-11-16 11:20 consumption a: left -50, work 50",
                     "2026-11-16 11:20 grant: left 60, sold -60"};
  EXPECT_EQ(ledger("garage"), posted);
  // A plan that begins between the session's moment and the sale takes both along.
  session("b", 150, 20);
  later(210);
  EXPECT_EQ(ledger("garage"), (Words{"2026-11-16 10:30 hold b:", posted[0], posted[1]}))
      << "what waits longest comes first";
  EXPECT_EQ(run(), 0);
}

// One contract with more sessions than are read again each time.
TEST_P(PipelineNoticesTest, ALongLedgerIsGoneOnFromALateMoment) {
  auto one = contract();
  one.terms.notice_percent = {50, 80};
  one.terms.notice_left = {5};
  add_customer("garage", kStranger, one);
  sell(1'000, year{2026} / 11 / 1);
  const auto many = [&](int from, int to) {
    for (int n = from; n < to; ++n) session("s" + std::to_string(1'000 + n), n, 1);
    later(to + 10);
  };
  const auto id = contract_id("garage");
  const auto state = [&] {
    return read(
        [&](store::Transaction& t) { return must(store::find_notice_state(t, id, timing::UtcMs::max())); });
  };
  many(0, kEntriesMax - 1);
  EXPECT_FALSE(state()) << "few enough to read all";
  many(kEntriesMax - 1, 520);
  ASSERT_TRUE(state());
  const auto first = state()->before;
  EXPECT_EQ(notices(), Words{"1 50 % used: 500 of 1000 min left"});
  many(520, 810);
  EXPECT_GE(state()->before, first);
  EXPECT_EQ(notices(), (Words{"1 50 % used: 500 of 1000 min left", "2 80 % used: 200 of 1000 min left"}));
  // Long before what is kept: both thresholds were passed earlier, and nobody is told again.
  session("late", 2, 300);
  later(900);
  EXPECT_EQ(notices(), (Words{"1 50 % used: 500 of 1000 min left", "2 80 % used: 200 of 1000 min left",
                              "3 at most 5 min left: 5 of 1000 min left", "4 used up: nothing left"}));
  const auto rows_now = rows();
  ASSERT_TRUE(state());
  write([&](store::Transaction& t) {
    auto other = *must(store::find_notice_state(t, id, timing::UtcMs::max()));
    auto wrong = must(notice_state_from(other.state));
    wrong.pot += 1;
    other.state = to_json(wrong);
    must(store::put_notice_state(t, other));
  });
  session("one more", 950, 1);
  later(1'000);
  EXPECT_EQ(rows(), rows_now) << "what is kept is not believed against the accounts";
  write([&](store::Transaction& t) {
    auto damaged = *must(store::find_notice_state(t, id, timing::UtcMs::max()));
    damaged.state = "{";
    must(store::put_notice_state(t, damaged));
  });
  session("and another", 1'050, 1);
  later(1'100);
  EXPECT_EQ(rows(), rows_now) << "and stops nobody";
}

// Sessions that come late by little and by much: what is told is what one reading of the whole ledger tells.
TEST_P(PipelineNoticesTest, LateSessionsFindAMomentBeforeThem) {
  auto one = contract();
  one.terms.notice_percent = {10, 20, 30, 40, 50, 60, 70, 80, 90};
  add_customer("garage", kStranger, one);
  sell(210, year{2026} / 11 / 1);
  const auto id = contract_id("garage"), customer = customer_id("garage");
  std::size_t states_max = 0;
  for (int n = 0; n < 90; ++n) {
    session("s" + std::to_string(n), 2 * n, 1);
    if (n % 7 == 6) session("late " + std::to_string(n), 2 * (n - n % 50 + n % 50 / 7) + 1, 2);
    later(2 * n + 20);
    states_max = std::max(
        states_max, read([&](store::Transaction& t) { return must(store::notice_states_of(t, id)); }).size());
  }
  EXPECT_GE(states_max, 2U);
  EXPECT_LE(states_max, 12U);
  // Which session passed a threshold first may have changed since it was told; that it was passed has not.
  const auto told = notices();
  write([&](store::Transaction& t) {
    must(store::drop_notice_states_behind(t, id, timing::UtcMs::min()));
    must(store::plan_again(t, customer, at_min(0)));
  });
  const auto before = rows();
  run();
  EXPECT_EQ(rows(), before) << "read from its first entry the ledger says the same";
  EXPECT_EQ(told.size(), 5U);
}

// A ledger that grows by one entry after another, as long as `size`.
std::vector<std::int64_t> ladder_of(std::int64_t size) {
  std::vector<std::int64_t> rungs;
  for (std::int64_t n = kEntriesMax; n <= size; n += kEntriesMax - kEntriesBehind) {
    rungs.insert(rungs.begin(), n);
    auto drop = rungs_to_drop(rungs);
    while (!drop.empty()) {
      rungs.erase(rungs.begin() + static_cast<std::ptrdiff_t>(drop.back()));
      drop.pop_back();
    }
  }
  return rungs;
}

TEST(NoticeLadder, FromAnyPlaceALittleMoreThanWhatIsBehindItIsRead) {
  for (const std::int64_t size : {16, 100, 1'000, 20'000}) {
    const auto rungs = ladder_of(size);
    for (std::int64_t place = 0; place <= rungs.front(); ++place) {
      const auto below = std::ranges::find_if(rungs, [&](std::int64_t rung) { return rung <= place; });
      const auto begin = below == rungs.end() ? 0 : *below;
      ASSERT_LE(rungs.front() - begin, 2 * (rungs.front() - place) + 4 * kEntriesMax)
          << place << " of " << size;
    }
  }
}

TEST(NoticeLadder, GrowsWithTheLogarithm) {
  EXPECT_TRUE(rungs_to_drop({}).empty());
  EXPECT_TRUE(rungs_to_drop(std::vector<std::int64_t>{900}).empty()) << "the newest always stays";
  EXPECT_LE(ladder_of(1'000).size(), 12U);
  EXPECT_LE(ladder_of(100'000).size(), 26U);
}

TEST(NoticeState, IsTheSameAfterItWasWritten) {
  directory::Contract contract;
  contract.model = directory::Model::prepaid_money;
  contract.terms.notice_left = {500};
  auto state = ledger::first_notice_state(contract);
  state.lots["bought 2026-11-01..2026-11-30"] = {.size = 9'000, .left = -1};
  state.pot = -70;
  state.bought = 12;
  state.bought_at = timing::from_ms(1'790'000'000'123);
  state.told.push_back({.contract_id = 3,
                        .kind = ledger::NoticeKind::left,
                        .threshold = 500,
                        .occasion = "entry 7",
                        .at = timing::from_ms(5),
                        .left = 499,
                        .of = 9'000,
                        .unit = "EUR",
                        .session_id = 8,
                        .over = true});
  state.told.push_back(state.told.front());
  state.told.back().session_id.reset();
  state.marks.back().passed_by = 1;
  state.marks.back().occasion = "\"quoted\"";
  EXPECT_EQ(must(notice_state_from(to_json(state))), state);
  EXPECT_EQ(to_json(must(notice_state_from(to_json(state)))), to_json(state));
}

TEST(NoticeState, RefusesWhatItDidNotWrite) {
  const auto good = to_json(ledger::first_notice_state({}));
  ASSERT_TRUE(notice_state_from(good));
  for (const auto& [from, to] :
       {std::pair{"\"used\"", "\"lost\""}, std::pair{"\"pot\":0", "\"pot\":\"0\""},
        std::pair{"\"pot\":0,", ""}, std::pair{"\"armed\":false", "\"passed_by\":0,\"armed\":false"}}) {
    auto bad = good;
    const auto place = bad.find(from);
    ASSERT_NE(place, std::string::npos) << from;
    const auto state = notice_state_from(bad.replace(place, std::string_view{from}.size(), to));
    ASSERT_FALSE(state) << bad;
    EXPECT_EQ(state.error().code, base::ErrorCode::corrupt);
  }
  EXPECT_FALSE(notice_state_from(""));
  EXPECT_FALSE(notice_state_from("[]"));
}

}  // namespace
}  // namespace collector::pipeline
