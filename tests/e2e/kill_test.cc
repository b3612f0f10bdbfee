// Both programs killed at random moments and started again: every session, charge
// and mail once, as if nothing had happened.

#include <gmock/gmock.h>

#include <algorithm>
#include <ostream>
#include <thread>

#include "tests/e2e/checks.h"
#include "tests/e2e/firm.h"
#include "tests/support/database/fresh_database.h"
#include "tests/support/site/live_trace.h"
#include "tests/support/site/sessions.h"

namespace e2e {
namespace {

using support::LiveTrace;
using support::Site;

struct Story {
  const char* name;
  std::string (*fresh_url)();
  int days;
  int agent_kills;
  int collector_kills;  // While records arrive; a third more while charges and mails are made.
};

std::ostream& operator<<(std::ostream& out, const Story& story) {
  return out << story.agent_kills << " and " << story.collector_kills << " kills on " << story.name;
}

class Kill : public testing::TestWithParam<Story> {
 protected:
  // Random moments need random waits; nothing is concluded from them.
  void go_on_for_up_to(int ms) {
    std::this_thread::sleep_for(
        std::chrono::milliseconds{std::uniform_int_distribution<int>{0, ms}(random_)});
  }

  void kill_agent(Site& site) {
    site.kill_agent();
    site.start_agent();
  }

  void kill_collector(Site& site) {
    site.kill_collector();
    site.start_collector();
  }

  // Offsets of the trace, in order, each with the question whether it is the agent that is killed there.
  std::vector<std::pair<std::size_t, bool>> moments(std::size_t size) {
    std::vector<std::pair<std::size_t, bool>> all;
    std::uniform_int_distribution<std::size_t> anywhere{1, size};
    for (int i = 0; i < GetParam().agent_kills; ++i) all.emplace_back(anywhere(random_), true);
    for (int i = 0; i < GetParam().collector_kills; ++i) all.emplace_back(anywhere(random_), false);
    std::ranges::sort(all);
    return all;
  }

  void write_and_kill(Site& site, LiveTrace& trace) {
    for (const auto& [offset, agent] : moments(trace.text().size())) {
      trace.write_to(offset);
      go_on_for_up_to(300);
      agent ? kill_agent(site) : kill_collector(site);
    }
    trace.write_all();
  }

  void charge_and_kill(Site& site, const std::string& comments) {
    const int kills = (GetParam().collector_kills + 5) / 6;
    import_text(site, "comments.csv", comments);
    for (int i = 0; i < kills; ++i) {
      go_on_for_up_to(500);
      kill_collector(site);
    }
    expect_all_charged(site);
    ASSERT_EQ(site.collector({"mail", "flush"}).exit_code, 0);
    for (int i = 0; i < kills; ++i) {
      go_on_for_up_to(150);
      kill_collector(site);
    }
    expect_all_mailed(site);
  }

  std::mt19937_64 random_{seed()};
};

TEST_P(Kill, LosesAndRepeatsNothing) {
  const std::string url = GetParam().fresh_url();
  Site site{PROGRAMS, "kill", url};
  import_firm(site);
  start_everything(site);
  const auto story = busy_days(GetParam().days, 40, 40);
  LiveTrace trace{site, story.trace, support::kHeadCut, random_()};

  write_and_kill(site, trace);
  expect_arrival(site, support::parsed(site, trace.text()));
  charge_and_kill(site, story.comments);
  expect_whole_chain(site, url);
  expect_balanced_ledgers(site);
  expect_mails_once(site);
  site.stop_agent();
  site.stop_collector();
}

const std::vector<Story> kStories{
    {.name = "sqlite",
     .fresh_url = support::fresh_sqlite_url,
     .days = 2,
     .agent_kills = 20,
     .collector_kills = 15},
    {.name = "postgresql",
     .fresh_url = support::fresh_postgres_url,
     .days = 2,
     .agent_kills = 20,
     .collector_kills = 15},
};
const std::vector<Story> kLongStories{
    {.name = "sqlite",
     .fresh_url = support::fresh_sqlite_url,
     .days = 12,
     .agent_kills = 150,
     .collector_kills = 120},
    {.name = "postgresql",
     .fresh_url = support::fresh_postgres_url,
     .days = 12,
     .agent_kills = 150,
     .collector_kills = 120},
};

std::string name_of(const testing::TestParamInfo<Story>& info) {
  return info.param.name;
}
INSTANTIATE_TEST_SUITE_P(Databases, Kill, testing::ValuesIn(kStories), name_of);
INSTANTIATE_TEST_SUITE_P(Long, Kill, testing::ValuesIn(kLongStories), name_of);

}  // namespace
}  // namespace e2e
