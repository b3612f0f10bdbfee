// Power cuts by the thousand and a failure at every single call, for `./dev test --all`.

#include <iostream>

#include "tests/collector/proof/log_io_fail.h"

namespace collector::proof {
namespace {

TEST(LogPowerLong, AtEveryCallOfAStep) {
  int cuts = 0;
  for (std::uint64_t seed = 1'000; seed < 1'100; ++seed) {
    const auto life = cut_at_every_call_of_a_step(seed);
    ASSERT_EQ(life.damage, "") << "seed " << seed << ", cut " << life.cuts;
    cuts += life.cuts;
  }
  std::cout << cuts << " cuts\n";
}

TEST(LogPowerLong, Anywhere) {
  std::size_t checkpoints = 0;
  for (std::uint64_t seed = 1'000; seed < 1'040; ++seed) {
    const auto life = cut_log_anywhere(seed, 20);
    ASSERT_EQ(life.damage, "") << "seed " << seed << ", cut " << life.cuts;
    checkpoints += life.checkpoints;
  }
  std::cout << checkpoints << " checkpoints seen, 800 cuts\n";
}

TEST_P(LogOnFailingDisk, AtEveryCall) {
  std::uint64_t n = 1;
  while (live(n, Then::goes_on) && live(n, Then::ends)) ++n;
  EXPECT_GT(n, 30U);
  std::cout << "until call " << n << "\n";
}

INSTANTIATE_TEST_SUITE_P(Long, LogOnFailingDisk, ingest::kFailures, ingest::name_of_failure);

}  // namespace
}  // namespace collector::proof
