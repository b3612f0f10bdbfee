#include "collector/pipeline/mail_why.h"

#include <gtest/gtest.h>

#include "collector/pipeline/explanation.h"

namespace collector::pipeline {
namespace {

TEST(MailWhy, StepsComeBackAsTheyWereStored) {
  const auto steps = charge_steps(steps_to_json(std::vector<rating::Step>{
      {.what = "first block", .detail = "first block: 10 min", .minutes_so_far = 10},
      {.what = "band", .detail = "in 'Evening'", .minutes_so_far = std::nullopt}}));
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps[0].what, "first block");
  EXPECT_EQ(steps[0].minutes, 10);
  EXPECT_EQ(steps[1].what, "band");
  EXPECT_FALSE(steps[1].minutes);
}

TEST(MailWhy, WhatIsNoExplanationIsNone) {
  for (const char* text : {"", "{", "{}", "7", "[7]", "[{}]", R"([{"what":7}])"})
    EXPECT_TRUE(charge_steps(text).empty()) << text;
  EXPECT_FALSE(charge_steps(R"([{"what":"cap","minutes":"7"}])").at(0).minutes);
}

}  // namespace
}  // namespace collector::pipeline
