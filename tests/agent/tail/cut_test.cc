// The in-place head cut (traces.md section 1.5), in every way it can happen.

#include "agent/tail/anchor.h"
#include "agent/tail/follower.h"
#include "tests/agent/tail/world.h"

namespace {

using namespace agent::tail;
using namespace agent::tail::testing;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr CutShape kSmall{.limit_bytes = 2000, .keep_bytes = 1};

// What was received is the written lines in order, each at most once; some are
// missing only where the one gap is.
void expect_missing_only_at_gap(const World& world, const Collected& got, const std::string& where) {
  ASSERT_THAT(got.gaps, SizeIs(1)) << where;
  const std::size_t before = got.gap_after[0];
  const std::size_t after = got.lines.size() - before;
  ASSERT_LE(got.lines.size(), world.written.size()) << where;
  for (std::size_t i = 0; i < before; ++i) EXPECT_EQ(got.lines[i], world.written[i]) << where;
  for (std::size_t i = 0; i < after; ++i) {
    EXPECT_EQ(got.lines[got.lines.size() - 1 - i], world.written[world.written.size() - 1 - i]) << where;
  }
}

// In 8-bit text and in UTF-16LE.
class CutIn : public ::testing::TestWithParam<Encoding> {};

INSTANTIATE_TEST_SUITE_P(Both, CutIn, ::testing::Values(Encoding::eight_bit, Encoding::utf16le),
                         [](const auto& each) {
                           return each.param == Encoding::utf16le ? "Utf16" : "EightBit";
                         });

// Where the time of the last line stands in `bytes`: without it nothing proves where we were.
std::size_t last_time(const std::string& bytes, Encoding encoding) {
  return bytes.rfind(encoding == Encoding::utf16le ? utf16_bytes("2026-") : "2026-");
}

TEST_P(CutIn, AtEveryByteOfASmallFile) {
  for (const bool restart : {false, true}) {
    for (std::size_t cut = 1;; ++cut) {
      World world;
      world.encoding = GetParam();
      world.write(12);
      Follower follower{world.files, kPath, std::nullopt, kSmall};
      Collected got;
      drain(follower, got);
      const std::size_t proof = last_time(world.file->bytes, world.encoding);
      world.write(3);  // Not seen before the cut.
      if (cut > world.file->bytes.size()) break;
      world.cut(cut);
      Follower next = restarted(follower, world.files, kSmall);
      Follower& reader = restart ? next : follower;
      drain(reader, got);
      world.write(4);
      drain(reader, got);
      const std::string where = "cut " + std::to_string(cut) + (restart ? " stopped" : " running");
      if (cut <= proof) {
        EXPECT_EQ(got.lines, world.written) << where;
        EXPECT_THAT(got.gaps, IsEmpty()) << where;
      } else {
        expect_missing_only_at_gap(world, got, where);
        EXPECT_GE(got.lines.size(), 12u + 3u) << where;
      }
    }
  }
}

// A cut that happens at once, before the k-th operation of the follower.
TEST_P(CutIn, BetweenAnyTwoOperations) {
  for (const std::size_t cut : {100u, 777u, 2500u}) {
    for (int k = 0; k < 60; ++k) {
      World world;
      world.encoding = GetParam();
      world.write(40);
      Follower follower{world.files, kPath, std::nullopt, kSmall};
      Collected got;
      drain(follower, got);
      world.write(20);
      const int from = world.files.operations;
      world.files.hook = [&](int operation) -> base::Status {
        if (operation - from == k) world.cut(cut);
        if (operation - from == k + 3) world.write(30);  // Grows beyond the old offset again.
        return {};
      };
      for (int i = 0; i < 40; ++i) drain(follower, got);
      EXPECT_EQ(got.lines, world.written) << "cut " << cut << " before operation " << k;
      EXPECT_THAT(got.gaps, IsEmpty());
      EXPECT_EQ(follower.counters().cuts_survived, 1u) << k;
      EXPECT_EQ(follower.counters().unsettled, 0u) << k;
    }
  }
}

// What is cut away is longer than the anchor, as AnyDesk's cuts are. The copying begins before the k-th
// operation and goes on by one piece with each (or each second, third ...) that follows.
TEST_P(CutIn, InProgressWhileWeRead) {
  for (const int pace : {1, 2, 5, 11}) {
    for (const std::size_t piece : {900u, 4000u, 13'000u}) {
      for (int k = 0; k < 30; ++k) {
        World world;
        world.encoding = GetParam();
        world.write(400);
        Follower follower{world.files, kPath, std::nullopt, kSmall};
        Collected got;
        drain(follower, got);
        world.write(10);
        std::optional<SlowCut> cut;
        const int from = world.files.operations;
        world.files.hook = [&](int operation) -> base::Status {
          if (operation - from == k) cut.emplace(*world.file, 9000, piece);
          if (cut && operation % pace == 0) cut->advance();
          return {};
        };
        for (int i = 0; i < 40; ++i) drain(follower, got);
        ASSERT_TRUE(cut);
        cut->complete();
        world.files.hook = nullptr;
        world.write(5);
        drain(follower, got);
        EXPECT_EQ(got.lines, world.written) << "pace " << pace << " piece " << piece << " from " << k;
        EXPECT_THAT(got.gaps, IsEmpty());
      }
    }
  }
}

TEST(Cut, SeenOnlyAfterTheFileGrewBeyondTheOldOffset) {
  World world;
  world.write(50);
  Follower follower{world.files, kPath, std::nullopt, kSmall};
  Collected got;
  drain(follower, got);
  world.cut(1000);
  world.write(200);
  drain(follower, got);
  EXPECT_EQ(got.lines, world.written);
  EXPECT_EQ(follower.counters().cuts_survived, 1u);
}

TEST(Cut, APartialLineIsCarriedAcrossOnce) {
  World world;
  world.write(30);
  world.file->bytes += "the first half ";
  Follower follower{world.files, kPath, std::nullopt, kSmall};
  Collected got;
  drain(follower, got);
  world.cut(500);
  world.file->bytes += "and the second\n";
  world.written.push_back("the first half and the second");
  drain(follower, got);
  EXPECT_EQ(got.lines, world.written);
}

TEST(Cut, WhileWeStandInTheMiddleOfAHole) {
  World world;
  world.write(900);
  const std::size_t old_end = world.file->bytes.size();
  world.file->bytes.resize(old_end + 200'000, '\0');
  Follower follower{world.files, kPath, std::nullopt, kSmall};
  Collected got;
  drain(follower, got);
  world.cut(30'000);
  world.file->bytes.resize(world.file->bytes.size() + 30'000, '\0');
  world.write(3);
  drain(follower, got);
  EXPECT_EQ(got.lines, world.written);
  EXPECT_THAT(got.gaps, IsEmpty());
}

// The second cut since we last looked stands still a few bytes in front of a hole that is longer than what it
// takes away: but for those bytes the file looks as if it were at rest.
TEST(Cut, StandsStillInFrontOfAHole) {
  for (const std::size_t second_cut : {600u, 1300u, 1900u}) {
    for (std::size_t before_hole = 0; before_hole < 100; ++before_hole) {
      World world;
      world.write(60);
      const std::size_t old_end = world.file->bytes.size();
      const std::size_t cut_end = old_end - 2000;
      const std::size_t size = old_end + trace_line(60).size() + 1;
      Follower follower{world.files, kPath, std::nullopt,
                        CutShape{.limit_bytes = size - 1, .keep_bytes = size - second_cut}};
      Collected got;
      drain(follower, got);
      world.cut(2000);
      world.write_at(old_end);  // The hole begins at cut_end.
      ASSERT_EQ(world.file->bytes.size(), size);
      SlowCut cut{*world.file, second_cut, 1};
      for (std::size_t i = 0; i < cut_end - before_hole; ++i) cut.advance();
      for (int look = 0; look < 12; ++look) ASSERT_TRUE(follower.read(got, 1 << 20));
      cut.complete();
      drain(follower, got);
      world.write(2);
      drain(follower, got);
      ASSERT_EQ(got.lines, world.written) << second_cut << " " << before_hole;
      ASSERT_THAT(got.gaps, IsEmpty());
    }
  }
}

// A power cut took back what we had read, the machine goes on and its next line leads to a cut, which stands
// still: in it the lines that prove our place stand twice.
TEST_P(CutIn, StandsStillBehindAPowerCut) {
  for (const bool restart : {false, true}) {
    for (std::size_t step = 0;; ++step) {
      World world;
      world.encoding = GetParam();
      world.write(120);
      const std::size_t size = world.file->bytes.size() + line_bytes(trace_line(120), world.encoding).size();
      const CutShape shape{.limit_bytes = size - 1, .keep_bytes = size - 6000};
      Follower follower{world.files, kPath, std::nullopt, shape};
      Collected got;
      drain(follower, got);
      std::string& bytes = world.file->bytes;
      bytes.replace(bytes.size() - 1500, 1500, 1500, '\0');
      world.write(1);
      ASSERT_EQ(bytes.size(), size);
      SlowCut cut{*world.file, size - shape.keep_bytes, 293};
      for (std::size_t i = 0; i < step; ++i) cut.advance();
      Follower next = restarted(follower, world.files, shape);
      Follower& reader = restart ? next : follower;
      for (int look = 0; look < 12; ++look) ASSERT_TRUE(reader.read(got, 1 << 20));
      const bool in_progress = cut.advance();
      cut.complete();
      drain(reader, got);
      world.write(3);
      drain(reader, got);
      ASSERT_THAT(got.gaps, IsEmpty()) << step;
      // What begins in the hole is the rest of a line that we had read, and the new line behind it.
      ASSERT_EQ(got.lines.size(), world.written.size()) << step;
      ASSERT_TRUE(got.lines[120].ends_with(world.written[120])) << step;
      world.written[120] = got.lines[120];
      ASSERT_EQ(got.lines, world.written) << step;
      if (!in_progress) break;
    }
  }
}

// Nothing is lost: the lines that were read are known, and what follows them is new.
TEST_P(CutIn, APowerCutTakesMoreThanTheAnchor) {
  for (const bool restart : {false, true}) {
    for (const bool blanked : {false, true}) {  // Or the file ends earlier.
      for (const std::size_t taken : {4096u, 4097u, 5000u, 5003u, 9000u, 15'000u}) {
        for (const int after : {1, 30, 200}) {
          World world;
          world.encoding = GetParam();
          world.write(500);
          Follower follower{world.files, kPath, std::nullopt};
          Collected got;
          drain(follower, got);
          std::string& bytes = world.file->bytes;
          const std::size_t kept = bytes.size() - taken;
          bytes.resize(kept);
          if (blanked) bytes.append(taken, '\0');
          // Characters go on where they were.
          if (!blanked && world.encoding == Encoding::utf16le) bytes.resize(kept - kept % 2);
          Follower next = restarted(follower, world.files, CutShape{});
          Follower& reader = restart ? next : follower;
          for (int look = 0; look < 3; ++look) ASSERT_TRUE(reader.read(got, 1 << 20));
          world.write(after);
          drain(reader, got);
          const std::string where = std::to_string(taken) + (blanked ? " blanked " : " gone ") +
                                    (restart ? "restarted " : "") + std::to_string(after);
          ASSERT_THAT(got.gaps, IsEmpty()) << where;
          ASSERT_EQ(got.lines.size(), world.written.size()) << where;
          // In a shorter file the first new line is written behind the half of an old one.
          ASSERT_TRUE(got.lines[500].ends_with(world.written[500])) << where << got.lines[500];
          if (!blanked) world.written[500] = got.lines[500];
          ASSERT_EQ(got.lines, world.written) << where;
        }
      }
    }
  }
}

// The machine goes on after the power cut, and its file is cut at the head before anybody looks.
TEST_P(CutIn, APowerCutTakesMoreThanTheAnchorAndTheFileIsCut) {
  for (const std::size_t cut : {1u, 1000u, 4001u, 20'000u}) {
    World world;
    world.encoding = GetParam();
    world.write(600);
    Follower follower{world.files, kPath, std::nullopt};
    Collected got;
    drain(follower, got);
    std::string& bytes = world.file->bytes;
    bytes.replace(bytes.size() - 6000, 6000, 6000, '\0');
    world.write(90);
    world.cut(cut);
    Follower next = restarted(follower, world.files, CutShape{});
    drain(next, got);
    EXPECT_EQ(got.lines, world.written) << cut;
    EXPECT_THAT(got.gaps, IsEmpty()) << cut;
  }
}

// More than is known of what was read: that nothing was lost is not proved.
TEST(Cut, APowerCutTakesMoreThanTheTrail) {
  World world;
  world.write(900);
  Follower follower{world.files, kPath, std::nullopt};
  Collected got;
  drain(follower, got);
  std::string& bytes = world.file->bytes;
  bytes.replace(bytes.size() - 40'000, 40'000, 40'000, '\0');
  world.write(5);
  Follower next = restarted(follower, world.files, CutShape{});
  drain(next, got);
  EXPECT_THAT(got.gaps, SizeIs(1));
  ASSERT_GE(got.lines.size(), 905u);
  // The first of them stands behind the half of an old one.
  EXPECT_TRUE(std::equal(world.written.rbegin(), world.written.rbegin() + 4, got.lines.rbegin()));
}

TEST(Cut, TruncatedToNothing) {
  for (const bool at_end : {false, true}) {
    World world;
    world.write(10);
    Follower follower{world.files, kPath, std::nullopt};
    Collected got;
    drain(follower, got);
    if (!at_end) {
      world.write(2);  // Lost, and not known to have existed.
      world.written.resize(10);
    }
    world.file->bytes.clear();
    drain(follower, got);
    EXPECT_THAT(got.gaps, IsEmpty()) << "as long as nothing is there it may be filled again";
    world.write(4);
    drain(follower, got);
    EXPECT_EQ(got.lines, world.written);
    ASSERT_THAT(got.gaps, SizeIs(1));
    EXPECT_EQ(got.gaps[0].cause, GapCause::anchor_not_found);
  }
}

TEST(Cut, ByTruncatingFirstAndWritingTheTailAgain) {
  World world;
  world.write(60);
  Follower follower{world.files, kPath, std::nullopt};
  Collected got;
  drain(follower, got);
  world.write(5);
  const std::string kept = world.file->bytes.substr(900);
  world.file->bytes.clear();
  for (std::size_t at = 0; at < kept.size(); at += 600) {
    ASSERT_TRUE(follower.read(got, 1));
    world.file->bytes += kept.substr(at, 600);
  }
  drain(follower, got);
  EXPECT_EQ(got.lines, world.written);
  EXPECT_THAT(got.gaps, IsEmpty());
}

// Everything we had read is gone, and more.
TEST(Cut, ARealGapIsToldOnceWithWhatIsKnown) {
  World world;
  const CutShape cut{.limit_bytes = 4000, .keep_bytes = 2000};
  world.write(10);
  Follower follower{world.files, kPath, std::nullopt, cut};
  Collected got;
  drain(follower, got);
  const std::uint64_t consumed = world.file->bytes.size();
  world.write(200);
  const std::string all = world.file->bytes;
  world.file->bytes = all.substr(all.size() - 3000);
  drain(follower, got);
  world.write(3);
  drain(follower, got);
  expect_missing_only_at_gap(world, got, "real gap");
  EXPECT_EQ(got.gaps[0].after_logical_offset, consumed);
  EXPECT_EQ(follower.counters().gaps, 1u);
  EXPECT_EQ(got.lines.back(), world.written.back());
}

TEST(Cut, AFileThatNeverSettlesIsReadAllTheSame) {
  World world;
  world.write(20);
  Follower follower{world.files, kPath, std::nullopt};
  Collected got;
  drain(follower, got);
  std::size_t flip = 0;
  world.files.hook = [&](int) -> base::Status {
    world.file->bytes = "unsettled " + std::to_string(flip++) + "\n";
    return {};
  };
  for (int i = 0; i < 2 * kLooksMax; ++i) ASSERT_TRUE(follower.read(got, 1));
  world.files.hook = nullptr;
  drain(follower, got);
  EXPECT_GE(follower.counters().unsettled, 1u);
  EXPECT_GE(got.gaps.size(), 1u);
}

}  // namespace
