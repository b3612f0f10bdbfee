#include "collector/store/write_turn.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace collector::store {
namespace {

using namespace std::chrono_literals;

TEST(WriteTurnTest, OneAtATime) {
  const auto turns = WriteTurns::of("one");
  {
    WriteTurn first, second;
    ASSERT_TRUE(first.take(*turns, 0ms));
    EXPECT_FALSE(second.take(*turns, 0ms));
  }
  WriteTurn third;
  EXPECT_TRUE(third.take(*turns, 0ms)) << "who gave up is passed over";
}

TEST(WriteTurnTest, AFileHasOneQueueAndAnotherFileAnother) {
  const auto turns = WriteTurns::of("a");
  EXPECT_EQ(turns, WriteTurns::of("a"));
  EXPECT_NE(turns, WriteTurns::of("b"));
}

TEST(WriteTurnTest, NobodyIsForgotten) {
  const auto turns = WriteTurns::of("many");
  int inside = 0, done = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 500; ++i) {
          WriteTurn turn;
          if (!turn.take(*turns, 60s)) continue;
          EXPECT_EQ(++inside, 1);
          ++done;
          --inside;
        }
      });
    }
  }
  EXPECT_EQ(done, 2'000);
}

}  // namespace
}  // namespace collector::store
