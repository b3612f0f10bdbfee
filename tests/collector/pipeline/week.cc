#include "tests/collector/pipeline/week.h"

#include <algorithm>

#include "collector/actions/contracts.h"

namespace collector::pipeline {

namespace {

using directory::Exhaustion;
using directory::Model;
using directory::Period;
using namespace std::chrono;

constexpr const char* kGarage = "410100701";  // Prepaid, split, with included minutes that roll over.
constexpr const char* kMill = "410100801";    // A fee for each month, and an overage rate.
constexpr const char* kDock = "410100901";    // Prepaid; waits when it is empty.

directory::Contract contract(Model model, Exhaustion policy) {
  directory::Contract one;
  one.name = "Terms";
  one.model = model;
  one.terms.exhaustion = policy;
  one.terms.overage_per_hour = 6'000;
  one.start_day = year{2026} / 11 / 1;
  return one;
}

}  // namespace

void WeekTest::furnish_week() {
  auto garage = contract(Model::prepaid, Exhaustion::split);
  garage.terms.period = Period::month;
  garage.terms.included_min = 15;
  garage.terms.roll_over_min = 10;
  garage.end_day = year{2026} / 12 / 31;
  add_customer("garage", kGarage, garage);
  auto mill = contract(Model::flat_fee, Exhaustion::negative);
  mill.terms.period = Period::month;
  mill.terms.fee = 9'900;
  mill.terms.included_min = 20;
  add_customer("mill", kMill, mill);
  add_customer("dock", kDock, contract(Model::prepaid, Exhaustion::hold));
}

void WeekTest::sell_to(const std::string& customer, std::int64_t quantity) {
  const auto id = contract_id(customer);
  write([&](store::Transaction& t) {
    const auto all = must(store::load_directory(t, store::utc_start_of_day));
    const auto& one = *std::ranges::find(all.contracts, id, &directory::Contract::id);
    must(actions::sell(t, mary("agreed by phone"), one, {.quantity = quantity}, store::utc_start_of_day));
  });
}

void WeekTest::hold(const std::string& key) {
  const auto session = id(key);
  write([&](store::Transaction& t) { must(actions::hold_session(t, mary(), session)); });
}

void WeekTest::arrive(int stage) {
  const auto printer = completed("printer", kBakery, at_min(0), 5min);
  const auto mail = completed("mail", kLawyer, at_min(20), 25min);
  const auto stranger = completed("stranger", kStranger, at_min(60), 5min);
  const auto brakes = completed("brakes", kGarage, at_min(70), 30min);
  auto lost = completed("lost", kLawyer, at_min(300), 5min);
  lost.outcome = agent::session::Outcome::abandoned;
  lost.ended = {};
  switch (stage) {
    case 0:
      furnish_week();
      sell_to("garage", 30);
      receive({active(printer), printer, active(mail), mail, stranger, brakes});
      receive_bodies({"no record of ours"});
      comment(kBakery, at_min(0), "1, Printer");
      comment(kLawyer, at_min(20), "Mail");
      comment(kGarage, at_min(70), "Brakes");
      clock_.now = at_min(100);
      break;
    case 1:  // Other words, a place for the stranger, and an agent that lost its outbox tells again.
      comment(kBakery, at_min(0), "1, Printer, longer {25}");
      comment(kStranger, at_min(60), "Who is that?");
      add_terminal("bakery", kStranger);
      receive({active(printer), printer, mail}, 2);
      receive({completed("belt", kMill, at_min(110), 40min), completed("crane", kDock, at_min(120), 10min)});
      comment(kMill, at_min(110), "Belt");
      comment(kDock, at_min(120), "Crane");
      clock_.now = at_min(200);
      break;
    case 2:  // Late, before what was posted; held for a series; without an end; without a charge.
      receive({completed("tyres", kGarage, at_min(10), 20min), completed("scan", kBakery, at_min(210), 5min),
               completed("again", kBakery, at_min(230), 5min), lost,
               completed("gift", kQuiet, at_min(240), 5min)});
      comment(kGarage, at_min(10), "Tyres");
      comment(kBakery, at_min(210), "Scanner ~");
      comment(kBakery, at_min(230), "Scanner again ~");
      comment(kLawyer, at_min(300), "Lost");
      comment(kQuiet, at_min(240), "# Courtesy");
      clock_.now = at_min(400);
      break;
    case 3:  // What people decide about it.
      join({"scan", "again"});
      change("printer", {.no_charge = true});
      change("lost", {.ended = at_min(312)});
      change("stranger", {.customer = "lawyer"});
      sell_to("dock", 45);
      clock_.now = at_min(500);
      break;
    case 4:  // Back, and what was charged is held.
      change("printer", {.reset = {"charge"}});
      hold("mail");
      receive({completed("wordless", kSilent, at_min(510), 5min)});
      clock_.now = at_min(700);
      break;
    case 5:  // Fees, minutes that roll over and expire, a comment that never came, windows that close.
      clock_.now = timing::from_rfc3339("2027-02-01T00:00:00Z").value();
      break;
    default: throw std::out_of_range("the week has no such stage");
  }
}

}  // namespace collector::pipeline
