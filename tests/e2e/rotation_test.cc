// The private CA is replaced under a running agent, and a workstation is enrolled anew: through both
// programs.

#include <gmock/gmock.h>

#include "agent/identity/identity.h"
#include "tests/support/process/eventually.h"
#include "tests/support/site/site.h"

namespace e2e {
namespace {

namespace json = boost::json;
using support::Site;
using testing::HasSubstr;

std::string agent_id(const Site& site) {
  return agent::identity::load(site.agent_data()).value().agent_id.hex();
}

// A restart shows the folder at once; a running collector looks twice a minute.
void restart(Site& site) {
  site.stop_collector();
  site.start_collector();
}

std::string last_seen(const Site& site) {
  const auto seen = site.collector_json({"agents", "show", agent_id(site)}).at("last_seen_utc");
  return seen.is_string() ? std::string{seen.as_string()} : "";
}

TEST(Rotation, OfTheCaUnderARunningAgent) {
  Site site{PROGRAMS, "rotation"};
  site.start_collector();
  site.enrol();
  site.start_agent();
  ASSERT_TRUE(support::eventually([&] { return !last_seen(site).empty(); }));

  const auto left = [&] { return site.collector_json({"ca", "show"}).at("left_behind").as_array(); };
  EXPECT_EQ(site.collector({"ca", "rotate"}).exit_code, 0);
  EXPECT_EQ(left().size(), 1u) << "the agent was not told yet";
  const auto refused = site.collector({"ca", "switch"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("anna-pc"));
  restart(site);
  ASSERT_TRUE(support::eventually([&] { return left().empty(); })) << "it learns of the next CA and says so";
  EXPECT_EQ(agent::identity::load_credentials(site.agent_data()).value().trusted.size(), 2u);

  EXPECT_EQ(site.collector({"ca", "switch"}).exit_code, 0);
  const auto before = last_seen(site);
  restart(site);
  ASSERT_TRUE(support::eventually([&] { return last_seen(site) > before; }))
      << "the port's certificate is new";
  site.stop_agent();

  // Its place is given to a new agent, which has a certificate of the new CA.
  const auto former = agent_id(site);
  const auto made = site.collector_json({"agents", "re-enrol", "anna-pc"});
  const auto enrolled = site.agent({"enroll", "--replace", "--data-directory", site.agent_data(),
                                    "--collector", "127.0.0.1:" + std::to_string(site.port()), "--token",
                                    std::string{made.at("token").as_string()}});
  ASSERT_EQ(enrolled.exit_code, 0) << enrolled.err;
  EXPECT_NE(agent_id(site), former);
  EXPECT_TRUE(site.collector_json({"agents", "show", former}).at("revoked_utc").is_string());
  EXPECT_EQ(site.collector_json({"agents", "show", "anna-pc"}).at("replaces_agent").as_string(), former);

  // Too young to be told from one of the former CA by its dates, which a person knows better.
  EXPECT_EQ(site.collector({"ca", "finish", "--leave-behind"}).exit_code, 0);
  restart(site);
  site.start_agent();
  EXPECT_TRUE(support::eventually([&] { return !last_seen(site).empty(); }));
  EXPECT_TRUE(support::eventually([&] {
    return agent::identity::load_credentials(site.agent_data()).value().trusted.size() == 1;
  })) << "the former CA is dropped by the agent too";
}

}  // namespace
}  // namespace e2e
