// Failures at the first calls, and ever farther apart; the long test meets every call.

#include "tests/collector/ingest/io_fail.h"

#include <iostream>

namespace collector::ingest {
namespace {

TEST_P(FailingDisk, LosesNothingAndGoesOn) {
  std::uint64_t n = 1;
  while (live(n, n % 2 == 0 ? Then::ends : Then::goes_on)) n += 1 + n / 6;
  EXPECT_GT(n, 100u);
  std::cout << "until call " << n << "\n";
}

INSTANTIATE_TEST_SUITE_P(Every, FailingDisk, kFailures, name_of_failure);

}  // namespace
}  // namespace collector::ingest
