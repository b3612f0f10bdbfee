// The rows of the failure catalogue (engineering.md section 2.1, "The file") that no other test here is
// about.

#include "agent/tail/follower.h"
#include "tests/agent/tail/world.h"

namespace {

using namespace agent::tail;
using namespace agent::tail::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// No permission, locked, a folder or a link at the path: what the system answers to open.
TEST(BadFile, WhatCannotBeOpenedIsReadAsSoonAsItCan) {
  for (const auto code : {base::ErrorCode::permission_denied, base::ErrorCode::unavailable,
                          base::ErrorCode::invalid_argument}) {
    for (const bool read_before : {false, true}) {
      World world;
      world.write(7);
      Follower first{world.files, kPath, std::nullopt};
      Collected got;
      if (read_before) drain(first, got);
      Follower second = restarted(first, world.files, {});
      Follower& reader = read_before ? second : first;
      const std::size_t lines_before = got.lines.size();
      world.files.hook = [&](int) -> base::Status { return base::fail(code, "not now"); };
      world.write(5);
      for (int i = 0; i < 5; ++i) {
        const auto state = reader.read(got, 1);
        ASSERT_FALSE(state);
        EXPECT_EQ(state.error().code, code) << "the caller can say why";
      }
      EXPECT_EQ(got.lines.size(), lines_before);
      world.files.hook = nullptr;
      drain(reader, got);
      EXPECT_EQ(got.lines, world.written);
      EXPECT_THAT(got.gaps, IsEmpty());
    }
  }
}

// Each read fails once, wherever it happens, and the file is written on meanwhile.
TEST(BadFile, EverySecondOperationFails) {
  World world;
  Follower follower{world.files, kPath, std::nullopt};
  Collected got;
  bool broken = false;
  world.files.hook = [&](int) -> base::Status {
    broken = !broken;
    if (broken) return base::fail(base::ErrorCode::unavailable, "input/output error");
    return {};
  };
  // The second of two operations never works, so a run of reads must be left in peace now and then.
  for (int i = 0; i < 50; ++i) {
    world.write(20);
    (void)follower.read(got, 1);
    auto hook = std::exchange(world.files.hook, nullptr);
    drain(follower, got);
    world.files.hook = std::move(hook);
  }
  EXPECT_EQ(got.lines, world.written);
  EXPECT_THAT(got.gaps, IsEmpty());
}

// The path leads elsewhere while we hold the file: what is written to the held one is still read, and the
// next file at the path is followed.
TEST(BadFile, SomethingElseStandsAtThePath) {
  for (const auto code : {base::ErrorCode::permission_denied, base::ErrorCode::invalid_argument}) {
    World world;
    world.write(10);
    Follower follower{world.files, kPath, std::nullopt};
    Collected got;
    drain(follower, got);
    const auto old = world.file;
    world.files.at.clear();
    int look_ups = 0;
    world.files.look_up_hook = [&](const std::string&) -> base::Status {
      ++look_ups;
      return base::fail(code, "no regular file");
    };
    world.write(3);
    drain(follower, got);
    EXPECT_EQ(got.lines, world.written);
    EXPECT_GT(look_ups, 0);
    world.files.look_up_hook = nullptr;
    world.file = world.files.create(kPath);
    world.write(4);
    drain(follower, got);
    EXPECT_EQ(got.lines, world.written);
    EXPECT_THAT(got.gaps, IsEmpty());
  }
}

TEST(BadFile, TruncatedToNothingWhileStoppedAndFilledAgain) {
  for (const int lines : {0, 1, 9, 10, 11, 40}) {
    World world;
    world.write(10);
    Follower first{world.files, kPath, std::nullopt};
    Collected got;
    drain(first, got);
    world.file->bytes.clear();
    world.write(lines);
    Follower second = restarted(first, world.files, {});
    drain(second, got);
    world.write(2);
    drain(second, got);
    EXPECT_EQ(got.lines, world.written) << lines;
    EXPECT_THAT(got.gaps, SizeIs(1)) << lines;
  }
}

// Filled again with what stood there: an editor that saves, a restored backup.
TEST(BadFile, TruncatedToNothingAndFilledWithTheSame) {
  for (const bool restart : {false, true}) {
    World world;
    world.write(30);
    Follower first{world.files, kPath, std::nullopt};
    Collected got;
    drain(first, got);
    const std::string all = world.file->bytes;
    world.file->bytes.clear();
    drain(first, got);
    Follower second = restarted(first, world.files, {});
    Follower& reader = restart ? second : first;
    drain(reader, got);
    world.file->bytes = all;
    world.write(3);
    drain(reader, got);
    EXPECT_EQ(got.lines, world.written);
    EXPECT_THAT(got.gaps, IsEmpty());
  }
}

// logrotate's copytruncate. The copy is another source's file; what was not read before the truncation is a
// gap, and that nothing was lost cannot be known.
TEST(BadFile, CopyTruncate) {
  for (const int unread : {0, 5}) {
    for (const bool restart : {false, true}) {
      World world;
      world.write(30);
      Follower first{world.files, kPath, std::nullopt};
      Collected got;
      drain(first, got);
      const std::uint64_t read = world.file->bytes.size();
      world.write(unread);
      world.written.resize(30);
      world.files.create("/var/log/anydesk.trace.1", world.file->bytes);
      world.file->bytes.clear();
      Follower second = restarted(first, world.files, {});
      Follower& reader = restart ? second : first;
      drain(reader, got);
      for (int i = 0; i < 4; ++i) world.write_line(trace_line(100 + i));
      drain(reader, got);
      EXPECT_EQ(got.lines, world.written);
      ASSERT_THAT(got.gaps, SizeIs(1));
      EXPECT_EQ(got.gaps[0].after_logical_offset, read);
      EXPECT_THAT(got.gap_after, ElementsAre(30u));
    }
  }
}

// Less than an anchor has at least: other tails wait for their 1,024 bytes.
TEST(BadFile, AVerySmallFile) {
  for (const std::string& line :
       {std::string{"a"}, std::string{""}, std::string(31, 'b'), std::string(33, 'c')}) {
    World world;
    world.write_line(line);
    Collected got;
    Follower first{world.files, kPath, std::nullopt};
    drain(first, got);
    if (line.empty()) {
      EXPECT_THAT(got.lines, IsEmpty()) << "its encoding does not show";
    } else {
      EXPECT_EQ(got.lines, world.written);
    }
    Follower second = restarted(first, world.files, {});
    drain(second, got);
    world.write(2);
    drain(second, got);
    EXPECT_EQ(got.lines, world.written);
    EXPECT_THAT(got.gaps, IsEmpty());
  }
}

TEST(BadFile, InvalidUtf8AndControlCharactersAreHandedOnAsTheyAre) {
  World world;
  world.write(2);
  world.write_line(
      "   info 2026-03-01 10:00:00.000    6    \xe0/\x82\x02 - Could not update WOL information");
  std::string all_bytes;
  for (int byte = 1; byte < 256; ++byte) {
    if (byte != '\n' && byte != '\r') all_bytes.push_back(static_cast<char>(byte));
  }
  world.write_line(all_bytes);
  world.write_line("\xff\xfe\x41\x42");  // A byte order mark counts only at the beginning of a file.
  world.write(2);
  Follower follower{world.files, kPath, std::nullopt};
  Collected got;
  drain(follower, got);
  EXPECT_EQ(got.lines, world.written);
}

// A line of more than 64 KiB that a cut goes through, and one that is never ended.
TEST(BadFile, AVeryLongLineAcrossACutAndARestart) {
  for (const std::size_t length :
       {kLineBytesMax - 1, kLineBytesMax, kLineBytesMax + 1, std::size_t{300'000}}) {
    for (const bool restart : {false, true}) {
      World world;
      world.write(30);
      world.file->bytes += std::string(length, 'y');
      Follower first{world.files, kPath, std::nullopt};
      Collected got;
      drain(first, got);
      EXPECT_EQ(got.lines, world.written);
      world.cut(500);
      Follower second = restarted(first, world.files, {});
      Follower& reader = restart ? second : first;
      drain(reader, got);
      world.file->bytes += "\n";
      world.written.push_back(std::string(std::min(length, kLineBytesMax), 'y'));
      world.write(1);
      drain(reader, got);
      EXPECT_EQ(got.lines, world.written) << length;
      EXPECT_THAT(got.gaps, IsEmpty());
      EXPECT_EQ(reader.counters().overlong_lines, length > kLineBytesMax ? 1u : 0u);
    }
  }
}

// Deleted and made anew, as a reinstallation does; with the identity of the old one, too, but not while it is
// held.
TEST(BadFile, Recreated) {
  struct Row {
    bool same_identity;
    bool restart;
    std::size_t gaps;
  };
  for (const auto& row : {Row{false, false, 0}, Row{false, true, 1}, Row{true, true, 1}}) {
    World world;
    world.write(20);
    Follower first{world.files, kPath, std::nullopt};
    Collected got;
    drain(first, got);
    const FileIdentity old = world.file->identity;
    world.file = world.files.create(kPath);
    if (row.same_identity) world.file->identity = old;
    world.write(6);
    Follower second = restarted(first, world.files, {});
    drain(row.restart ? second : first, got);
    EXPECT_EQ(got.lines, world.written);
    EXPECT_THAT(got.gaps, SizeIs(row.gaps));
  }
}

}  // namespace
