// The plug of the collector is pulled while it keeps its log: it starts unaided, and no checkpoint that
// anyone can have copied is ever contradicted.

#include <gtest/gtest.h>

#include <iostream>

#include "tests/collector/proof/log_power.h"

namespace collector::proof {
namespace {

TEST(LogPowerCut, AtEveryCallOfAStep) {
  int cuts = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const auto life = cut_at_every_call_of_a_step(seed);
    ASSERT_EQ(life.damage, "") << "seed " << seed << ", cut " << life.cuts;
    EXPECT_GE(life.cuts, 13) << "the writes and the sync of a commit, and those of the file";
    EXPECT_GT(life.checkpoints, 10U) << "or it proves nothing";
    cuts += life.cuts;
  }
  std::cout << cuts << " cuts\n";
}

TEST(LogPowerCut, Anywhere) {
  std::size_t checkpoints = 0;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const auto life = cut_log_anywhere(seed, 8);
    ASSERT_EQ(life.damage, "") << "seed " << seed << ", cut " << life.cuts;
    checkpoints += life.checkpoints;
  }
  EXPECT_GT(checkpoints, 100U) << "or it proves nothing";
  std::cout << checkpoints << " checkpoints seen, 32 cuts\n";
}

// If commits do not wait for the disk, a checkpoint is published that the database then loses: the witness
// has it, and perhaps the file, too. Only a cut in the last calls of a step can show it, and then by chance:
// the keys of a life are its own, and so is what the disk had written by itself.
TEST(LogPowerCut, WithoutSyncsAPublishedCheckpointIsLost) {
  int lost = 0;
  std::uint64_t seed = 0;
  while (lost < 3 && ++seed <= 60) {
    const auto life = cut_at_every_call_of_a_step(seed, true);
    const auto has = [&](const char* words) { return life.damage.find(words) != std::string::npos; };
    EXPECT_TRUE(life.damage.empty() || has("log_rewritten") || has("was signed, and the database's newest"))
        << life.damage;
    lost += life.damage.empty() ? 0 : 1;
  }
  EXPECT_EQ(lost, 3);
  std::cout << "3 lost among " << seed << " lives\n";
}

}  // namespace
}  // namespace collector::proof
