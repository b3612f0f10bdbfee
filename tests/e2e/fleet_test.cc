// Many workstations on a bad network: agents and collector killed at random moments, connections cut,
// stalled, silent, and answered only after the agent has connected again. Every record once, chains intact.

#include <gmock/gmock.h>

#include <algorithm>
#include <iostream>
#include <random>
#include <thread>

#include "tests/e2e/checks.h"
#include "tests/e2e/firm.h"
#include "tests/e2e/fleet_checks.h"
#include "tests/support/net/relay.h"
#include "tests/support/process/eventually.h"

namespace e2e {
namespace {

using namespace std::chrono_literals;
using support::Fleet;
using support::Relay;
using support::Site;
using support::Weather;

struct Storm {
  const char* name;
  std::size_t agents;
  int days, sessions_a_day;
  int agent_kills, collector_kills, network_cuts;
  int pause_ms_max;  // Between two blows.
  std::int64_t records_min;
  Weather weather;
};

void PrintTo(const Storm& storm, std::ostream* out) {
  *out << storm.agents << " agents, " << storm.agent_kills << " and " << storm.collector_kills << " kills";
}

enum class What { agent, collector, network };

struct Blow {
  What what;
  std::size_t agent;  // Works, and is killed if it is meant.
};

class FleetStorm : public testing::TestWithParam<Storm> {
 protected:
  // Each agent is killed as often as the others.
  std::vector<Blow> blows() {
    const auto& storm = GetParam();
    std::vector<Blow> all;
    const auto add = [&](What what, int count) {
      for (int i = 0; i < count; ++i) {
        all.push_back({.what = what, .agent = static_cast<std::size_t>(i) % storm.agents});
      }
    };
    add(What::agent, storm.agent_kills);
    add(What::collector, storm.collector_kills);
    add(What::network, storm.network_cuts);
    std::ranges::shuffle(all, random_);
    return all;
  }

  // Somebody writes, as if it were a working day; also where the blow falls.
  void write_here_and_there(Fleet& fleet, std::size_t there, std::size_t bytes) {
    fleet.write(there, bytes);
    for (std::size_t i = 0; i < fleet.size() / 10; ++i) fleet.write(random_() % fleet.size(), bytes);
  }

  // Some 30 to 50 of the killed are asked whether they had something to do.
  void kill_and_start(Fleet& fleet, std::size_t agent) {
    fleet.kill(agent);
    if (killed_++ % (GetParam().agent_kills / 50 + 1) == 0) {
      ++asked_;
      at_work_ += fleet.status(agent).at("records_pending").as_int64() > 0 ? 1 : 0;
    }
    fleet.start(agent);
  }

  void strike(const Blow& blow, Site& site, Fleet& fleet, Relay& relay) {
    switch (blow.what) {
      case What::agent: kill_and_start(fleet, blow.agent); break;
      case What::collector:
        site.kill_collector();
        site.start_collector();
        break;
      case What::network: relay.cut_all(); break;
    }
  }

