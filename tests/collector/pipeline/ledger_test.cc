// What charges, purchases and time do to the ledgers, whatever order they come in.

#include "collector/store/ledger.h"

#include <algorithm>
#include <random>

#include "collector/actions/contracts.h"
#include "collector/store/directory.h"
#include "tests/collector/pipeline/office.h"
#include "tests/collector/store/small_world.h"

namespace collector::pipeline {
namespace {

using directory::Exhaustion;
using directory::Model;
using directory::Period;
using std::chrono::year;
using Words = std::vector<std::string>;

class PipelineLedgerTest : public OfficeTest {
 protected:
  static directory::Contract contract(Model model, Exhaustion policy = Exhaustion::negative) {
    directory::Contract one;
    one.name = "Terms";
    one.model = model;
    one.terms.exhaustion = policy;
    one.terms.overage_per_hour = 6'000;
    one.start_day = year{2026} / 11 / 1;
    return one;
  }
  // A session of so many charged minutes at a minute of the day.
  void session(const std::string& key, std::int64_t start_min, std::int64_t charged_min) {
    receive({completed(key, kStranger, at_min(start_min), 5min)});
    comment(kStranger, at_min(start_min), "Work {" + std::to_string(charged_min) + "}");
  }
  directory::Contract stored(const std::string& customer) {
    const auto id = contract_id(customer);
    return read([&](store::Transaction& t) {
      const auto directory = must(store::load_directory(t, store::utc_start_of_day));
      return *std::ranges::find(directory.contracts, id, &directory::Contract::id);
    });
  }
  // Every entry, line and charge there ever was, in order.
  Words rows() {
    Words all;
    const auto garage = customer_id("garage");
    for (const auto& [entry, open, billed] :
         read([&](store::Transaction& t) { return must(store::entries_from(t, garage, store::at(0))); })) {
      std::string text =
          std::to_string(entry.id) + " " + entry.kind + " " + std::to_string(timing::to_ms(entry.at)) + " " +
          entry.subject + " " + std::to_string(entry.charge_id.value_or(0)) + " " +
          std::to_string(entry.reverses_entry_id.value_or(0)) + " " + entry.reason + " " +
          std::to_string(timing::to_ms(entry.created)) + (open ? " open" : "") + (billed ? " billed" : "");
      for (const auto& line : entry.lines)
        text += "; " + line.kind + line.lot + std::to_string(line.quantity) + line.unit;
      all.push_back(std::move(text));
    }
    for (const auto& charge :
         read([&](store::Transaction& t) { return must(store::charges_from(t, garage, store::at(0))); })) {
      all.push_back(std::to_string(charge.id) + " " + charge.subject + " " + std::to_string(charge.minutes) +
                    " " + charge.steps + " " + std::to_string(timing::to_ms(charge.created)));
    }
    return all;
  }
};
INSTANTIATE_TEST_SUITE_P(On, PipelineLedgerTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(PipelineLedgerTest, ALateSessionTakesItsPlaceAndTheLaterOneIsWorkedOutAgain) {
  add_customer("garage", kStranger, contract(Model::prepaid, Exhaustion::split));
  grant("garage", 30);
  session("b", 60, 30);
  clock_.now = at_min(100);
  run();
  EXPECT_EQ(ledger("garage"), (Words{"2026-11-16 08:00 grant: left 30, sold -30",
                                     "2026-11-16 09:00 consumption b: left -30, work 30"}));
  session("a", 30, 20);
  clock_.now = at_min(110);
  run();
  EXPECT_EQ(
      ledger("garage"),
      (Words{"2026-11-16 08:00 grant: left 30, sold -30", "2026-11-16 08:30 consumption a: left -20, work 20",
             "2026-11-16 09:00 overage b: left -10, due -20, due -2000 EUR, work 2000 EUR, work 30"}));
  EXPECT_EQ(entries("b"), (std::vector<std::int64_t>{-30, 30, -10}));
  EXPECT_EQ(run(), 0);
}

TEST_P(PipelineLedgerTest, WhatIsHeldIsPostedWhenThereIsEnough) {
  add_customer("garage", kStranger, contract(Model::prepaid, Exhaustion::hold));
  session("a", 30, 20);
  clock_.now = at_min(100);
  run();
  EXPECT_EQ(ledger("garage"), Words{"2026-11-16 08:30 hold a:"});
  const auto terms = stored("garage");
  write([&](store::Transaction& t) {
    const actions::Actor mary{.who = "mary", .why = "agreed by phone", .now = clock_.now};
    must(actions::sell(t, mary, terms, {.quantity = 60, .first_day = year{2026} / 11 / 16},
                       store::utc_start_of_day));
  });
  run();
  EXPECT_EQ(ledger("garage"), (Words{"2026-11-16 00:00 grant: left 60, sold -60",
                                     "2026-11-16 08:30 consumption a: left -20, work 20"}));
}

TEST_P(PipelineLedgerTest, TimeAloneBillsFeesAndLetsMinutesExpire) {
  auto flat = contract(Model::flat_fee);
  flat.terms.period = Period::month;
  flat.terms.fee = 10'000;
  flat.terms.included_min = 60;
  flat.end_day = year{2026} / 12 / 31;
  add_customer("garage", kStranger, flat);
  session("a", 30, 20);
  clock_.now = at_min(100);
  run();
  EXPECT_EQ(ledger("garage").size(), 3U);
  clock_.now = timing::from_rfc3339("2026-11-30T23:59:59.999Z").value();
  run();
  EXPECT_EQ(ledger("garage").size(), 3U);
  clock_.now += 1ms;
  run();
  EXPECT_EQ(ledger("garage"),
            (Words{"2026-11-01 00:00 fee 2026-11-01: due -10000 EUR, fees 10000 EUR",
                   "2026-11-01 00:00 included included 2026-11-01..2026-11-30: left 60, sold -60",
                   "2026-11-16 08:30 consumption a: left -20, work 20",
                   "2026-12-01 00:00 expiry included 2026-11-01..2026-11-30: left -40, expired 40",
                   "2026-12-01 00:00 fee 2026-12-01: due -10000 EUR, fees 10000 EUR",
                   "2026-12-01 00:00 included included 2026-12-01..2026-12-31: left 60, sold -60"}));
  clock_.now = timing::from_rfc3339("2028-01-01T00:00:00Z").value();
  run();
  EXPECT_EQ(ledger("garage").size(), 7U) << "and the last minutes expire";
  EXPECT_EQ(run(), 0);
}

TEST_P(PipelineLedgerTest, ASessionOfAClockThatIsAheadDoesNotWait) {
  add_customer("garage", kStranger, contract(Model::prepaid, Exhaustion::split));
  session("a", 60 * 24 * 400, 20);
  run();
  EXPECT_EQ(ledger("garage").size(), 1U);
}

TEST_P(PipelineLedgerTest, BackToReviewMeansNoEntryAndNoCharge) {
  add_customer("garage", kStranger, contract(Model::prepaid));
  session("a", 30, 20);
  clock_.now = at_min(100);
  run();
  EXPECT_EQ(ledger("garage").size(), 1U);
  comment(kStranger, at_min(30), "Wait ~");
  run();
  EXPECT_EQ(ledger("garage"), Words{});
  EXPECT_EQ(entries("a"), (std::vector<std::int64_t>{-20, 20}));
  comment(kStranger, at_min(30), "Done {20}");
  run();
  EXPECT_EQ(ledger("garage"), Words{"2026-11-16 08:30 consumption a: left -20, work 20"});
}

TEST_P(PipelineLedgerTest, AContractThatIsMadeLongerGivesBackWhatHadExpired) {
  auto short_one = contract(Model::prepaid);
  short_one.end_day = year{2026} / 11 / 10;
  add_customer("garage", kStranger, short_one);
  const auto terms = stored("garage");
  write([&](store::Transaction& t) {
    must(actions::sell(t, {.who = "mary", .why = "", .now = clock_.now}, terms,
                       {.quantity = 60, .first_day = year{2026} / 11 / 1}, store::utc_start_of_day));
  });
  run();
  EXPECT_EQ(balance("garage"), 0);
  short_one.end_day = year{2026} / 12 / 31;
  add_customer("garage", "", short_one);
  run();
  EXPECT_EQ(balance("garage"), 60);
  EXPECT_EQ(run(), 0);
}

TEST_P(PipelineLedgerTest, PeoplesEntriesAreCheckedNotedAndStand) {
  add_customer("garage", kStranger, contract(Model::prepaid));
  add_customer("office", "", contract(Model::hourly));
  auto project = contract(Model::project_fixed);
  project.terms.fee = 50'000;
  add_customer("school", "", project);
  const actions::Actor mary{.who = "mary", .why = "agreed", .now = clock_.now};
  const auto refused_for = [&](auto act) { return refused([&](store::Transaction& t) { return act(t); }); };
  const auto prepaid = stored("garage");
  const auto hourly = stored("office");
  const auto school = stored("school");
  using base::ErrorCode;
  const auto day = [](int n) { return year{2026} / 11 / n; };
  const auto sell = [&](const directory::Contract& one, const actions::Sale& sale) {
    return refused_for(
        [&](store::Transaction& t) { return actions::sell(t, mary, one, sale, store::utc_start_of_day); });
  };
  EXPECT_EQ(sell(hourly, {.quantity = 60}), ErrorCode::invalid_argument);
  EXPECT_EQ(sell(prepaid, {.quantity = 0}), ErrorCode::invalid_argument);
  EXPECT_EQ(sell(prepaid, {.quantity = 60, .last_day = day(5)}), ErrorCode::invalid_argument);
  EXPECT_EQ(sell(prepaid, {.quantity = 60, .first_day = day(5), .last_day = day(4)}),
            ErrorCode::invalid_argument);
  EXPECT_EQ(sell(prepaid, {.quantity = 60, .first_day = year{2025} / 1 / 1}), ErrorCode::invalid_argument);
  EXPECT_EQ(refused_for([&](store::Transaction& t) { return actions::adjust(t, mary, prepaid, "USD", 5); }),
            ErrorCode::invalid_argument);
  EXPECT_EQ(refused_for([&](store::Transaction& t) { return actions::complete(t, mary, prepaid); }),
            ErrorCode::invalid_argument);
  write([&](store::Transaction& t) {
    must(actions::sell(t, mary, prepaid, {.quantity = 60, .first_day = day(5), .last_day = day(30)},
                       store::utc_start_of_day));
    must(actions::adjust(t, mary, prepaid, "min", -15));
    must(actions::adjust(t, mary, hourly, "EUR", 500));
    must(actions::complete(t, mary, school));
  });
  EXPECT_EQ(refused_for([&](store::Transaction& t) { return actions::complete(t, mary, school); }),
            ErrorCode::conflict);
  run();
  EXPECT_EQ(ledger("garage"),
            (Words{"2026-11-05 00:00 grant bought 2026-11-05..2026-11-30: left 60, sold -60",
                   "2026-11-16 08:00 adjustment: left -15, work 15"}));
  EXPECT_EQ(ledger("office"), Words{"2026-11-16 08:00 adjustment: due 500 EUR, work -500 EUR"});
  EXPECT_EQ(ledger("school"), Words{"2026-11-16 08:00 completion: due -50000 EUR, fees 50000 EUR"});
  const auto changes = read([](store::Transaction& t) { return must(store::list_changes(t, {})); });
  ASSERT_EQ(changes.size(), 4U);
  EXPECT_EQ(changes[3].change.action, "sell");
  EXPECT_EQ(changes[0].change.object, "contract");
  EXPECT_EQ(changes[0].change.why, "agreed");
}

// The day's sessions, in some order, with purchases between them.
struct Arrival {
  std::string key;
  std::int64_t start_min = 0;
  std::int64_t charged_min = 0;
};
const std::vector<Arrival> kDay{{"a", 5, 20},   {"b", 30, 50},  {"c", 31, 10}, {"d", 90, 0},
                                {"e", 120, 40}, {"f", 121, 10}, {"g", 200, 30}};

TEST_P(PipelineLedgerTest, FactsOfADayInAnyOrderGiveTheSameLedgers) {
  std::mt19937 random{20261116};
  const auto rounds = GetParam() == store::Dialect::sqlite ? 8 : 3;
  for (const auto policy : {Exhaustion::split, Exhaustion::hold, Exhaustion::next}) {
    SCOPED_TRACE(static_cast<int>(policy));
    Words expected;
    for (int round = 0; round < rounds; ++round) {
      const auto code = "garage" + std::to_string(static_cast<int>(policy)) + "x" + std::to_string(round);
      const auto address = "5" + std::to_string(10'000'000 + static_cast<int>(policy) * 1'000 + round);
      auto terms = contract(Model::prepaid, policy);
      terms.terms.included_min = 15;
      terms.terms.period = Period::month;
      add_customer(code, address, terms);
      auto arrivals = kDay;
      if (round > 0) std::ranges::shuffle(arrivals, random);
      clock_.now = at_min(1'000);
      const auto sold_after = static_cast<std::size_t>(round) % arrivals.size();
      for (std::size_t i = 0; i < arrivals.size(); ++i) {
        const auto& one = arrivals[i];
        receive({completed(code + one.key, address, at_min(one.start_min), 5min)});
        comment(address, at_min(one.start_min), "Work {" + std::to_string(one.charged_min) + "}");
        if (i == sold_after) {
          const auto sold = stored(code);
          write([&](store::Transaction& t) {
            must(actions::sell(t, {.who = "mary", .why = "", .now = at_min(60)}, sold, {.quantity = 70},
                               store::utc_start_of_day));
          });
        }
        if (random() % 2 == 0) run();
      }
      run();
      auto found = ledger(code);
      for (auto& line : found) {
        if (const auto at = line.find(code); at != line.npos) line.erase(at, code.size());
      }
      if (round == 0) expected = found;
      EXPECT_EQ(found, expected);
      EXPECT_GE(found.size(), kDay.size() + 2);
    }
  }
}

// From the facts alone, the same rows again, to the last byte.
class PipelineReplayTest : public PipelineLedgerTest {};
INSTANTIATE_TEST_SUITE_P(On, PipelineReplayTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(PipelineReplayTest, TheSameFactsGiveTheSameRows) {
  const auto play = [&] {
    auto terms = contract(Model::prepaid, Exhaustion::split);
    terms.terms.included_min = 15;
    terms.terms.period = Period::month;
    add_customer("garage", kStranger, terms);
    grant("garage", 70);
    for (const auto& one : {kDay[3], kDay[0], kDay[5], kDay[1], kDay[2]}) {
      clock_.now += 10min;
      session(one.key, one.start_min, one.charged_min);
      run();
    }
    clock_.now = timing::from_rfc3339("2027-02-01T00:00:00Z").value();
    run();
    return rows();
  };
  const auto first = play();
  EXPECT_GT(first.size(), 15U);
  begin_anew();
  EXPECT_EQ(play(), first);
}

// Killed before the commit of any step, the pipeline comes to the same rows.
TEST_P(PipelineReplayTest, KilledAtEachStepItComesToTheSame) {
  const auto play = [&](bool killed) {
    add_customer("garage", kStranger, contract(Model::prepaid, Exhaustion::split));
    grant("garage", 70);
    for (const auto& one : {kDay[3], kDay[0], kDay[1]}) {
      clock_.now += 10min;
      session(one.key, one.start_min, one.charged_min);
      while (step(killed) != Step::none) {
        if (killed) step();
      }
    }
    // PostgreSQL gives a number once, also to what was killed.
    return GetParam() == store::Dialect::sqlite ? rows() : ledger("garage");
  };
  const auto first = play(false);
  begin_anew();
  EXPECT_EQ(play(true), first);
}

}  // namespace
}  // namespace collector::pipeline
