#include "collector/rating/band.h"

#include <gmock/gmock.h>

#include <chrono>

namespace {

using namespace collector::rating;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint8_t kMonday = 1, kSaturday = 1 << 5, kSunday = 1 << 6, kEveryDay = 0x7F;
constexpr std::int64_t kHour_s = 3'600;

timing::UtcMs utc(int year, unsigned month, unsigned day, int hour, int minute = 0, int second = 0) {
  using namespace std::chrono;
  return timing::UtcMs{sys_days{std::chrono::year{year} / month / day}.time_since_epoch() + hours{hour} +
                       minutes{minute} + seconds{second}};
}

std::int32_t day(int year, unsigned month, unsigned day) {
  const std::chrono::sys_days days{std::chrono::year{year} / month / day};
  return static_cast<std::int32_t>(days.time_since_epoch().count());
}

Share share(int band, std::int64_t seconds) {
  return {.band = band, .seconds = seconds};
}

std::vector<Share> shares(timing::UtcMs begin, std::int64_t seconds, const std::vector<Band>& bands,
                          const Calendar& calendar = {}) {
  const Stretch stretch{.begin = begin, .seconds = seconds};
  return share_out({&stretch, 1}, bands, calendar);
}

// The clocks of 2026. Winter to summer and back: Europe on 29 March and 25 October at 1:00 UTC, New York on
// 8 March at 7:00 and 1 November at 6:00 UTC.
Calendar athens() {
  return {.offsets = {{utc(2025, 10, 26, 1), 2 * kHour_s},
                      {utc(2026, 3, 29, 1), 3 * kHour_s},
                      {utc(2026, 10, 25, 1), 2 * kHour_s}},
          .holidays = {}};
}
Calendar berlin() {
  return {.offsets = {{utc(2025, 10, 26, 1), kHour_s},
                      {utc(2026, 3, 29, 1), 2 * kHour_s},
                      {utc(2026, 10, 25, 1), kHour_s}},
          .holidays = {}};
}
Calendar new_york() {
  return {.offsets = {{utc(2025, 11, 2, 6), -5 * kHour_s},
                      {utc(2026, 3, 8, 7), -4 * kHour_s},
                      {utc(2026, 11, 1, 6), -5 * kHour_s}},
          .holidays = {}};
}

TEST(Band, AStretchWithinOneBand) {
  const std::vector<Band> bands{
      {.name = "evening", .weekdays = kEveryDay, .from_min = 18 * 60, .to_min = 1'440}};
  EXPECT_THAT(shares(utc(2026, 11, 16, 19), 600, bands), ElementsAre(share(0, 600)));
  EXPECT_THAT(shares(utc(2026, 11, 16, 9), 600, bands), ElementsAre(share(kNoBand, 600)));
  EXPECT_THAT(shares(utc(2026, 11, 16, 19), 0, bands), IsEmpty());
  EXPECT_THAT(shares(utc(2026, 11, 16, 19), 600, {}), ElementsAre(share(kNoBand, 600)));
}

TEST(Band, IsSplitAtItsEdgesToTheSecond) {
  const std::vector<Band> bands{
      {.name = "noon", .weekdays = kEveryDay, .from_min = 12 * 60, .to_min = 13 * 60}};
  EXPECT_THAT(shares(utc(2026, 11, 16, 11, 59, 59), 1, bands), ElementsAre(share(kNoBand, 1)));
  EXPECT_THAT(shares(utc(2026, 11, 16, 11, 59, 59), 2, bands), ElementsAre(share(kNoBand, 1), share(0, 1)));
  EXPECT_THAT(shares(utc(2026, 11, 16, 12, 59, 59), 2, bands), ElementsAre(share(kNoBand, 1), share(0, 1)));
  EXPECT_THAT(shares(utc(2026, 11, 16, 13), 1, bands), ElementsAre(share(kNoBand, 1)));
  // Two days and both noons.
  EXPECT_THAT(shares(utc(2026, 11, 16, 0), 48 * kHour_s, bands),
              ElementsAre(share(kNoBand, 46 * kHour_s), share(0, 2 * kHour_s)));
}

TEST(Band, TheFirstThatFitsCounts) {
  const std::vector<Band> bands{
      {.name = "Monday evening", .weekdays = kMonday, .from_min = 20 * 60, .to_min = 1'440},
      {.name = "evening", .weekdays = kEveryDay, .from_min = 18 * 60, .to_min = 1'440}};
  // Monday from 17:00 to midnight, then Tuesday.
  EXPECT_THAT(shares(utc(2026, 11, 16, 17), 26 * kHour_s, bands),
              ElementsAre(share(kNoBand, 19 * kHour_s), share(0, 4 * kHour_s), share(1, 3 * kHour_s)));
}

TEST(Band, TheWeekendBeginsAtItsMidnight) {
  const std::vector<Band> bands{{.name = "weekend", .weekdays = kSaturday | kSunday}};
  EXPECT_THAT(shares(utc(2026, 11, 20, 23, 50), 1'200, bands),
              ElementsAre(share(kNoBand, 600), share(0, 600)));
  EXPECT_THAT(shares(utc(2026, 11, 22, 23, 50), 1'200, bands),
              ElementsAre(share(kNoBand, 600), share(0, 600)));
}

TEST(Band, AHolidayIsNoWeekday) {
  const std::vector<Band> bands{
      {.name = "office", .weekdays = kEveryDay, .from_min = 9 * 60, .to_min = 17 * 60},
      {.name = "holiday", .weekdays = 0, .holidays = true}};
  const Calendar calendar{.holidays = {day(2026, 12, 25), day(2026, 12, 26)}};
  EXPECT_THAT(shares(utc(2026, 12, 24, 16), 24 * kHour_s, bands, calendar),
              ElementsAre(share(kNoBand, 7 * kHour_s), share(0, kHour_s), share(1, 16 * kHour_s)));
  EXPECT_THAT(shares(utc(2026, 12, 26, 10), kHour_s, bands, calendar), ElementsAre(share(1, kHour_s)));
}

TEST(Band, BeforeThe1970s) {
  const std::vector<Band> bands{{.name = "Sunday", .weekdays = kSunday}};
  EXPECT_THAT(shares(utc(1969, 12, 28, 12), kHour_s, bands), ElementsAre(share(0, kHour_s)));
  EXPECT_THAT(shares(utc(1969, 12, 27, 23), 2 * kHour_s, bands),
              ElementsAre(share(kNoBand, kHour_s), share(0, kHour_s)));
}

// A night band from 0:00 to 6:00 on the wall clock, over the nights that are an hour short or long.
TEST(Band, ASkippedHourIsNoneAndADoubledOneIsTwo) {
  const std::vector<Band> night{{.name = "night", .weekdays = kEveryDay, .from_min = 0, .to_min = 6 * 60}};
  const struct {
    const char* place;
    Calendar calendar;
    timing::UtcMs evening;  // 22:00 on the wall clock, ten hours before what is 8:00 on other days.
    std::int64_t night_hours;
  } rows[] = {
      {"Athens, an ordinary night", athens(), utc(2026, 6, 1, 19), 6},
      {"Athens, spring", athens(), utc(2026, 3, 28, 20), 5},
      {"Athens, autumn", athens(), utc(2026, 10, 24, 19), 7},
      {"Berlin, spring", berlin(), utc(2026, 3, 28, 21), 5},
      {"Berlin, autumn", berlin(), utc(2026, 10, 24, 20), 7},
      {"New York, spring", new_york(), utc(2026, 3, 8, 3), 5},
      {"New York, autumn", new_york(), utc(2026, 11, 1, 2), 7},
  };
  for (const auto& row : rows) {
    EXPECT_THAT(
        shares(row.evening, 10 * kHour_s, night, row.calendar),
        ElementsAre(share(kNoBand, (10 - row.night_hours) * kHour_s), share(0, row.night_hours * kHour_s)))
        << row.place;
  }
}

// From 2:30 to 3:30 on the wall clock: all of it, a half, or twice the half of it that comes twice.
TEST(Band, AnEdgeInsideTheHourThatIsSkippedOrDoubled) {
  const std::vector<Band> bands{{.name = "b", .weekdays = kEveryDay, .from_min = 150, .to_min = 210}};
  const auto in_band = [&](timing::UtcMs from) {
    const auto found = shares(from, 5 * kHour_s, bands, berlin());
    return found.back().band == 0 ? found.back().seconds : 0;
  };
  EXPECT_EQ(in_band(utc(2026, 6, 1, 22)), kHour_s);
  EXPECT_EQ(in_band(utc(2026, 3, 28, 23)), kHour_s / 2);       // 2:00 to 3:00 is skipped.
  EXPECT_EQ(in_band(utc(2026, 10, 24, 22)), kHour_s * 3 / 2);  // 2:00 to 3:00 comes twice.
}

TEST(Band, AStretchOverTheChangeOfTheClock) {
  const std::vector<Band> bands{
      {.name = "late", .weekdays = kEveryDay, .from_min = 3 * 60, .to_min = 4 * 60}};
  // 3:50 in the first 3 o'clock of Athens, twenty minutes: the clock is set back to 3:00.
  EXPECT_THAT(shares(utc(2026, 10, 25, 0, 50), 1'200, bands, athens()), ElementsAre(share(0, 1'200)));
  // 2:50 in spring, twenty minutes: then it is 4:00.
  EXPECT_THAT(shares(utc(2026, 3, 29, 0, 50), 1'200, bands, athens()), ElementsAre(share(kNoBand, 1'200)));
}

TEST(Band, PartsOfASecondCountWithTheSecondTheyBeganIn) {
  const std::vector<Band> bands{
      {.name = "evening", .weekdays = kEveryDay, .from_min = 18 * 60, .to_min = 1'440}};
  const auto moment = utc(2026, 11, 16, 17, 59, 59) + std::chrono::milliseconds{999};
  EXPECT_THAT(shares(moment, 2, bands), ElementsAre(share(kNoBand, 1), share(0, 1)));
}

// Second by second, against a clock that knows nothing of edges.
TEST(Band, TheSharesAreThoseOfEverySecond) {
  const std::vector<Band> bands{{.name = "a", .weekdays = kMonday | kSunday, .from_min = 30, .to_min = 200},
                                {.name = "b", .weekdays = kEveryDay, .from_min = 120, .to_min = 181},
                                {.name = "c", .weekdays = 0, .holidays = true, .from_min = 0, .to_min = 700}};
  for (Calendar calendar : {athens(), berlin(), new_york()}) {
    calendar.holidays = {day(2026, 3, 30)};
    for (const auto from :
         {utc(2026, 3, 28, 20), utc(2026, 10, 24, 21), utc(2026, 11, 1, 3), utc(2026, 3, 8, 2)}) {
      std::vector<std::int64_t> counted(bands.size() + 1);
      for (std::int64_t s = 0; s < 40 * kHour_s; s += 7) {
        const auto moment = from + std::chrono::seconds{s};
        const auto one = shares(moment, 1, bands, calendar);
        ASSERT_EQ(one.size(), 1u);
        counted[static_cast<std::size_t>(one[0].band + 1)] += 7;
      }
      std::int64_t sum = 0;
      for (const auto& whole : shares(from, 40 * kHour_s, bands, calendar)) {
        EXPECT_NEAR(static_cast<double>(whole.seconds),
                    static_cast<double>(counted[static_cast<std::size_t>(whole.band + 1)]), 7.0 * 12);
        sum += whole.seconds;
      }
      EXPECT_EQ(sum, 40 * kHour_s);
    }
  }
}

}  // namespace
