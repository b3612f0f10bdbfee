#include "common/timing/zone.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace std::chrono;
using testing::ElementsAre;
using timing::is_zone;
using timing::local_text;
using timing::offset_changes;
using timing::start_of_day;
using timing::to_rfc3339;

std::string start(year_month_day day, std::string_view zone) {
  const auto at = start_of_day(day, zone);
  return at ? to_rfc3339(*at) : at.error().message;
}

TEST(Zone, KnowsNames) {
  for (const char* name : {"UTC", "Europe/Athens", "America/Sao_Paulo", "Asia/Beirut"})
    EXPECT_TRUE(is_zone(name)) << name;
  for (const char* name :
       {"", "Athens", "europe/athens", "../../etc/passwd", "/etc/localtime", "Europe/Athens "}) {
    EXPECT_FALSE(is_zone(name)) << name;
  }
}

TEST(Zone, DaysBeginAtLocalMidnight) {
  EXPECT_EQ(start(2026y / November / 16, "UTC"), "2026-11-16T00:00:00.000Z");
  EXPECT_EQ(start(2026y / November / 16, "Europe/Athens"), "2026-11-15T22:00:00.000Z");
  EXPECT_EQ(start(2026y / July / 1, "Europe/Athens"), "2026-06-30T21:00:00.000Z");
}

TEST(Zone, SomeDaysHave23Or25Hours) {
  const auto length = [](year_month_day day) {
    const auto next = year_month_day{sys_days{day} + days{1}};
    return duration_cast<hours>(start_of_day(next, "Europe/Athens").value() -
                                start_of_day(day, "Europe/Athens").value());
  };
  EXPECT_EQ(length(2026y / March / 29), 23h);
  EXPECT_EQ(length(2026y / October / 25), 25h);
  EXPECT_EQ(length(2026y / November / 16), 24h);
}

TEST(Zone, ADayWithoutMidnightBeginsWhereTheClocksSkipTo) {
  EXPECT_EQ(start(2018y / November / 4, "America/Sao_Paulo"), "2018-11-04T03:00:00.000Z");
  EXPECT_EQ(local_text(start_of_day(2018y / November / 4, "America/Sao_Paulo").value(), "America/Sao_Paulo")
                .value(),
            "2018-11-04 01:00");
  EXPECT_EQ(start(2024y / March / 31, "Asia/Beirut"), "2024-03-30T22:00:00.000Z");
}

TEST(Zone, AMidnightThatComesTwiceIsTheEarlier) {
  // Havana goes back from 01:00 to 00:00.
  EXPECT_EQ(start(2026y / November / 1, "America/Havana"), "2026-11-01T04:00:00.000Z");
}

TEST(Zone, ADayThatWasLeftOutIsEmpty) {
  EXPECT_EQ(start(2011y / December / 30, "Pacific/Apia"), start(2011y / December / 31, "Pacific/Apia"));
}

TEST(Zone, LocalText) {
  const auto text = [](const char* utc, const char* zone) {
    return local_text(timing::from_rfc3339(utc).value(), zone).value();
  };
  EXPECT_EQ(text("2026-11-16T07:05:59.999Z", "Europe/Athens"), "2026-11-16 09:05");
  EXPECT_EQ(text("2026-10-25T00:30:00Z", "Europe/Athens"), "2026-10-25 03:30");
  EXPECT_EQ(text("2026-10-25T01:30:00Z", "Europe/Athens"), "2026-10-25 03:30");
  EXPECT_EQ(text("1969-12-31T23:59:59.999Z", "UTC"), "1969-12-31 23:59");
}

// "2026-03-29T01:00:00.000Z +10800" and so on.
std::vector<std::string> changes(std::string_view zone, const char* from, const char* to) {
  const auto all = offset_changes(zone, timing::from_rfc3339(from).value(), timing::from_rfc3339(to).value());
  std::vector<std::string> texts;
  for (const auto& one : *all) texts.push_back(to_rfc3339(one.from) + " " + std::to_string(one.seconds));
  return texts;
}

TEST(Zone, TheClockOfAYear) {
  const auto of_2026 = [](std::string_view zone) {
    return changes(zone, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
  };
  EXPECT_THAT(of_2026("Europe/Athens"),
              ElementsAre("2026-01-01T00:00:00.000Z 7200", "2026-03-29T01:00:00.000Z 10800",
                          "2026-10-25T01:00:00.000Z 7200"));
  EXPECT_THAT(of_2026("Europe/Berlin"),
              ElementsAre("2026-01-01T00:00:00.000Z 3600", "2026-03-29T01:00:00.000Z 7200",
                          "2026-10-25T01:00:00.000Z 3600"));
  EXPECT_THAT(of_2026("America/New_York"),
              ElementsAre("2026-01-01T00:00:00.000Z -18000", "2026-03-08T07:00:00.000Z -14400",
                          "2026-11-01T06:00:00.000Z -18000"));
  EXPECT_THAT(of_2026("UTC"), ElementsAre("2026-01-01T00:00:00.000Z 0"));
  EXPECT_THAT(changes("Asia/Kathmandu", "1985-12-01T00:00:00Z", "1986-02-01T00:00:00Z"),
              ElementsAre("1985-12-01T00:00:00.000Z 19800", "1985-12-31T18:30:00.000Z 20700"));
}

TEST(Zone, AChangeAtTheLastMomentIsTold) {
  const char* change = "2026-10-25T01:00:00Z";
  EXPECT_THAT(changes("Europe/Athens", "2026-10-25T00:59:59.999Z", "2026-10-25T00:59:59.999Z"),
              ElementsAre("2026-10-25T00:59:59.999Z 10800"));
  EXPECT_THAT(changes("Europe/Athens", "2026-10-25T00:00:00Z", change),
              ElementsAre("2026-10-25T00:00:00.000Z 10800", "2026-10-25T01:00:00.000Z 7200"));
  EXPECT_THAT(changes("Europe/Athens", change, change), ElementsAre("2026-10-25T01:00:00.000Z 7200"));
}

// What is told is the clock that local_text() shows, also ten years from now.
TEST(Zone, TheChangesAreTheWallClock) {
  const auto from = timing::from_rfc3339("2026-01-01T00:00:00Z").value(), to = from + days{3'650};
  for (const char* zone : {"Europe/Athens", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"}) {
    const auto all = offset_changes(zone, from, to).value();
    EXPECT_EQ(all.size(), 21U) << zone;
    for (auto at = from; at < to; at += minutes{4'999}) {
      auto now = all.begin();
      while (std::next(now) != all.end() && std::next(now)->from <= at) ++now;
      ASSERT_EQ(local_text(at, zone).value(), local_text(at + seconds{now->seconds}, "UTC").value())
          << zone << " " << to_rfc3339(at);
    }
  }
}

TEST(Zone, WhatCannotBeSaidIsAnError) {
  const auto now = timing::from_ms(0);
  for (const auto& changes :
       {offset_changes("Mars/Olympus", now, now), offset_changes("UTC", now, now - milliseconds{1}),
        offset_changes("UTC", now, now + days{36'526})})
    EXPECT_EQ(changes.error().code, base::ErrorCode::invalid_argument);

  EXPECT_EQ(start_of_day(2026y / February / 30, "UTC").error().code, base::ErrorCode::invalid_argument);
  EXPECT_EQ(start_of_day(2026y / March / 1, "Mars/Olympus").error().code, base::ErrorCode::invalid_argument);
  EXPECT_EQ(local_text(timing::from_ms(0), "Mars/Olympus").error().code, base::ErrorCode::invalid_argument);
}

}  // namespace
