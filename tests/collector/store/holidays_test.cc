#include "collector/store/holidays.h"

#include "tests/collector/store/small_world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::store {
namespace {

STORE_SUITE(HolidaysTest);

std::chrono::year_month_day day(int y, unsigned m, unsigned d) {
  return std::chrono::year{y} / static_cast<int>(m) / static_cast<int>(d);
}

TEST_P(HolidaysTest, DaysArePutTakenAwayAndListedByCalendar) {
  write([](Transaction& t) {
    const auto put = [&](const char* calendar, std::chrono::year_month_day on, const char* name) {
      return must(put_holiday(t, calendar, {.day = on, .name = name}));
    };
    EXPECT_TRUE(put("GR", day(2026, 12, 25), "Christmas").created);
    EXPECT_TRUE(put("GR", day(2026, 3, 25), "Independence").created);
    EXPECT_TRUE(put("BY", day(2026, 12, 25), "Christmas").created) << "another calendar";
    EXPECT_FALSE(put("GR", day(2026, 12, 25), "Christmas").changed) << "as before";
    const auto renamed = put("GR", day(2026, 12, 25), "Christmas Day");
    EXPECT_TRUE(renamed.changed && !renamed.created);
    EXPECT_TRUE(put("GR", day(2026, 12, 31), "wrong").created);
    EXPECT_TRUE(must(remove_holiday(t, "GR", day(2026, 12, 31))));
    EXPECT_FALSE(must(remove_holiday(t, "GR", day(2026, 12, 31))));
  });
  const auto all = read([](Transaction& t) { return must(load_directory(t, utc_start_of_day)); });
  ASSERT_EQ(all.calendars.size(), 2U);
  EXPECT_EQ(all.calendars[0].name, "BY");
  EXPECT_EQ(all.calendars[0].holidays.size(), 1U);
  EXPECT_EQ(all.calendars[1].name, "GR");
  ASSERT_EQ(all.calendars[1].holidays.size(), 2U);
  EXPECT_EQ(all.calendars[1].holidays[0].day, day(2026, 3, 25));
  EXPECT_EQ(all.calendars[1].holidays[1].name, "Christmas Day");
}

TEST_P(HolidaysTest, ACalendarHasAName) {
  EXPECT_EQ(refused([](Transaction& t) { return put_holiday(t, "", {.day = day(2026, 1, 1), .name = "x"}); }),
            base::ErrorCode::conflict);
}

TEST_P(HolidaysTest, AContractKeepsItsCalendar) {
  auto world = write(make_small_world);
  auto contract = contract_of(world, "Support");
  const auto calendar = [&] {
    return read([](Transaction& t) {
      return must(load_directory(t, utc_start_of_day)).contracts.at(0).holiday_calendar;
    });
  };
  EXPECT_EQ(calendar(), "");
  contract.holiday_calendar = "GR";
  EXPECT_TRUE(write([&](Transaction& t) { return must(upsert_contract(t, contract)); }).changed);
  EXPECT_EQ(calendar(), "GR");
  EXPECT_FALSE(write([&](Transaction& t) { return must(upsert_contract(t, contract)); }).changed);
}

}  // namespace
}  // namespace collector::store
