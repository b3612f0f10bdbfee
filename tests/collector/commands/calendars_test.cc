#include "collector/commands/calendars.h"

#include <boost/json.hpp>

#include "collector/commands/import.h"
#include "collector/commands/rate.h"
#include "collector/store/changes.h"
#include "tests/collector/commands/desk.h"

namespace collector::commands {
namespace {

namespace json = boost::json;

class CalendarsCommandTest : public DeskTest {
 protected:
  void SetUp() override {
    const auto days = file("h.csv", "calendar,day,name\nGR,2026-12-26,Second day\nGR,2026-12-25,Christmas\n");
    ASSERT_EQ(ran([&](auto& out, auto& err) {
                return run_import({.config = config(), .files = {days}, .preview = false, .json = false}, out,
                                  err);
              }).code,
              0);
  }
  Ran list(bool as_json) {
    return ran([&](auto& out, auto& err) {
      return run_calendars_list({.config = config(), .name = "", .json = as_json}, out, err);
    });
  }
  Ran show(const std::string& name, bool as_json) {
    return ran([&](auto& out, auto& err) {
      return run_calendar_show({.config = config(), .name = name, .json = as_json}, out, err);
    });
  }
  Ran remove(const std::string& name, const std::string& day) {
    return ran([&](auto& out, auto& err) {
      return run_calendar_remove({.config = config(), .name = name, .day = day, .reason = "a working day"},
                                 out, err);
    });
  }
};
INSTANTIATE_TEST_SUITE_P(On, CalendarsCommandTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(CalendarsCommandTest, ListedAndShown) {
  EXPECT_EQ(list(false).out,
            "CALENDAR  HOLIDAYS  FIRST       LAST\nGR               2  2026-12-25  2026-12-26\n");
  EXPECT_EQ(json::parse(list(true).out).at(0).at("holidays"), 2);
  EXPECT_EQ(show("GR", false).out, "DAY         NAME\n2026-12-25  Christmas\n2026-12-26  Second day\n");
  EXPECT_EQ(json::parse(show("GR", true).out).at("holidays").at(1).at("name"), "Second day");
  EXPECT_NE(show("GE", false).err.find("no calendar of holidays 'GE'; did you mean 'GR'?"),
            std::string::npos);
}

TEST_P(CalendarsCommandTest, ADayIsTakenOutAndNoted) {
  EXPECT_EQ(remove("GR", "2026-12-26").out, "2026-12-26 is no holiday in 'GR' any more\n");
  EXPECT_NE(remove("GR", "2026-12-26").err.find("2026-12-26 is no holiday in 'GR'"), std::string::npos);
  EXPECT_NE(remove("BY", "2026-12-26").err.find("there is no calendar of holidays 'BY'"), std::string::npos);
  EXPECT_NE(remove("GR", "Christmas").err.find("the day 'Christmas' is no day"), std::string::npos);
  EXPECT_EQ(show("GR", false).out, "DAY         NAME\n2026-12-25  Christmas\n");
  auto place = workspace();
  store::must(place.database.read([](store::Transaction& tx) -> base::Status {
    const auto rows = store::must(store::list_changes(tx, {.limit = 100, .object = "holiday", .key = "GR"}));
    EXPECT_EQ(rows.size(), 3U) << "the import of both, and this";
    EXPECT_EQ(rows.at(0).change.action, "remove");
    EXPECT_EQ(rows.at(0).change.before, R"({"day":"2026-12-26","name":"Second day"})");
    EXPECT_EQ(rows.at(0).change.why, "a working day");
    return {};
  }));
  remove("GR", "2026-12-25");
  EXPECT_EQ(list(false).out, "No calendars; import one: a CSV file with calendar,day,name.\n");
}

TEST_P(CalendarsCommandTest, RateLooksHolidaysUp) {
  RateOptions o;
  o.seconds = 300;
  o.set = {"bands.Holiday=holidays x2"};
  o.circumstances.at = "2026-12-24 23:00";
  o.circumstances.zone = "Europe/Athens";
  o.circumstances.holiday_calendar = "GR";
  const auto rate = [&] { return ran([&](auto& out, auto& err) { return run_rate(o, out, err); }); };
  EXPECT_EQ(rate().err, "rate: the calendar 'GR' is in a collector: add --config\n");
  o.config = config();
  EXPECT_TRUE(rate().out.starts_with("5:00 under 'standard': 20 min\n")) << rate().out;
  o.circumstances.zone = "UTC";
  EXPECT_TRUE(rate().out.starts_with("5:00 under 'standard': 10 min\n")) << "it is not Christmas yet";
  o.circumstances.zone = "Mars/Base";
  EXPECT_EQ(rate().err, "rate: 'Mars/Base' is no time zone such as Europe/Athens\n");
  o.circumstances.zone = "UTC";
  o.circumstances.holiday_calendar = "GE";
  EXPECT_EQ(rate().err, "rate: there is no calendar of holidays 'GE'; did you mean 'GR'?\n");
  o.circumstances.holiday_calendar.reset();
  o.circumstances.at = "at noon";
  EXPECT_EQ(rate().code, 2);
  o.circumstances.at.reset();
  EXPECT_TRUE(rate().out.ends_with("  without --at no time is in any band of the rule\n"));
}

}  // namespace
}  // namespace collector::commands
