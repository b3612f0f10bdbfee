#include "collector/mail/retry.h"

#include <gtest/gtest.h>

#include <set>

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
    const std::chrono::milliseconds delay = std::chrono::minutes{row.minutes};
    for (std::uint64_t chance = 0; chance < 50; ++chance) {
      const auto next = next_try(row.attempts, now, chance).value();
      EXPECT_GE(next, now + delay) << row.attempts;
      EXPECT_LT(next, now + delay + delay / 4) << row.attempts;
    }
  }
}

TEST(NextTry, MailsThatFailedTogetherComeBackOneByOne) {
  std::set<timing::UtcMs> moments;
  for (std::uint64_t mail = 1; mail <= 100; ++mail)
    moments.insert(next_try(7, timing::from_ms(0), mail).value());
  EXPECT_GT(moments.size(), 95u);
}

TEST(NextTry, EndsWithTheTwentieth) {
  EXPECT_EQ(next_try(20, timing::from_ms(0), 1), std::nullopt);
  EXPECT_EQ(next_try(21, timing::from_ms(0), 1), std::nullopt);
}

TEST(PauseUntil, DoublesFromFiveSecondsToFiveMinutesAndHasNoEnd) {
  struct Row {
    std::int64_t failures;
    std::int64_t seconds;
  };
  constexpr Row kRows[] = {{1, 5}, {2, 10}, {3, 20}, {6, 160}, {7, 300}, {8, 300}, {1'000'000, 300}};
  const auto now = timing::from_ms(1'000'000);
  for (const auto& row : kRows) {
    const std::chrono::milliseconds pause = std::chrono::seconds{row.seconds};
    EXPECT_GE(pause_until(row.failures, now, 7), now + pause) << row.failures;
    EXPECT_LT(pause_until(row.failures, now, 7), now + pause + pause / 4) << row.failures;
  }
}

}  // namespace
}  // namespace collector::mail
