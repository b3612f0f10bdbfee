#include "collector/commands/rate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <sstream>

namespace {

using collector::commands::RateOptions;
using collector::commands::run_rate;

struct Ran {
  int exit_code = 0;
  std::string out, err;
};

Ran ran(const RateOptions& options) {
  std::ostringstream out, err;
  const int exit_code = run_rate(options, out, err);
  return {.exit_code = exit_code, .out = out.str(), .err = err.str()};
}

std::int64_t minutes(RateOptions options) {
  options.json = true;
  return boost::json::parse(ran(options).out).at("minutes").as_int64();
}

TEST(RateCommand, Text) {
  RateOptions options;
  options.seconds = 2052;
  const auto answer = ran(options);
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_EQ(answer.out,
            "34:12 under 'standard': 40 min\n"
            "  34:12 is longer than the free 0:30\n"
            "  first block: 10 min for less than 11:00 (10:00 + 1:00 grace)\n"
            "  3 further blocks of 10 min begun\n"
            "  charge 40 min\n");
}

TEST(RateCommand, Json) {
  RateOptions options;
  options.seconds = 660;
  options.json = true;
  const auto answer = boost::json::parse(ran(options).out);
  EXPECT_EQ(answer.at("minutes"), 20);
  EXPECT_EQ(answer.at("rating_version"), 1);
  EXPECT_EQ(answer.at("rule").at("boundary"), "start");
  EXPECT_TRUE(answer.at("rule").at("max_charge_min").is_null());
  EXPECT_EQ(answer.at("steps").as_array().size(), 4U);
  EXPECT_EQ(answer.at("steps").at(2).at("detail"), "1 further block of 10 min begun");
  EXPECT_EQ(answer.at("steps").at(1).at("minutes_so_far"), 10);
}

TEST(RateCommand, EveryOptionCounts) {
  RateOptions options;
  options.seconds = 660;
  EXPECT_EQ(minutes(options), 20);
  options.boundary = "after";
  EXPECT_EQ(minutes(options), 10);
  options.grace_s = 0;
  EXPECT_EQ(minutes(options), 20);
  options.increment_s = 60;
  EXPECT_EQ(minutes(options), 11);
  options.first_block_s = 300;
  EXPECT_EQ(minutes(options), 11);
  options.max_charge_min = 8;
  EXPECT_EQ(minutes(options), 8);
  options.free_s = 660;
  EXPECT_EQ(minutes(options), 0);
  options.circumstances.adjustments.override_min = 25;
  EXPECT_EQ(minutes(options), 25);
  options.circumstances.adjustments.override_min.reset();
  options.free_s = 0;
  options.circumstances.adjustments.no_charge = true;
  EXPECT_EQ(minutes(options), 0);

  RateOptions every;
  every.seconds = 1200;
  EXPECT_EQ(minutes(every), 30);
  every.grace_scope = "every";
  EXPECT_EQ(minutes(every), 20);
  every.grace_scope = "first";
  every.template_name = "standard-every";
  EXPECT_EQ(minutes(every), 30);
}

TEST(RateCommand, WhatCannotBeUsedIsRefused) {
  const auto refused = [](auto change) {
    RateOptions options;
    change(options);
    const auto answer = ran(options);
    EXPECT_EQ(answer.exit_code, 2);
    EXPECT_EQ(answer.out, "");
    return answer.err;
  };
  using testing::HasSubstr;
  EXPECT_THAT(refused([](auto& o) { o.template_name = "plane"; }), HasSubstr("did you mean 'plain'?"));
  EXPECT_THAT(refused([](auto& o) { o.boundary = "end"; }),
              HasSubstr("boundary is 'end'; it may be start or after"));
  EXPECT_THAT(refused([](auto& o) { o.grace_scope = "all"; }), HasSubstr("first or every"));
  EXPECT_THAT(refused([](auto& o) { o.seconds = -1; }), HasSubstr("duration of -0:01"));
  EXPECT_THAT(refused([](auto& o) { o.increment_s = 61; }), HasSubstr("increment_s is 61"));
  EXPECT_THAT(refused([](auto& o) { o.circumstances.adjustments.override_min = 1441; }), HasSubstr("1441"));
}

}  // namespace
