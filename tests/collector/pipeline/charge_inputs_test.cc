// What is kept with a charge suffices to work it out again.

#include "collector/pipeline/charge_inputs.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "collector/pipeline/explanation.h"
#include "tests/collector/rating/made_up.h"

namespace collector::pipeline {
namespace {

ChargeInputs made_up_inputs(rating::MadeUp& made_up) {
  ChargeInputs inputs{.currency = "EUR", .groups = {}, .calendar = {}};
  for (auto n = made_up.up_to(2); n >= 0; --n) {
    RatedTogether group{.stretches = made_up.stretches(),
                        .adjustments = {},
                        .work_type = made_up.up_to(1) == 0 ? "remote" : "",
                        .grade = made_up.up_to(1) == 0 ? "senior" : ""};
    if (made_up.up_to(5) == 0)
      group.adjustments.no_charge = true;
    else if (made_up.up_to(5) == 0)
      group.adjustments.override_min = made_up.up_to(90);
    inputs.groups.push_back(std::move(group));
  }
  return inputs;
}

timing::UtcMs first_of(const ChargeInputs& inputs) {
  auto first = inputs.groups.front().stretches.front().begin;
  for (const auto& group : inputs.groups) first = std::min(first, group.stretches.front().begin);
  return first;
}

TEST(ChargeInputs, WrittenAndReadAgainTheyGiveTheSameCharge) {
  int in_bands = 0, less_of_the_calendar = 0;
  for (std::uint64_t seed = 0; seed < 3'000; ++seed) {
    rating::MadeUp made_up{seed};
    auto rule = made_up.rule();
    for (auto n = made_up.up_to(3); n > 0; --n) rule.bands.push_back(made_up.band(made_up.up_to(3'000)));
    auto calendar = made_up.calendar();
    // Long before, and long after: they need not be kept.
    calendar.holidays.insert(calendar.holidays.begin(), -400);
    calendar.holidays.push_back(4'000);
    auto inputs = made_up_inputs(made_up);
    const auto first = work_out(rule, inputs, &calendar);
    ASSERT_FALSE(first.refusal) << *first.refusal;
    inputs.calendar = around(calendar, first_of(inputs), first.reach);
    less_of_the_calendar += inputs.calendar->holidays.size() < calendar.holidays.size() ? 1 : 0;
    const auto text = to_json(inputs);
    const auto read = charge_inputs_from(text);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(to_json(*read), text);
    const auto again = work_out(rule, *read, &*read->calendar);
    ASSERT_EQ(again.minutes, first.minutes) << seed;
    ASSERT_EQ(again.amount, first.amount) << seed;
    ASSERT_EQ(steps_to_json(again.steps), steps_to_json(first.steps)) << seed;
    in_bands += steps_to_json(first.steps).find("band") != std::string::npos ? 1 : 0;
  }
  EXPECT_GT(in_bands, 500) << "or it proves little";
  EXPECT_EQ(less_of_the_calendar, 3'000);
}

TEST(ChargeInputs, WithoutACalendarThereIsNone) {
  const ChargeInputs inputs{.currency = "JPY",
                            .groups = {{.stretches = {{.begin = timing::from_ms(5), .seconds = 60}},
                                        .adjustments = {},
                                        .work_type = "\"quoted\"",
                                        .grade = ""}},
                            .calendar = {}};
  const auto read = charge_inputs_from(to_json(inputs));
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->calendar);
  EXPECT_EQ(read->currency, "JPY");
  EXPECT_EQ(read->groups.front().work_type, "\"quoted\"");
  EXPECT_EQ(read->groups.front().stretches, inputs.groups.front().stretches);
}

TEST(ChargeInputs, WhatCannotBeRatedSaysWhy) {
  const ChargeInputs inputs{.currency = "EUR",
                            .groups = {{.stretches = {{.begin = {}, .seconds = rating::kDurationMax_s + 1}},
                                        .adjustments = {},
                                        .work_type = "",
                                        .grade = ""}},
                            .calendar = {}};
  EXPECT_TRUE(work_out({}, inputs, nullptr).refusal);
}

TEST(ChargeInputs, RefusesWhatWasNotWrittenByIt) {
  for (
      const char* text :
      {"", "[]", "{}", R"({"currency":"EUR"})", R"({"currency":7,"rated_together":[]})",
       R"({"currency":"EUR","rated_together":[{"stretches":[{"begin_ms":"1","seconds":1}],"work_type":"","grade":""}]})",
       R"({"currency":"EUR","rated_together":[],"calendar":{"offsets":[],"holidays":[]}})"}) {
    const auto read = charge_inputs_from(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, base::ErrorCode::corrupt);
  }
}

}  // namespace
}  // namespace collector::pipeline
