// Failures at the first calls, and ever farther apart; the long test meets every call.

#include "tests/collector/proof/log_io_fail.h"

#include <iostream>

namespace collector::proof {
namespace {

TEST_P(LogOnFailingDisk, IsNeverContradicted) {
  std::uint64_t n = 1;
  while (live(n, n % 2 == 0 ? Then::ends : Then::goes_on)) n += 1 + n / 6;
  EXPECT_GT(n, 30U);
  std::cout << "until call " << n << "\n";
}

INSTANTIATE_TEST_SUITE_P(Every, LogOnFailingDisk, ingest::kFailures, ingest::name_of_failure);

}  // namespace
}  // namespace collector::proof
