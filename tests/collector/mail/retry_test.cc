#include "collector/mail/retry.h"

#include <gtest/gtest.h>

namespace collector::mail {
namespace {

TEST(NextTry, DoublesFromAMinuteToAnHour) {
  struct Row {
    std::int64_t attempts;
    std::int64_t minutes;
  };
  constexpr Row kRows[] = {{0, 1}, {1, 1}, {2, 2}, {3, 4}, {6, 32}, {7, 60}, {8, 60}, {19, 60}};
  const auto now = timing::from_ms(1'000'000);
  for (const auto& row : kRows) {
    EXPECT_EQ(next_try(row.attempts, now), now + std::chrono::minutes{row.minutes}) << row.attempts;
  }
}

TEST(NextTry, EndsWithTheTwentieth) {
  EXPECT_EQ(next_try(20, timing::from_ms(0)), std::nullopt);
  EXPECT_EQ(next_try(21, timing::from_ms(0)), std::nullopt);
}

}  // namespace
}  // namespace collector::mail
