// A workstation is copied with its data folder, and both run: an alarm, and both are silenced until a person
// has decided. Neither loses anything.

#include <gmock/gmock.h>

#include "tests/e2e/checks.h"
#include "tests/e2e/firm.h"
#include "tests/support/process/eventually.h"
#include "tests/support/site/fleet.h"

namespace e2e {
namespace {

using namespace std::chrono_literals;
using support::Fleet;
using support::Site;

std::int64_t number(const Fleet& fleet, std::size_t n, const char* name) {
  return fleet.status(n).at(name).as_int64();
}

TEST(Clone, RaisesAnAlarmAndSilencesBoth) {
  Site site{PROGRAMS, "clone"};
  site.start_collector();
  Fleet fleet{site, site.port()};
  fleet.add(busy_days(1, 20, 1).trace);
  fleet.start(0);
  fleet.write(0, fleet.text(0).size() / 2);
  ASSERT_TRUE(support::eventually([&] {
    return number(fleet, 0, "records_sealed") > 5 && number(fleet, 0, "records_pending") == 0;
  })) << fleet.log(0);
  fleet.stop(0);
  const auto twin = fleet.copy(0, busy_days(1, 20, 1, 90s).trace);
  for (const std::size_t n : {std::size_t{0}, twin}) {
    fleet.start(n);
    fleet.write_all(n);
  }

  boost::json::object agents;
  const auto silenced = [&] {
    agents = site.collector_json({"agents"}).as_object();
    return boost::json::serialize(agents).find("\"quarantined_utc\":\"") != std::string::npos;
  };
  EXPECT_TRUE(support::eventually(silenced)) << boost::json::serialize(agents);
  // Both hear of it, keep what they have, and run on.
  for (const std::size_t n : {std::size_t{0}, twin}) {
    // The one whose records came first is told of the quarantine; the other finds another history there, or
    // has sealed the same number and is told of the conflict.
    const auto told = [&] {
      const auto log = fleet.log(n);
      return log.find("quarantine") != std::string::npos ||
             log.find("another history") != std::string::npos || log.find("CONFLICT") != std::string::npos;
    };
    EXPECT_TRUE(support::eventually(told)) << fleet.log(n);
    EXPECT_TRUE(support::eventually([&] { return number(fleet, n, "records_sealed") > 20; }));
    fleet.stop(n);
  }
  EXPECT_GT(number(fleet, 0, "records_pending") + number(fleet, twin, "records_pending"), 0);
  EXPECT_EQ(site.collector({"verify"}).exit_code, 0) << "what is stored is sound";
  site.stop_collector();
}

}  // namespace
}  // namespace e2e
