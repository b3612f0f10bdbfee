#include "agent/tail/follower.h"
#include "tests/agent/tail/world.h"

namespace {

using namespace agent::tail;
using namespace agent::tail::testing;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr auto kOldPath = "/var/log/anydesk1.trace";

void rotate(World& world) {
  world.files.rename(kPath, kOldPath);
  world.file = world.files.create(kPath);
}

// Operation 0 opens the file: rotated before that, it is another source's file.
TEST(Rotation, BetweenAnyTwoOperations) {
  for (int k = 1; k < 40; ++k) {
    World world;
    world.write(900);
    Follower follower{world.files, kPath, std::nullopt};
    Collected got;
    world.files.hook = [&](int operation) -> base::Status {
      if (operation == k) {
        world.write(3);
        rotate(world);
        world.write(4);
      }
      return {};
    };
    for (int i = 0; i < 30; ++i) drain(follower, got);
    EXPECT_EQ(got.lines, world.written) << k;
    EXPECT_THAT(got.gaps, IsEmpty()) << k;
  }
}

TEST(Rotation, AfterAnyStepWithARestart) {
  for (int steps = 0; steps < 12; ++steps) {
    World world;
    world.write(900);
    Follower first{world.files, kPath, std::nullopt};
    Collected got;
    drain(first, got);
    world.write(2);
    rotate(world);
    world.write(3);
    for (int i = 0; i < steps; ++i) ASSERT_TRUE(first.read(got, 1));
    Follower second = restarted(first, world.files, {});
    drain(second, got);
    EXPECT_EQ(got.lines, world.written) << steps;
    EXPECT_THAT(got.gaps, IsEmpty()) << steps;
  }
}

TEST(Rotation, TheLastLineOfTheOldFileNeedsNoLf) {
  World world;
  world.write(3);
  world.file->bytes += "killed in the mid";
  world.written.emplace_back("killed in the mid");
  Follower follower{world.files, kPath, std::nullopt};
  Collected got;
  drain(follower, got);
  rotate(world);
  world.write(2);
  drain(follower, got);
  EXPECT_EQ(got.lines, world.written);
  EXPECT_TRUE(got.partial[3]);
  EXPECT_THAT(got.gaps, IsEmpty());
  EXPECT_EQ(follower.counters().rotations, 1u);
}

TEST(Rotation, TheOldFileIsGoneWhileNobodyLooked) {
  World world;
  world.write(20);
  Follower first{world.files, kPath, std::nullopt};
  Collected got;
  drain(first, got);
  world.file = world.files.create(kPath);
  world.write(5);
  Follower second = restarted(first, world.files, {});
  drain(second, got);
  EXPECT_EQ(got.lines, world.written);
  ASSERT_THAT(got.gaps, SizeIs(1));
  EXPECT_EQ(got.gaps[0].cause, GapCause::file_replaced);
}

TEST(Rotation, AReusedInodeIsAnotherFile) {
  for (const bool creation_time_known : {true, false}) {
    World world;
    if (!creation_time_known) world.file->identity.created_ms = 0;
    world.write(20);
    Follower first{world.files, kPath, std::nullopt};
    Collected got;
    drain(first, got);
    const FileIdentity old = world.file->identity;
    world.file = world.files.create(kPath);
    world.file->identity.inode = old.inode;
    world.write(60);  // Longer than the old one.
    Follower second = restarted(first, world.files, {});
    drain(second, got);
    EXPECT_EQ(got.lines, world.written);
    ASSERT_THAT(got.gaps, SizeIs(1));
    EXPECT_EQ(got.gaps[0].cause, creation_time_known ? GapCause::file_replaced : GapCause::anchor_not_found);
  }
}

TEST(Rotation, ACopyOfTheFileUnderItsNameIsTheSameSource) {
  World world;
  world.write(20);
  Follower follower{world.files, kPath, std::nullopt};
  Collected got;
  drain(follower, got);
  // Written anew and renamed over the old one, cut by 300 bytes on the way.
  world.file = world.files.create(kPath, world.file->bytes.substr(300));
  world.write(5);
  drain(follower, got);
  EXPECT_EQ(got.lines, world.written);
  EXPECT_THAT(got.gaps, IsEmpty());
}

TEST(Rotation, ADeviceNumberThatChangedOverARebootChangesNothing) {
  World world;
  world.write(20);
  Follower first{world.files, kPath, std::nullopt};
  Collected got;
  drain(first, got);
  world.file->identity.device = 77;
  world.write(5);
  Follower second = restarted(first, world.files, {});
  drain(second, got);
  EXPECT_EQ(got.lines, world.written);
  EXPECT_THAT(got.gaps, IsEmpty());
}

TEST(Rotation, Often) {
  World world;
  Follower follower{world.files, kPath, std::nullopt};
  Collected got;
  for (int i = 0; i < 30; ++i) {
    world.write(7);
    drain(follower, got);
    world.write(3);
    rotate(world);
    drain(follower, got);
  }
  EXPECT_EQ(got.lines, world.written);
  EXPECT_THAT(got.gaps, IsEmpty());
}

}  // namespace
