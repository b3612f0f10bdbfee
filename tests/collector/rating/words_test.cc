#include "collector/rating/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace collector::rating;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(RatingWords, EveryWordComesBack) {
  for (const auto value : {Boundary::start, Boundary::after})
    EXPECT_EQ(boundary_from(to_string(value)), value);
  for (const auto value : {GraceScope::first, GraceScope::every})
    EXPECT_EQ(grace_scope_from(to_string(value)), value);
  for (const auto value : {RoundGroup::session, RoundGroup::series, RoundGroup::day})
    EXPECT_EQ(round_group_from(to_string(value)), value);
  EXPECT_EQ(boundary_from("first"), std::nullopt);
  EXPECT_EQ(grace_scope_from("start"), std::nullopt);
  EXPECT_EQ(round_group_from("ticket"), std::nullopt);
}

TEST(RatingWords, WeightsAreFactors) {
  for (const auto& [weight, text] : {std::pair{0, "0"},
                                     {1, "0.001"},
                                     {250, "0.25"},
                                     {1'000, "1"},
                                     {1'500, "1.5"},
                                     {10'000, "10"},
                                     {999'999'999, "999999.999"}}) {
    EXPECT_EQ(weight_text(weight), text);
    EXPECT_EQ(weight_from(text), weight);
  }
  EXPECT_EQ(weight_from("1.50"), 1'500);
  for (const char* text : {"", ".", "1.", ".5", "1.2345", "1,5", "-1", "1.-5", "x", "1.x", "1e3", "1234567"})
    EXPECT_EQ(weight_from(text), std::nullopt) << text;
}

TEST(RatingWords, TimesOfTheDay) {
  for (const auto& [minutes, text] :
       {std::pair{0, "00:00"}, {545, "09:05"}, {1'439, "23:59"}, {1'440, "24:00"}}) {
    EXPECT_EQ(clock_text(minutes), text);
    EXPECT_EQ(clock_from(text), minutes);
  }
  EXPECT_EQ(clock_from("9:05"), 545);
  for (const char* text :
       {"", "9", "9:5", "09:60", "24:01", "25:00", "009:00", ":00", "09:", "a:00", "09:0x"})
    EXPECT_EQ(clock_from(text), std::nullopt) << text;
}

TEST(RatingWords, TheDaysOfABand) {
  Band band;
  EXPECT_THAT(day_names(band), IsEmpty());
  for (const char* day : {"holidays", "sun", "mon"}) EXPECT_TRUE(add_day(band, day));
  EXPECT_FALSE(add_day(band, "Monday"));
  EXPECT_THAT(day_names(band), ElementsAre("mon", "sun", "holidays"));
}

TEST(RatingWords, BandsAsPeopleWriteThem) {
  const struct {
    const char* text;
    Band band;
    const char* again;  // As it is written back.
  } rows[] = {
      {"weekdays 17:00-24:00 x1.5",
       {.name = "b", .weekdays = 0x1F, .from_min = 1'020, .to_min = 1'440, .weight = 1'500},
       "weekdays 17:00-24:00 x1.5"},
      {"mon-fri 8:00-17:00 x1",
       {.name = "b", .weekdays = 0x1F, .from_min = 480, .to_min = 1'020},
       "weekdays 08:00-17:00 x1"},
      {"sat,sun x2", {.name = "b", .weekdays = 0x60, .weight = 2'000}, "weekend x2"},
      {"weekend,holidays x2",
       {.name = "b", .weekdays = 0x60, .holidays = true, .weight = 2'000},
       "weekend,holidays x2"},
      {"holidays x0.5", {.name = "b", .holidays = true, .weight = 500}, "holidays x0.5"},
      {"daily 00:00-06:00 x3",
       {.name = "b", .weekdays = 0x7F, .from_min = 0, .to_min = 360, .weight = 3'000},
       "daily 00:00-06:00 x3"},
      {"tue,thu-sat x1.25", {.name = "b", .weekdays = 0x3A, .weight = 1'250}, "tue,thu,fri,sat x1.25"},
  };
  for (const auto& row : rows) {
    const auto read = band_from("b", row.text);
    ASSERT_TRUE(read) << row.text << ": " << read.error().message;
    EXPECT_EQ(*read, row.band) << row.text;
    EXPECT_EQ(band_text(*read), row.again);
    EXPECT_EQ(band_from("b", row.again).value(), row.band) << row.again;
  }
}

TEST(RatingWords, WhatIsNoBandIsRefusedByItsPart) {
  const auto refused = [](const char* text) {
    const auto read = band_from("Evening", text);
    if (read) return std::string{"it was taken"};
    EXPECT_EQ(read.error().code, base::ErrorCode::invalid_argument);
    return read.error().message;
  };
  const std::string days = "mon to sun, a range such as mon-fri, weekdays, weekend, daily or holidays";
  EXPECT_EQ(refused("monday x2"), "band 'Evening': 'monday' is no day: " + days);
  EXPECT_EQ(refused("mon-holidays x2"), "band 'Evening': 'mon-holidays' is no day: " + days);
  EXPECT_EQ(refused("no-mon x2"), "band 'Evening': 'no-mon' is no day: " + days);
  EXPECT_EQ(refused("fri-mon x2"), "band 'Evening': 'fri-mon' is no day: " + days);
  EXPECT_EQ(refused("x2"), "band 'Evening': 'x2' is no day: " + days);
  const std::string times = " is no time of the day such as 17:00-24:00";
  EXPECT_EQ(refused("mon 17-24 x2"), "band 'Evening': '17-24'" + times);
  EXPECT_EQ(refused("mon 17:00-25:00 x2"), "band 'Evening': '17:00-25:00'" + times);
  const std::string weight = " is no weight such as x1.5, with up to three places behind the point";
  EXPECT_EQ(refused("mon 17:00-24:00"), "band 'Evening': ''" + weight);
  EXPECT_EQ(refused("mon 17:00-24:00 1.5"), "band 'Evening': '1.5'" + weight);
  EXPECT_EQ(refused("mon xx"), "band 'Evening': 'xx'" + weight);
}

}  // namespace
