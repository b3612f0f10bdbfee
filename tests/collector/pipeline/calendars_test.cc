// Bands and holidays of a contract, from the database to the charge.

#include "collector/pipeline/calendars.h"

#include <gmock/gmock.h>

#include "collector/pipeline/steps.h"
#include "collector/store/directory.h"
#include "collector/store/holidays.h"
#include "common/timing/zone.h"
#include "tests/collector/pipeline/office.h"
#include "tests/collector/store/small_world.h"

namespace collector::pipeline {
namespace {

using std::chrono::December;
using std::chrono::year;

timing::UtcMs utc(const char* text) {
  return timing::from_rfc3339(text).value();
}

directory::Contract contract_in(const std::string& zone, const std::string& holidays) {
  directory::Contract contract;
  contract.name = "Evenings";
  contract.time_zone = zone;
  contract.holiday_calendar = holidays;
  contract.rule.bands = {{.name = "Sunday", .weekdays = 0x40}};
  return contract;
}

TEST(Calendars, AreTheClockOfThreeYearsAndTheHolidays) {
  const directory::HolidayCalendar greek{.name = "GR",
                                         .holidays = {{.day = year{2026} / December / 26, .name = "b"},
                                                      {.day = year{2026} / December / 25, .name = "a"}}};
  const auto made = calendar_around(utc("2026-11-16T09:05:00Z"), "Europe/Athens", &greek);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->offsets.size(), 7U);
  EXPECT_EQ(made->offsets[0], (rating::Offset{.from = utc("2026-01-01T00:00:00Z"), .seconds = 7'200}));
  EXPECT_EQ(made->offsets[1], (rating::Offset{.from = utc("2026-03-29T01:00:00Z"), .seconds = 10'800}));
  EXPECT_THAT(made->holidays, testing::ElementsAre(20'812, 20'813)) << "ascending";
}

TEST(Calendars, OneIsMadeForAZoneACalendarAndAYear) {
  directory::Directory directory;
  directory.calendars = {{.name = "GR", .holidays = {{.day = year{2026} / December / 25, .name = "a"}}}};
  Calendars calendars{directory};
  const auto of = [&](const char* zone, const char* holidays, const char* start) {
    const auto contract = contract_in(zone, holidays);
    return calendars.of(contract, contract.rule, utc(start)).value();
  };
  const auto* first = of("Europe/Athens", "GR", "2026-11-16T09:05:00Z");
  EXPECT_EQ(of("Europe/Athens", "GR", "2026-01-01T00:00:00Z"), first);
  EXPECT_NE(of("Europe/Athens", "GR", "2025-12-31T23:59:59Z"), first);
  EXPECT_NE(of("Europe/Athens", "", "2026-11-16T09:05:00Z"), first);
  EXPECT_NE(of("Europe/Berlin", "GR", "2026-11-16T09:05:00Z"), first);
  auto plain = contract_in("Europe/Athens", "GR");
  plain.rule.bands.clear();
  EXPECT_EQ(calendars.of(plain, plain.rule, utc("2026-11-16T09:05:00Z")).value(), nullptr);
}

TEST(Calendars, ACalendarWithoutDaysHasNoHolidaysAndAnUnknownZoneIsNamed) {
  const directory::Directory directory;
  Calendars calendars{directory};
  const auto now = utc("2026-11-16T09:05:00Z");
  EXPECT_TRUE(
      calendars.of(contract_in("UTC", "GR"), contract_in("UTC", "GR").rule, now).value()->holidays.empty());
  EXPECT_EQ(
      calendars.of(contract_in("Mars/Base", ""), contract_in("Mars/Base", "").rule, now).error().message,
      "contract \"Evenings\": 'Mars/Base' is no time zone such as Europe/Athens");
}

OFFICE_SUITE(PipelineRateTest);

// The office's day is Monday 2026-11-16; at_min(0) is 8:00 in UTC and 10:00 in Athens.
TEST_P(PipelineRateTest, BandsAreLookedUpInTheContractsZoneAndHolidays) {
  const auto customer = customer_id("lawyer");
  write([&](store::Transaction& t) {
    rating::Rule rule;
    rule.bands = {
        {.name = "Morning", .weekdays = 0x1F, .from_min = 10 * 60, .to_min = 11 * 60, .weight = 1'500},
        {.name = "Holiday", .holidays = true, .weight = 3'000}};
    rule.work_types = {{"remote", 2'000}};
    const auto version = must(store::add_template_version(t, "mornings", rule));
    auto contract = must(store::load_directory(t, store::utc_start_of_day)).contracts.at(1);
    ASSERT_EQ(contract.customer_id, customer);
    contract.template_id = version.id;
    contract.time_zone = "Europe/Athens";
    contract.holiday_calendar = "GR";
    must(store::upsert_contract(t, contract));
    must(store::put_holiday(t, "GR", {.day = year{2026} / std::chrono::November / 17, .name = "Day off"}));
    must(store::bump_directory_version(t));
  });
  // Half of the ten minutes before 10:00 and half behind it; all of them on the holiday.
  receive({completed("edge", kLawyer, at_min(-5), 5min), completed("in", kLawyer, at_min(20), 5min),
           completed("out", kLawyer, at_min(70), 5min), completed("off", kLawyer, at_min(24 * 60), 5min)});
  for (const auto start : {-5, 20, 70, 24 * 60}) comment(kLawyer, at_min(start), "Mail");
  clock_.now = at_min(25 * 60);
  Pipeline pipeline{must(store::Connection::open(url_)), settings_, &timing::start_of_day, clock_};
  must(pipeline.run());
  EXPECT_EQ(state("edge"), "ready 25");
  EXPECT_EQ(state("in"), "ready 30");
  EXPECT_EQ(state("out"), "ready 20");
  EXPECT_EQ(state("off"), "ready 60");
}

TEST_P(PipelineRateTest, TheTechniciansGradeWeighs) {
  receive({completed("a", kLawyer, at_min(0), 5min)});
  comment(kLawyer, at_min(0), "1, Mail");
  clock_.now = at_min(60);
  ASSERT_EQ(step(), Step::assemble);
  ASSERT_EQ(step(), Step::attribute);
  write([&](store::Transaction& t) {
    auto directory = must(store::load_directory(t, store::utc_start_of_day));
    directory.technicians.at(0).grade = "senior";
    for (auto& contract : directory.contracts) contract.rule.grades = {{"senior", 1'500}};
    EXPECT_EQ(must(rate(t, directory, clock_.now)), 1);
  });
  EXPECT_EQ(state("a"), "ready 15");
}

}  // namespace
}  // namespace collector::pipeline
