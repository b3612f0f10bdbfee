// The collector is away for long, its disk is full, clocks are years off: nothing is lost, and once the cause
// is gone everything arrives.

#include <gmock/gmock.h>

#include <ostream>

#include "tests/agent/outbox/small_disk.h"
#include "tests/e2e/checks.h"
#include "tests/e2e/firm.h"
#include "tests/e2e/fleet_checks.h"
#include "tests/support/process/eventually.h"

namespace e2e {
namespace {

using namespace std::chrono_literals;
using support::Command;
using support::Fleet;
using support::Site;

// An agent waits up to a minute before it tries again; the rest is for a machine that is busy.
constexpr auto kAfterTheCause = 60s + support::kPatience;

std::int64_t pending(const Fleet& fleet, std::size_t n) {
  return fleet.status(n).at("records_pending").as_int64();
}

// Of all that the agent has read, nothing is left to seal.
void expect_read(const Fleet& fleet, std::size_t n) {
  EXPECT_TRUE(support::eventually([&] {
    const auto status = fleet.status(n);
    const auto& sources = status.at("sources").as_array();
    return !sources.empty() &&
           sources.front().as_object().at("read_bytes").to_number<std::size_t>() == fleet.text(n).size();
  })) << fleet.log(n);
}

void stop_all(Site& site, Fleet& fleet) {
  for (std::size_t n = 0; n < fleet.size(); ++n) fleet.stop(n);
  site.stop_collector();
}

TEST(Outage, TheCollectorIsAwayForLongAndComesBack) {
  Site site{PROGRAMS, "away"};
  site.start_collector();
  Fleet fleet{site, site.port()};
  for (int n = 0; n < 2; ++n) fleet.add(busy_days(12, 40, 1, 7s * n).trace);
  site.kill_collector();
  for (std::size_t n = 0; n < fleet.size(); ++n) {
    fleet.start(n);
    fleet.write_all(n);
    expect_read(fleet, n);
    EXPECT_GT(pending(fleet, n), 1'000);
    fleet.kill(n);  // The machine is switched off, too.
    fleet.start(n);
  }
  site.start_collector();
  expect_fleet_arrival(site, fleet, kAfterTheCause);
  EXPECT_GT(expect_whole_chains(site, fleet), 2'000);
  stop_all(site, fleet);
}

TEST(Outage, TheCollectorsDiskIsFull) {
  const auto small =
      std::filesystem::temp_directory_path() / ("deskledger-full-" + std::to_string(::getpid()));
  const outbox_tests::SmallDisk disk{small, 8};
  if (!disk.why_not().empty()) GTEST_SKIP() << disk.why_not();
  const std::string url = "sqlite:" + (small / "collector.db").string();
  Site site{PROGRAMS, "full", url};
  start_everything(site);
  const auto text = busy_days(6, 40, 1).trace;
  const auto write = [&](std::size_t from, std::size_t to) {
    std::ofstream{site.trace(), std::ios::binary | std::ios::app} << text.substr(from, to - from);
  };
  write(0, text.size() / 3);
  ASSERT_TRUE(support::eventually([&] { return !support::arrived(site).empty(); }));
  disk.fill();
  write(text.size() / 3, text.size());
  const auto log = [&] { return support::read_file(site.folder() / "collector.log"); };
  EXPECT_TRUE(support::eventually([&] { return log().find("could not be stored") != std::string::npos; }));
  EXPECT_THAT(log(), testing::HasSubstr("full"));
  EXPECT_GT(site.agent_status().at("records_pending").as_int64(), 0);
  EXPECT_TRUE(site.collector_process().running());
  EXPECT_TRUE(site.agent_process().running());
  disk.free_space();
  expect_arrival(site, support::parsed(site, text));
  EXPECT_TRUE(support::eventually([&] { return site.agent_status().at("records_pending").as_int64() == 0; },
                                  kAfterTheCause));
  expect_whole_chain(site, url);
  site.stop_agent();
  site.stop_collector();
}

struct Wrong {
  const char* name;
  int agent_years, collector_years;
};

void PrintTo(const Wrong& wrong, std::ostream* out) {
  *out << "agent " << wrong.agent_years << " years off, collector " << wrong.collector_years;
}

Command shifted(int years) {
  if (years == 0) return {};
  const auto seconds = std::int64_t{years} * 365 * 24 * 3600;
  return {"/usr/bin/env", std::string{"LD_PRELOAD="} + SHIFTED_CLOCK,
          "DESKLEDGER_CLOCK_SHIFT_S=" + std::to_string(seconds)};
}

class WrongClock : public testing::TestWithParam<Wrong> {};

// While the clock is wrong the agent may or may not come through; nothing of it may outlive the mistake.
TEST_P(WrongClock, LosesNothing) {
  Site site{PROGRAMS, "clock"};
  site.start_collector();
  Fleet fleet{site, site.port()};
  fleet.add(busy_days(2, 40, 1).trace);
  site.kill_collector();
  site.start_collector(shifted(GetParam().collector_years));
  fleet.start(0, shifted(GetParam().agent_years));
  fleet.write(0, fleet.text(0).size() / 2);
  // A workstation's clock locks nobody out; a collector's own may.
  if (GetParam().collector_years == 0) {
    EXPECT_TRUE(support::eventually([&] { return !support::arrived(site).empty(); }, kAfterTheCause))
        << fleet.log(0);
  } else {
    EXPECT_TRUE(support::eventually([&] { return fleet.status(0).at("records_sealed").as_int64() > 0; }));
  }
  fleet.write_all(0);
  expect_read(fleet, 0);
  fleet.stop(0);
  site.kill_collector();
  site.start_collector();
  fleet.start(0);
  expect_fleet_arrival(site, fleet, kAfterTheCause);
  expect_whole_chains(site, fleet);
  stop_all(site, fleet);
}

INSTANTIATE_TEST_SUITE_P(Years, WrongClock,
                         testing::Values(Wrong{"agent_ahead", 10, 0}, Wrong{"agent_behind", -10, 0},
                                         Wrong{"collector_ahead", 0, 10}, Wrong{"collector_behind", 0, -10}),
                         [](const auto& each) { return std::string{each.param.name}; });

}  // namespace
}  // namespace e2e
