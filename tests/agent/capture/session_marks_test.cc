#include "agent/capture/session_marks.h"

#include <deskledger/agent/v1/capture.pb.h>
#include <gtest/gtest.h>

namespace {

using namespace agent::capture;
using agent::session::Outcome;
using agent::session::Snapshot;

constexpr std::int64_t kNow = 1'790'000'000'000;  // UTC when the boot-time clock shows kBoot.
constexpr std::int64_t kBoot = 5'000'000;

timing::UtcMs utc(std::int64_t ms) {
  return timing::from_ms(kNow + ms);
}

// The clocks `boot_ms` later, with the wall clock `set_ms` ahead of what it would show, read `gap_ms` after
// the last look.
Reading reading(std::int64_t boot_ms, std::int64_t set_ms = 0, std::int64_t gap_ms = 4'000,
                std::int64_t set_before_ms = 0) {
  return {.now = {.utc = utc(boot_ms + set_ms),
                  .boot_ms = kBoot + boot_ms,
                  .utc_offset_min = 120,
                  .boot_id = "b"},
          .read_to_end = ClockPair{.boot_ms = kBoot + boot_ms - gap_ms,
                                   .wall_minus_boot_ms = kNow - kBoot + set_before_ms}};
}

Snapshot running(std::int64_t started) {
  Snapshot snapshot;
  snapshot.key = "k";
  snapshot.outcome = Outcome::active;
  snapshot.requested = utc(started - 8'000);
  snapshot.started = utc(started);
  return snapshot;
}

Snapshot over(Snapshot snapshot, std::int64_t ended) {
  snapshot.outcome = Outcome::completed;
  snapshot.ended = utc(ended);
  return snapshot;
}

TEST(MomentOf, IsKnownOnlyOfLinesReadAsTheyAreWritten) {
  const struct {
    const char* what;
    std::int64_t line;
    Reading reading;
    std::int64_t want;  // Milliseconds behind kBoot; -1: unknown.
  } rows[] = {
      {"just now", 9'990, reading(10'000), 9'990},
      {"since the last look", 6'100, reading(10'000), 6'100},
      {"before the last look", 2'000, reading(10'000), -1},
      {"last week", -604'800'000, reading(10'000), -1},
      {"from the future", 70'000, reading(10'000), -1},
      {"the clock was set ahead, then the line", 3'609'990, reading(10'000, 3'600'000), 9'990},
      {"the line, then the clock was set ahead", 9'000, reading(10'000, 3'600'000), 9'000},
      {"the line, then the clock was set back", 9'000, reading(10'000, -3'600'000), 9'000},
  };
  for (const auto& row : rows) {
    const auto moment = moment_of(utc(row.line), row.reading);
    EXPECT_EQ(moment ? moment->boot_ms - kBoot : -1, row.want) << row.what;
  }
  auto blind = reading(10'000);
  blind.read_to_end.reset();
  EXPECT_FALSE(moment_of(utc(9'990), blind)) << "the first look at a file";
}

TEST(SessionMarks, MeasureByTheBootClockWhateverIsDoneToTheWallClock) {
  const struct {
    const char* what;
    std::int64_t set_ms;
    bool jumped;
  } rows[] = {{"nothing", 0, false},
              {"NTP slews it", 1'500, false},
              {"set ahead by an hour", 3'600'000, true},
              {"set back by an hour", -3'600'000, true},
              {"ten years", 315'360'000'000, true}};
  for (const auto& row : rows) {
    SessionMarks marks{{.length_max_ms = 0, .overnight_at_min = {}}};
    const Snapshot open = running(0);
    EXPECT_FALSE(marks.measure(open, utc(0), reading(100)).duration_boot_ms) << row.what;
    const std::int64_t end = 600'000 + row.set_ms;
    const auto measured =
        marks.measure(over(open, end), utc(end), reading(600'200, row.set_ms, 4'000, row.set_ms));
    ASSERT_TRUE(measured.duration_boot_ms) << row.what;
    EXPECT_NEAR(static_cast<double>(*measured.duration_boot_ms), 600'000,
                measured.duration_boot_uncertainty_ms)
        << row.what;
    EXPECT_LE(measured.duration_boot_uncertainty_ms, 200u);
    EXPECT_EQ(measured.clock_jumped, row.jumped) << row.what;
  }
}

TEST(SessionMarks, SayNothingAcrossARestartOfTheMachine) {
  SessionMarks marks{{}};
  (void)marks.measure(running(0), utc(0), reading(100));
  auto later = reading(600'100);
  later.now.boot_id = "another";
  EXPECT_FALSE(marks.measure(over(running(0), 600'000), utc(600'000), later).duration_boot_ms);
}

TEST(SessionMarks, SurviveARestartOfTheAgent) {
  SessionMarks before{{}};
  (void)before.measure(running(0), utc(0), reading(100));
  deskledger::agent::v1::SourceMemory memory;
  before.save(memory);
  SessionMarks marks{{}};
  marks.load(memory);
  const auto measured = marks.measure(over(running(0), 600'000), utc(600'000), reading(600'100));
  EXPECT_EQ(measured.duration_boot_ms, 600'000);
}

TEST(SessionMarks, KeepWhatTheyMeasuredForLaterFactsOfTheSameSession) {
  SessionMarks marks{{}};
  (void)marks.measure(running(0), utc(0), reading(100));
  (void)marks.measure(over(running(0), 600'000), utc(600'000), reading(600'100));
  EXPECT_EQ(marks.measure(over(running(0), 600'000), utc(601'000), reading(601'100)).duration_boot_ms,
            600'000);
}

TEST(SessionMarks, ForgetTheOldestEndedOnes) {
  SessionMarks marks{{}};
  for (int i = 0; i < 1'000; ++i) {
    Snapshot snapshot = over(running(0), 1'000);
    snapshot.key = std::to_string(i);
    (void)marks.measure(snapshot, utc(1'000), reading(2'000));
  }
  deskledger::agent::v1::SourceMemory memory;
  marks.save(memory);
  EXPECT_LE(memory.marks_size(), static_cast<int>(SessionMarks::kEndedMarksMax) + 1);
}

TEST(SessionMarks, TellAGuardRailOnceWhenItIsPassed) {
  SessionMarks marks{{.length_max_ms = 3'600'000, .overnight_at_min = {}}};
  const Snapshot open = running(0);
  (void)marks.measure(open, utc(0), reading(100));
  EXPECT_FALSE(marks.passed_a_rail(open, reading(3'600'000)));
  EXPECT_TRUE(marks.passed_a_rail(open, reading(3'600'001)));
  EXPECT_TRUE(marks.measure(open, std::nullopt, reading(3'600'001)).over_length);
  EXPECT_FALSE(marks.passed_a_rail(open, reading(3'700'000))) << "it was told";
  EXPECT_FALSE(marks.passed_a_rail(over(open, 3'700'000), reading(9'000'000))) << "it is over";
}

}  // namespace
