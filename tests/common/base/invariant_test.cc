#include "common/base/invariant.h"

#include <gtest/gtest.h>

namespace {

TEST(Invariant, HoldsSilentlyAndLooksOnce) {
  int looked = 0;
  DESKLEDGER_ASSERT(++looked == 1);
  EXPECT_EQ(looked, 1);
}

TEST(InvariantDeathTest, SaysWhatAndWhereAndStops) {
  EXPECT_DEATH(DESKLEDGER_ASSERT(1 + 1 == 3),
               "invariant_test.cc:[0-9]+: invariant does not hold: 1 \\+ 1 == 3");
}

}  // namespace
