#include "agent/trace/connection_check.h"

#include <gmock/gmock.h>

#include <chrono>
#include <string>

namespace {

using namespace agent::trace;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// 2025-10-09 00:00 UTC.
constexpr std::int64_t kDayMin = 20370LL * 24 * 60;

timing::UtcMs at(int hour, int minute, int second = 30) {
  return timing::from_ms(((kDayMin + hour * 60 + minute) * 60 + second) * 1000);
}

std::string two(int number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

// As the file shows it, in its own zone.
std::string line(int hour, int minute, const std::string& id, const std::string& alias = "") {
  return "Outgoing    2025-10-09, " + two(hour) + ":" + two(minute) + "    User    " +
         (alias.empty() ? id : alias) + "    " + id;
}

constexpr std::int32_t kAthensMin = 180;

TEST(ConnectionCheck, Calibration) {
  const struct {
    const char* what;
    std::vector<std::pair<int, int>> attempts;  // UTC
    std::vector<std::pair<int, int>> lines;
    std::int32_t own_min;
    std::optional<std::int32_t> offset_min;
    std::uint64_t matched;
  } rows[] = {
      {"nothing", {}, {}, kAthensMin, std::nullopt, 0},
      {"no pair", {{9, 0}}, {}, kAthensMin, std::nullopt, 0},
      {"one pair in the own zone", {{9, 0}}, {{12, 0}}, kAthensMin, kAthensMin, 1},
      {"one pair in UTC", {{9, 0}}, {{9, 0}}, kAthensMin, 0, 1},
      {"one pair elsewhere proves nothing", {{9, 0}}, {{14, 30}}, kAthensMin, std::nullopt, 0},
      {"two pairs in India", {{9, 0}, {11, 17}}, {{14, 30}, {16, 47}}, kAthensMin, 330, 2},
      {"two pairs west", {{9, 0}, {11, 17}}, {{4, 0}, {6, 17}}, kAthensMin, -300, 2},
      {"two pairs, one in the own zone, one by chance",
       {{9, 0}, {11, 17}},
       {{12, 0}, {14, 17}},
       kAthensMin,
       180,
       2},
      {"accepted minutes later", {{9, 0}}, {{12, 6}}, kAthensMin, kAthensMin, 1},
      {"the minute before", {{9, 0}}, {{11, 59}}, kAthensMin, kAthensMin, 1},
      {"too late", {{9, 0}}, {{12, 9}}, kAthensMin, std::nullopt, 0},
      {"more than a zone can be", {{0, 0}, {1, 1}}, {{20, 0}, {21, 1}}, kAthensMin, std::nullopt, 0},
  };
  for (const auto& row : rows) {
    ConnectionCheck check;
    for (const auto& [hour, minute] : row.attempts) check.add_attempt("640693301", at(hour, minute));
    for (const auto& [hour, minute] : row.lines) check.add_line(line(hour, minute, "640693301"));
    check.settle(at(0, 1), row.own_min);
    EXPECT_EQ(check.offset_min(), row.offset_min) << row.what;
    EXPECT_EQ(check.counters().matched, row.matched) << row.what;
    EXPECT_EQ(check.counters().lines_outgoing, row.lines.size()) << row.what;
    EXPECT_EQ(check.waiting(), row.lines.size() - row.matched) << row.what;
  }
}

TEST(ConnectionCheck, AnyOrderGivesTheSame) {
  for (int order = 0; order < 4; ++order) {
    ConnectionCheck check;
    const auto lines = [&] {
      check.add_line(line(12, 0, "640693301"));
      check.add_line(line(12, 5, "111111111", "office@ad"));
    };
    const auto attempts = [&] {
      check.add_attempt("office@ad", at(9, 5));
      check.add_attempt("640693301", at(9, 0));
    };
    if (order % 2 == 0) lines();
    attempts();
    if (order % 2 == 1) lines();
    if (order >= 2) attempts();
    check.settle(at(9, 6), kAthensMin);
    check.settle(at(10, 0), kAthensMin);
    EXPECT_EQ(check.counters(), (ConnectionCounters{.lines_outgoing = 2, .matched = 2})) << order;
    EXPECT_EQ(check.waiting(), 0u);
  }
}

TEST(ConnectionCheck, AnAttemptIsTakenOnce) {
  ConnectionCheck check;
  check.add_attempt("640693301", at(9, 0));
  check.add_line(line(12, 0, "640693301"));
  check.add_line(line(12, 1, "640693301"));
  EXPECT_THAT(check.settle(at(9, 2), kAthensMin), SizeIs(1));
  EXPECT_EQ(check.waiting(), 1u) << "its attempt may still come";
  check.add_attempt("640693301", at(9, 0, 50));
  EXPECT_THAT(check.settle(at(9, 2), kAthensMin), SizeIs(1));
  EXPECT_EQ(check.waiting(), 0u);
}

TEST(ConnectionCheck, ALineOfWhichTheTraceTellsNothing) {
  ConnectionCheck check;
  check.add_attempt("640693301", at(9, 0));
  check.add_line(line(12, 0, "640693301"));
  check.add_line(line(12, 30, "999999999"));
  EXPECT_THAT(check.settle(at(9, 39), kAthensMin), SizeIs(1));
  const auto verdicts = check.settle(at(9, 40), kAthensMin);
  ASSERT_THAT(verdicts, SizeIs(1));
  EXPECT_EQ(verdicts[0].remote_id, "999999999");
  EXPECT_FALSE(verdicts[0].matched);
  EXPECT_EQ(check.counters().unmatched, 1u);
  EXPECT_THAT(check.settle(at(11, 0), kAthensMin), IsEmpty()) << "told once";
}

TEST(ConnectionCheck, WhatIsOlderThanTheTraceIsUndecidable) {
  ConnectionCheck check;
  check.add_line(line(3, 0, "999999999"));
  check.add_line(line(12, 0, "640693301"));
  check.add_attempt("640693301", at(9, 0));
  EXPECT_THAT(check.settle(at(9, 30), kAthensMin), SizeIs(1));
  EXPECT_EQ(check.counters().undecidable, 1u);
  EXPECT_EQ(check.counters().unmatched, 0u);
}

TEST(ConnectionCheck, TheZoneChanges) {
  ConnectionCheck check;
  check.add_attempt("640693301", at(9, 0));
  check.add_line(line(12, 0, "640693301"));
  check.settle(at(9, 1), kAthensMin);
  ASSERT_EQ(check.offset_min(), kAthensMin);
  // One hour west: the own zone says so, too.
  check.add_attempt("640693301", at(10, 0));
  check.add_line(line(12, 0, "640693301"));
  EXPECT_THAT(check.settle(at(10, 1), 120), SizeIs(1));
  EXPECT_EQ(check.offset_min(), 120);
  // A single pair by chance in another zone changes nothing.
  check.add_line(line(15, 30, "777777777"));
  check.add_attempt("777777777", at(11, 0));
  check.settle(at(14, 0), 120);
  EXPECT_EQ(check.offset_min(), 120);
  EXPECT_EQ(check.counters().unmatched, 1u);
  EXPECT_EQ(check.counters().matched, 2u);
}

TEST(ConnectionCheck, UtcIsNoLikelierOnceAZoneIsKnown) {
  ConnectionCheck check;
  check.add_attempt("640693301", at(9, 0));
  check.add_line(line(12, 0, "640693301"));
  check.settle(at(9, 1), kAthensMin);
  check.add_attempt("640693301", at(15, 0));
  check.add_line(line(15, 0, "640693301"));
  check.settle(at(18, 0), kAthensMin);
  EXPECT_EQ(check.offset_min(), kAthensMin);
}

TEST(ConnectionCheck, IncomingBlankAndOddLines) {
  ConnectionCheck check;
  check.add_line("Incoming    2025-10-09, 05:37    User    640693301    640693301");
  check.add_line("");
  check.add_line("\r");
  check.add_line("something else");
  EXPECT_EQ(check.counters(), (ConnectionCounters{.lines_incoming = 1, .lines_malformed = 1}));
}

TEST(ConnectionCheck, MemoryIsBounded) {
  ConnectionCheck check;
  for (int i = 0; i < 1000; ++i) {
    check.add_line(line(12, 0, std::to_string(100'000'000 + i)));
    check.add_attempt(std::string(10'000, 'x'), timing::from_ms(i));
  }
  EXPECT_EQ(check.waiting(), kConnectionsMax);
  EXPECT_EQ(check.counters().undecidable, 800u);
  EXPECT_LT(check.save().size(), 100'000u);
}

TEST(ConnectionCheck, SavedAndLoadedAtEveryStep) {
  ConnectionCheck check;
  const auto reload = [&] {
    auto loaded = ConnectionCheck::load(check.save());
    ASSERT_TRUE(loaded);
    EXPECT_EQ(*loaded, check);
    check = std::move(*loaded);
  };
  reload();
  check.add_line(line(12, 0, "640693301"));
  reload();
  check.add_attempt("640693301", at(9, 0));
  reload();
  check.settle(at(9, 1), kAthensMin);
  reload();
  EXPECT_EQ(check.counters().matched, 1u);
  check.add_line(line(12, 40, "999999999", "a@ad"));
  reload();
  check.settle(at(11, 0), kAthensMin);
  EXPECT_EQ(check.counters().unmatched, 1u);
}

TEST(ConnectionCheck, DamagedStateIsRefused) {
  ConnectionCheck check;
  check.add_line(line(12, 0, "640693301"));
  check.add_attempt("640693301", at(9, 0));
  const std::string bytes = check.save();
  for (std::size_t at_byte = 0; at_byte < bytes.size(); ++at_byte) {
    const auto cut = ConnectionCheck::load(std::string_view{bytes}.substr(0, at_byte));
    ASSERT_FALSE(cut) << at_byte;
    EXPECT_EQ(cut.error().code, base::ErrorCode::corrupt);
  }
  EXPECT_FALSE(ConnectionCheck::load(bytes + "x"));
  std::string newer = bytes;
  newer[0] = 2;
  EXPECT_FALSE(ConnectionCheck::load(newer));
  std::string huge = bytes;
  huge[11 * 8 + 7] = '\x7f';  // The number of lines.
  EXPECT_FALSE(ConnectionCheck::load(huge));
}

}  // namespace
