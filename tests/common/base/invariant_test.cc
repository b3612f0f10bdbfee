#include "common/base/invariant.h"

#include <gtest/gtest.h>

namespace {

TEST(Invariant, HoldsSilentlyAndLooksOnce) {
  int looked = 0;
  DESKLEDGER_ASSERT(++looked == 1);
  EXPECT_EQ(looked, 1);
}

TEST(InvariantDeathTest, SaysWhatAndWhereAndStops) {
  // Of the patterns googletest knows on every system.
  EXPECT_DEATH(DESKLEDGER_ASSERT(1 + 1 == 3), "invariant_test.cc:.+: invariant does not hold: 1 \\+ 1 == 3");
}

}  // namespace