  std::mt19937_64 random_{seed()};
  int killed_ = 0, asked_ = 0, at_work_ = 0;
};

TEST_P(FleetStorm, LosesAndRepeatsNothing) {
  const auto& storm = GetParam();
  Site site{PROGRAMS, "fleet"};
  import_firm(site);
  site.start_collector();
  Relay relay{site.port(), {}, random_()};
  Fleet fleet{site, relay.port()};
  std::string comments, points = "technician,workstation,anydesk_id,valid_from,valid_to\n";
  for (std::size_t n = 0; n < storm.agents; ++n) {
    // Days of their own, so that each comment has one session it can belong to.
    const auto earlier = -24h * storm.days * static_cast<int>(n);
    const auto days = busy_days(storm.days, storm.sessions_a_day, 1, earlier);
    fleet.add(days.trace);
    points += "1,workstation" + std::to_string(n) + ",,2026-01-01,\n";
    comments += comments.empty() ? days.comments : days.comments.substr(days.comments.find('\n') + 1);
  }
  import_text(site, "support_points.csv", points);
  relay.set(storm.weather);
  for (std::size_t n = 0; n < fleet.size(); ++n) fleet.start(n);

  const auto all = blows();
  const std::size_t pieces = all.size() * (1 + fleet.size() / 10) / fleet.size() + 1;
  for (const auto& blow : all) {
    write_here_and_there(fleet, blow.agent, fleet.text(0).size() / pieces + 1);
    // Random moments need random waits; nothing is concluded from them.
    std::this_thread::sleep_for(
        std::chrono::milliseconds{random_() % static_cast<unsigned>(storm.pause_ms_max)});
    strike(blow, site, fleet, relay);
  }
  const auto meanwhile = count_records(site);
  for (std::size_t n = 0; n < fleet.size(); ++n) fleet.write_all(n);

  relay.set({});
  // An agent waits up to a minute before it tries again.
  expect_fleet_arrival(site, fleet, 60s + support::kPatience);
  const auto records = expect_whole_chains(site, fleet);
  EXPECT_GE(records, storm.records_min);
  std::cout << records << " records, " << meanwhile << " of them stored meanwhile; of " << asked_
            << " killed agents " << at_work_ << " had records to send; " << relay.summary() << "\n";
  EXPECT_GT(meanwhile, storm.records_min / 4) << "or nothing was on its way";
  EXPECT_GT(at_work_, 0) << "or the kills met nobody at work";
  const auto& seen = relay.counts();
  EXPECT_GT(seen.cuts + seen.stalls + seen.trickles + seen.late + seen.half_open, 3)
      << "or it proves nothing";
  import_text(site, "comments.csv", comments);
  expect_all_charged(site);
  expect_balanced_ledgers(site);
  for (std::size_t n = 0; n < fleet.size(); ++n) fleet.stop(n);
  site.stop_collector();
}

// A connection is short here: a handshake is 2 KB each way, a batch with its answer not much more.
const Weather kBad{.cut_percent = 25,
                   .stall_percent = 15,
                   .trickle_percent = 10,
                   .late_percent = 30,
                   .byte_max = 2'500,
                   .stall_ms = 500};
const Weather kWorse{.cut_percent = 20,
                     .stall_percent = 10,
                     .trickle_percent = 10,
                     .late_percent = 20,
                     .half_open_percent = 5,
                     .byte_max = 4'000,
                     .stall_ms = 3'000};

std::string name_of(const testing::TestParamInfo<Storm>& info) {
  return info.param.name;
}
INSTANTIATE_TEST_SUITE_P(Sample, FleetStorm,
                         testing::Values(Storm{.name = "three_agents",
                                               .agents = 3,
                                               .days = 1,
                                               .sessions_a_day = 40,
                                               .agent_kills = 30,
                                               .collector_kills = 8,
                                               .network_cuts = 4,
                                               .pause_ms_max = 150,
                                               .records_min = 200,
                                               .weather = kBad}),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Long, FleetStorm,
                         testing::Values(Storm{.name = "fifty_agents",
                                               .agents = 50,
                                               .days = 2,
                                               .sessions_a_day = 40,
                                               .agent_kills = 200,
                                               .collector_kills = 200,
                                               .network_cuts = 40,
                                               .pause_ms_max = 150,
                                               .records_min = 10'000,
                                               .weather = kWorse},
                                         Storm{.name = "fifty_agents_killed_200_times_each",
                                               .agents = 50,
                                               .days = 4,
                                               .sessions_a_day = 40,
                                               .agent_kills = 10'000,
                                               .collector_kills = 200,
                                               .network_cuts = 40,
                                               .pause_ms_max = 100,
                                               .records_min = 40'000,
                                               .weather = kWorse}),
                         name_of);

}  // namespace
}  // namespace e2e
