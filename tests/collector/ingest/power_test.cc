// The plug of the collector is pulled, anywhere: the database opens unaided, what was acknowledged is there
// once, chains and counters fit, and the agents go on.

#include <gtest/gtest.h>

#include <iostream>

#include "tests/collector/ingest/power.h"

namespace collector::ingest {
namespace {

TEST(PowerCut, UnderLoad) {
  std::uint64_t acknowledged = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const auto life = live_through_cuts(seed, 8);
    ASSERT_EQ(life.damage, "") << "seed " << seed << ", cut " << life.cuts;
    acknowledged += life.acknowledged;
  }
  EXPECT_GT(acknowledged, 1'000u) << "or it proves nothing";
  std::cout << acknowledged << " records acknowledged, 40 cuts\n";
}

// If commits do not wait for the disk, the test above sees it.
TEST(PowerCut, WithoutSyncsAcknowledgedRecordsAreLost) {
  int damaged = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const auto life = live_through_cuts(seed, 10, true);
    damaged += life.damage.find("were acknowledged") != std::string::npos ? 1 : 0;
  }
  EXPECT_GT(damaged, 5);
}

// One start and a few batches, write by write and sync by sync.
TEST(PowerCut, AtTheWritesOfAFirstDay) {
  const auto day = cut_first_day_at_every([](std::uint64_t n) { return n + 1 + n / 10; });
  EXPECT_EQ(day.damage, "") << "cut at call " << day.acknowledged;
  EXPECT_GT(day.cuts, 30) << "there were that many writes to cut at";
  std::cout << day.cuts << " cuts\n";
}

}  // namespace
}  // namespace collector::ingest
