#include "common/timing/clock.h"

#include <gtest/gtest.h>

namespace {

TEST(SystemClock, BootTimeNeverRunsBackwards) {
  const auto& clock = timing::system_clock();
  auto last = clock.boot_ms();
  EXPECT_GT(last, 0);
  for (int i = 0; i < 10'000; ++i) {
    const auto now = clock.boot_ms();
    ASSERT_GE(now, last);
    last = now;
  }
}

TEST(SystemClock, WallTimeIsAfterThisWasWritten) {
  EXPECT_GT(timing::system_clock().utc(), timing::from_rfc3339("2026-11-01T00:00:00Z").value());
}

}  // namespace
