#include "common/timing/zone.h"

#include <gtest/gtest.h>

namespace {

using namespace std::chrono;
using timing::is_zone;
using timing::local_text;
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

TEST(Zone, WhatCannotBeSaidIsAnError) {
  EXPECT_EQ(start_of_day(2026y / February / 30, "UTC").error().code, base::ErrorCode::invalid_argument);
  EXPECT_EQ(start_of_day(2026y / March / 1, "Mars/Olympus").error().code, base::ErrorCode::invalid_argument);
  EXPECT_EQ(local_text(timing::from_ms(0), "Mars/Olympus").error().code, base::ErrorCode::invalid_argument);
}

}  // namespace
