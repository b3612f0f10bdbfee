// An AnyDesk process is ended in the middle of a session: nothing of it is in the
// trace, and the collector knows all the same.

#include <gmock/gmock.h>

#include <fstream>

#include "tests/e2e/checks.h"
#include "tests/support/process/eventually.h"
#include "tests/support/site/site.h"
#include "tests/support/trace/machine.h"

namespace e2e {
namespace {

using support::Site;
using support::trace::Course;
using support::trace::Machine;

constexpr std::uint32_t kPid = 777'001, kWindowPid = 777'002;

// A service that has a session open; its pid is left to the stand-in.
std::string open_session(timing::UtcMs at) {
  Machine pc{{}, "410900001", 3};
  pc.start(at, {.service = kPid, .window = kWindowPid});
  pc.outgoing({.at = at + std::chrono::seconds{5},
               .typed = "410100201",
               .id = "410100201",
               .course = Course::open,
               .wait_ms = 4'000});
  std::string text = pc.service_trace();
  const std::string pid = std::to_string(kPid);
  for (std::size_t found = text.find(pid); found != std::string::npos; found = text.find(pid, found)) {
    text.replace(found, pid.size(), "@@@@@@");
  }
  return text;
}

boost::json::object only_session(const Site& site) {
  const auto list = site.collector_json({"sessions", "--all", "--limit", "10"});
  const auto& rows = list.as_array();
  return rows.size() == 1 ? rows[0].as_object() : boost::json::object{};
}

bool has_outcome(const boost::json::object& session, std::string_view outcome) {
  const auto* now = session.if_contains("outcome");
  return now != nullptr && now->is_string() && now->as_string() == outcome;
}

TEST(ProcessLife, AKilledServiceLeavesAnAbandonedSession) {
  Site site{PROGRAMS, "process-life"};
  start_everything(site);
  const auto began = timing::from_ms(std::chrono::duration_cast<std::chrono::milliseconds>(
                                         std::chrono::system_clock::now().time_since_epoch())
                                         .count() -
                                     60'000);
  const auto script = site.folder() / "script";
  std::ofstream{script, std::ios::binary} << open_session(began);
  support::Process anydesk{
      {ANYDESK_STAND_IN, script, site.trace()}, site.folder() / "anydesk.out", site.folder() / "anydesk.log"};
  boost::json::object session;
  ASSERT_TRUE(support::eventually([&] {
    session = only_session(site);
    return has_outcome(session, "active") && session.at("started_utc").is_string();
  })) << boost::json::serialize(session);

  anydesk.kill();
  EXPECT_TRUE(support::eventually([&] {
    session = only_session(site);
    return has_outcome(session, "abandoned");
  })) << boost::json::serialize(session);
  const auto& capture = session.at("capture").as_object();
  EXPECT_EQ(capture.at("abandon_cause"), "kill") << boost::json::serialize(session);
  EXPECT_TRUE(session.at("ended_utc").is_null());
  ASSERT_TRUE(capture.at("last_seen_utc").is_string()) << boost::json::serialize(session);
  const auto last_seen = timing::from_rfc3339(std::string{capture.at("last_seen_utc").as_string()});
  ASSERT_TRUE(last_seen);
  EXPECT_GE(*last_seen, began + std::chrono::seconds{9});  // When the session started.
  site.stop_agent();
  site.stop_collector();
}

}  // namespace
}  // namespace e2e
