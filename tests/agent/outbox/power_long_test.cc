// Hundreds of power cuts and failures, for `./dev test --all`.

#include "tests/agent/outbox/power.h"

namespace {

using namespace outbox_tests;

TEST(PowerLong, UnderLoad) {
  for (std::uint64_t seed = 1'000; seed < 1'060; ++seed) {
    live_through_cuts(seed, 20);
    if (HasFailure()) return;
  }
}

TEST(PowerLong, WhileOldRecordsAreRemoved) {
  for (std::uint64_t seed = 2'000; seed < 2'010; ++seed) {
    live_through_cuts(seed, 20, Outbox::kKeptRecords + 20'000);
    if (HasFailure()) return;
  }
}

}  // namespace
