#include "agent/platform/stop.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace {

using agent::platform::Stop;

TEST(Stop, IsHeardOnceHoweverOftenItIsAsked) {
  Stop stop;
  int heard = 0;
  const Stop::Listening listening{stop, [&] { ++heard; }};
  EXPECT_FALSE(stop.asked());
  stop.ask();
  stop.ask();
  EXPECT_EQ(heard, 1);
  EXPECT_TRUE(stop.asked());
}

TEST(Stop, IsHeardByWhoListensLater) {
  Stop stop;
  stop.ask();
  int heard = 0;
  const Stop::Listening listening{stop, [&] { ++heard; }};
  EXPECT_EQ(heard, 1);
}

TEST(Stop, IsNotHeardByWhoHasGone) {
  Stop stop;
  int heard = 0;
  {
    const Stop::Listening gone{stop, [&] { ++heard; }};
  }
  stop.ask();
  EXPECT_EQ(heard, 0);
}

TEST(Stop, ManyMayAskAtOnce) {
  Stop stop;
  int heard = 0;
  const Stop::Listening listening{stop, [&] { ++heard; }};
  std::vector<std::thread> askers;
  for (int i = 0; i < 4; ++i) askers.emplace_back([&] { stop.ask(); });
  for (auto& asker : askers) asker.join();
  EXPECT_EQ(heard, 1);
}

}  // namespace
