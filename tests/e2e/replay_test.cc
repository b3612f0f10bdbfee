// Generated days of every style and version, replayed live: the collector holds
// exactly the true sessions.
//
// One seed again: DESKLEDGER_REPLAY_SEED=17 <this program> --gtest_filter='Replay.OneSeed'

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <iterator>

#include "tests/e2e/replay.h"

namespace e2e {
namespace {

using support::trace::Day;
using support::trace::DayPlan;
using support::trace::TrueSession;
using support::trace::Type;

struct Circumstances {
  DayPlan plan;
  agent::tail::CutShape shape;
};

// Most with a file a sixteenth of AnyDesk's, so that a short day has many cuts; some with a quarter, and some
// with its own limits.
Circumstances circumstances_of(std::uint64_t seed) {
  Circumstances all;
  const bool real = seed % 20 == 7, quarter = seed % 5 == 1;
  const std::uint64_t divisor = real ? 1 : quarter ? 4 : 16;
  all.shape = {.limit_bytes = 1'048'576 / divisor, .keep_bytes = 943'719 / divisor};
  all.plan = {.seed = seed,
              .bytes = real      ? 2'200'000u
                       : quarter ? 600'000u
                                 : 300'000u,
              .line_bytes_max = real      ? 70'000u
                                : quarter ? 30'000u
                                          : 6'000u};
  if (seed % 6 == 5) all.plan.flood_bytes = 4 * all.shape.limit_bytes;
  return all;
}

std::string name_of(Type type) {
  return type == Type::desktop ? "desktop" : type == Type::vpn ? "vpn" : "file_transfer";
}

std::string text_of(const std::optional<timing::UtcMs>& at) {
  return at ? timing::to_rfc3339(*at) : "-";
}

std::string text_of(const TrueSession& session) {
  return text_of(session.requested) + " " + session.remote_id + " " + name_of(session.type) + " " +
         session.outcome + " " + text_of(session.started) + ".." + text_of(session.ended) + " '" +
         session.reason + "'";
}

std::string text_of(const collector::store::SessionRow& row) {
  return text_of(row.requested) + " " + row.remote_id + " " + row.kind + " " + row.outcome + " " +
         text_of(row.started) + ".." + text_of(row.ended) + " '" + row.end_reason + "'";
}

// A session whose lines the service's file has lost is told as the window saw it, which cannot tell one tab's
// end from another's and says so, or not at all.
bool is_lost(const Day& day, const collector::store::SessionRow& row) {
  return std::ranges::any_of(day.sessions, [&](const TrueSession& session) {
    return session.lost && session.remote_id == row.remote_id && session.started == row.started;
  });
}

using Lines = std::vector<std::string>;

Lines without(const Lines& from, const Lines& these) {
  Lines rest;
  std::ranges::set_difference(from, these, std::back_inserter(rest));
  return rest;
}

void expect_truth(const Day& day, Desk& desk) {
  Lines truth, told;
  for (const TrueSession& session : day.sessions) {
    if (!session.lost) truth.push_back(text_of(session));
  }
  for (const auto& row : desk.sessions()) {
    if (!is_lost(day, row)) told.push_back(text_of(row));
  }
  std::ranges::sort(truth);
  std::ranges::sort(told);
  EXPECT_THAT(without(truth, told), testing::IsEmpty()) << "missing, or told otherwise";
  EXPECT_THAT(without(told, truth), testing::IsEmpty()) << "extra, or told otherwise";
  EXPECT_EQ(desk.undecoded(), 0u);
}

void expect_gaps(const Day& day, Desk& desk) {
  const auto gaps = desk.gaps();
  ASSERT_EQ(gaps.size(), day.floods);
  for (const auto& gap : gaps) {
    EXPECT_EQ(gap.cause, "anchor_not_found");
    EXPECT_TRUE(gap.source.ends_with(day.files[0])) << gap.source;
  }
}

Replayed run_seed(std::uint64_t seed) {
  const Circumstances now = circumstances_of(seed);
  const Day day = support::trace::make_day(now.plan);
  const std::string repeat = "DESKLEDGER_REPLAY_SEED=" + std::to_string(seed) +
                             " tests/e2e_replay_test --gtest_filter=Replay.OneSeed";
  SCOPED_TRACE("seed " + std::to_string(seed) + " (" + day.what + "); again: " + repeat);
  const Scratch scratch;
  Desk desk{scratch.path()};
  Workstation workstation{scratch.path(), day.files, desk.agent(), now.shape};
  Replayed replayed;
  try {
    replayed = replay(day, now.shape, seed, scratch.path(), workstation, desk);
  } catch (const std::exception& error) {
    ADD_FAILURE() << error.what();
    return replayed;
  }
  expect_truth(day, desk);
  expect_gaps(day, desk);
  return replayed;
}

struct Seeds {
  std::uint64_t first, count;
};

class Replay : public testing::TestWithParam<Seeds> {};

TEST_P(Replay, TheCollectorHoldsExactlyTheTrueSessions) {
  Replayed all;
  for (std::uint64_t i = 0; i < GetParam().count; ++i) {
    const Replayed one = run_seed(GetParam().first + i);
    all.cuts += one.cuts;
    all.holes += one.holes;
    all.restarts += one.restarts;
    all.steps += one.steps;
  }
  std::cout << GetParam().count << " days: " << all.cuts << " head cuts, " << all.holes << " holes, "
            << all.restarts << " restarts, " << all.steps << " steps\n";
  EXPECT_GT(all.cuts, GetParam().count);
  EXPECT_GT(all.holes, 0u);
}

std::vector<Seeds> blocks(std::uint64_t first, std::uint64_t count, std::uint64_t block) {
  std::vector<Seeds> all;
  for (std::uint64_t at = first; at < first + count; at += block) all.push_back({at, block});
  return all;
}

std::string block_name(const testing::TestParamInfo<Seeds>& info) {
  return "seeds_from_" + std::to_string(info.param.first);
}
INSTANTIATE_TEST_SUITE_P(Sample, Replay, testing::ValuesIn(blocks(1, 60, 20)), block_name);
INSTANTIATE_TEST_SUITE_P(Long, Replay, testing::ValuesIn(blocks(61, 1'000, 50)), block_name);

// The one that DESKLEDGER_REPLAY_SEED names, with its day written out if DESKLEDGER_REPLAY_KEEP is a folder.
TEST(Replay, OneSeed) {
  const char* seed = std::getenv("DESKLEDGER_REPLAY_SEED");
  if (seed == nullptr) GTEST_SKIP() << "no seed is named";
  const std::uint64_t number = std::strtoull(seed, nullptr, 10);
  if (const char* keep = std::getenv("DESKLEDGER_REPLAY_KEEP")) {
    const Day day = support::trace::make_day(circumstances_of(number).plan);
    for (std::size_t file = 0; file < day.files.size(); ++file) {
      std::ofstream out{std::filesystem::path{keep} / ("file" + std::to_string(file) + ".trace"),
                        std::ios::binary};
      for (const auto& write : day.writes) {
        if (write.file == file) out << write.bytes;
      }
    }
    for (const TrueSession& session : day.sessions)
      std::cout << (session.lost ? "(lost) " : "") << text_of(session) << "\n";
  }
  run_seed(number);
}

}  // namespace
}  // namespace e2e
