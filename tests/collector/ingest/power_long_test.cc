// Power cuts by the hundred and a failure at every single call, for `./dev test --all`.

#include <iostream>

#include "tests/collector/ingest/io_fail.h"

namespace collector::ingest {
namespace {

TEST(PowerLong, UnderLoad) {
  std::uint64_t acknowledged = 0;
  for (std::uint64_t seed = 1'000; seed < 1'040; ++seed) {
    const auto life = live_through_cuts(seed, 20);
    ASSERT_EQ(life.damage, "") << "seed " << seed << ", cut " << life.cuts;
    acknowledged += life.acknowledged;
  }
  std::cout << acknowledged << " records acknowledged, 800 cuts\n";
}

TEST(PowerLong, AtEveryWriteOfAFirstDay) {
  const auto day = cut_first_day_at_every([](std::uint64_t n) { return n + 1; });
  EXPECT_EQ(day.damage, "");
  std::cout << day.cuts << " cuts\n";
}

TEST_P(FailingDisk, AtEveryCall) {
  std::uint64_t n = 1;
  while (live(n, Then::goes_on) && live(n, Then::ends)) ++n;
  EXPECT_GT(n, 100u);
  std::cout << "until call " << n << "\n";
}

INSTANTIATE_TEST_SUITE_P(Long, FailingDisk, kFailures, name_of_failure);

}  // namespace
}  // namespace collector::ingest
