#include "agent/tail/follower.h"

#include "tests/agent/tail/world.h"

namespace {

using namespace agent::tail;
using namespace agent::tail::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Follower, ReadsWhatIsThereAndWhatComes) {
  World world;
  Follower follower{world.files, kPath, std::nullopt};
  Collected got;
  drain(follower, got);
  EXPECT_THAT(got.lines, IsEmpty());
  for (int i = 0; i < 20; ++i) {
    world.write(i);
    drain(follower, got);
    EXPECT_EQ(got.lines, world.written);
  }
  EXPECT_EQ(follower.counters().lines, world.written.size());
  EXPECT_EQ(follower.counters().bytes, world.file->bytes.size());
  EXPECT_EQ(follower.counters().resyncs, 0u);
}

TEST(Follower, APartialLineWaitsForItsEnd) {
  const std::string line = trace_line(1) + "\r\n";
  for (std::size_t split = 0; split <= line.size(); ++split) {
    World world;
    world.file->bytes = trace_line(0) + "\r\n" + line.substr(0, split);
    Follower follower{world.files, kPath, std::nullopt};
    Collected got;
    drain(follower, got);
    EXPECT_EQ(got.lines.size(), split == line.size() ? 2u : 1u);
    world.file->bytes += line.substr(split);
    if (split % 2 == 0) {
      drain(follower, got);
    } else {
      Follower next = restarted(follower, world.files, {});
      drain(next, got);
    }
    EXPECT_THAT(got.lines, ElementsAre(trace_line(0), trace_line(1))) << split;
    EXPECT_THAT(got.gaps, IsEmpty());
  }
}

TEST(Follower, FinishHandsOutThePartialLine) {
  World world;
  world.file->bytes = "one\ntwo";
  Follower follower{world.files, kPath, std::nullopt};
  Collected got;
  drain(follower, got);
  EXPECT_THAT(got.lines, ElementsAre("one"));
  follower.finish(got);
  EXPECT_THAT(got.lines, ElementsAre("one", "two"));
  EXPECT_THAT(got.partial, ElementsAre(false, true));
}

TEST(Follower, HolesAndLongLinesNeedNoMemoryOfTheirSize) {
  World world;
  world.write(3);
  world.file->bytes += std::string(104'950, '\0');
  world.write(1);
  world.file->bytes += std::string(1 << 20, '\0');
  world.write(1);
  world.file->bytes += std::string(300'000, 'y') + "\n";
  world.written.push_back(std::string(kLineBytesMax, 'y'));
  world.write(2);
  Follower follower{world.files, kPath, std::nullopt};
  Collected got;
  drain(follower, got, 1);
  EXPECT_EQ(got.lines, world.written);
  EXPECT_EQ(follower.counters().overlong_lines, 1u);
  EXPECT_EQ(follower.counters().nul_bytes, 104'950u + (1 << 20));
}

// A restart in front of, in and behind a hole reads it again and changes nothing.
TEST(Follower, ARestartAfterEachStepChangesNothing) {
  World world;
  world.write(900);
  world.file->bytes += std::string(200'000, '\0');
  world.write(900);
  for (int steps = 0; steps < 12; ++steps) {
    Collected got;
    Follower first{world.files, kPath, std::nullopt};
    for (int i = 0; i < steps; ++i) ASSERT_TRUE(first.read(got, 1));
    Follower second = restarted(first, world.files, {});
    drain(second, got, 1);
    EXPECT_EQ(got.lines, world.written) << steps;
    EXPECT_THAT(got.gaps, IsEmpty());
  }
}

TEST(Follower, AFileThatIsNotThereYetAndOneThatComesBack) {
  World world;
  world.files.at.clear();
  Follower follower{world.files, kPath, std::nullopt};
  Collected got;
  EXPECT_EQ(follower.read(got, 1), ReadState::missing);
  EXPECT_FALSE(follower.position());

  world.files.at[kPath] = world.file;
  world.write(5);
  drain(follower, got);
  world.files.at.clear();
  drain(follower, got);
  EXPECT_EQ(follower.read(got, 1), ReadState::missing);
  world.files.at[kPath] = world.file;
  world.write(5);
  drain(follower, got);
  EXPECT_EQ(got.lines, world.written);
  EXPECT_THAT(got.gaps, IsEmpty());
}

TEST(Follower, ANewlyFoundFileThatWasCutBeginsWithItsFirstWholeLine) {
  World world;
  const CutShape cut{.limit_bytes = 2000, .keep_bytes = 1500};
  world.write(40);
  const std::string all = world.file->bytes;
  world.file->bytes = all.substr(all.size() - 1500);
  world.write(2);
  Follower follower{world.files, kPath, std::nullopt, cut};
  Collected got;
  drain(follower, got);
  ASSERT_FALSE(got.lines.empty());
  EXPECT_THAT(got.gaps, IsEmpty());
  const std::vector<std::string> last(world.written.end() - static_cast<std::ptrdiff_t>(got.lines.size()),
                                      world.written.end());
  EXPECT_EQ(got.lines, last);
}

// Break the first operation, then the second, until it succeeds.
TEST(Follower, AnErrorAtAnyOperationLosesNothing) {
  for (int broken = 0;; ++broken) {
    World world;
    world.write(1500);
    Follower follower{world.files, kPath, std::nullopt};
    Collected got;
    bool failed = false;
    world.files.hook = [&](int operation) -> base::Status {
      if (operation != broken) return {};
      failed = true;
      return base::fail(base::ErrorCode::unavailable, "broken");
    };
    drain(follower, got);
    world.cut(50'000);
    world.write(10);
    drain(follower, got);
    EXPECT_EQ(got.lines, world.written) << broken;
    EXPECT_THAT(got.gaps, IsEmpty());
    if (!failed) break;
  }
}

}  // namespace
