// capture.unregistered: what leaves a workstation about terminals that no customer owns.

#include <gmock/gmock.h>

#include <fstream>
#include <set>

#include "tests/e2e/checks.h"
#include "tests/e2e/firm.h"
#include "tests/support/process/eventually.h"
#include "tests/support/site/site.h"
#include "tests/support/trace/machine.h"

namespace e2e {
namespace {

using namespace std::chrono_literals;
using support::Site;
using support::trace::Machine;

constexpr const char* kTill = "410100201";  // The bakery's.
constexpr const char* kStranger = "499999999";

std::string two_sessions() {
  const auto morning = timing::from_rfc3339("2026-11-16T08:00:00Z").value();
  Machine pc{{}, "410900001", 3};
  pc.start(morning);
  for (const char* id : {kTill, kStranger}) {
    const auto at = morning + (id == kTill ? 10min : 30min);
    pc.outgoing({.at = at, .typed = id, .id = id, .duration_ms = 300'000});
  }
  return pc.service_trace();
}

std::multiset<std::string> told_ids(const Site& site) {
  std::multiset<std::string> ids;
  const auto list = site.collector_json({"sessions", "--all", "--limit", "10"});
  for (const auto& row : list.as_array()) {
    const auto* id = row.as_object().if_contains("remote_id");
    ids.insert(id != nullptr && id->is_string() ? std::string{id->as_string()} : "");
  }
  return ids;
}

class Unregistered : public testing::TestWithParam<const char*> {};

TEST_P(Unregistered, IsToldInFullWhenItIsRegistered) {
  const std::string policy = GetParam();
  Site site{PROGRAMS, "unregistered-" + policy};
  import_firm(site);
  site.start_collector();
  site.enrol();
  const auto config = site.folder() / "agent.toml";
  std::ofstream{config} << "[capture]\nunregistered = \"" << policy << "\"\n";
  std::ofstream{site.trace(), std::ios::binary} << two_sessions();
  site.start_agent({"--config", config});
  const std::multiset<std::string> guarded =
      policy == "ignore" ? std::multiset<std::string>{kTill} : std::multiset<std::string>{kTill, ""};
  EXPECT_TRUE(support::eventually([&] { return told_ids(site) == guarded; })) << policy;
  const auto status = site.agent_status();
  EXPECT_GT(counter(status, "facts_withheld"), 0);
  site.stop_agent();

  // The list is asked for at each connection.
  import_text(
      site, "terminals.csv",
      std::string{"customer,address,description,valid_from,valid_to\nbakery,"} + kStranger + ",New PC,,\n");
  site.start_agent({"--config", config});
  const std::multiset<std::string> all{kTill, kStranger};
  EXPECT_TRUE(support::eventually([&] { return told_ids(site) == all; })) << policy;
}

INSTANTIATE_TEST_SUITE_P(Policy, Unregistered, testing::Values("anonymous", "ignore"));

}  // namespace
}  // namespace e2e
