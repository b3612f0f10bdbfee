#include "agent/tail/inotify_watcher.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace {

using agent::tail::Changes;
using agent::tail::InotifyWatcher;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Inotify : public ::testing::Test {
 protected:
  Inotify() {
    folder = std::filesystem::temp_directory_path() /
             ("deskledger_watch_" + std::to_string(::getpid()) + "_" +
              ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    path = (folder / "home" / ".anydesk" / "anydesk.trace").string();
    watcher = InotifyWatcher::create().value();
  }
  ~Inotify() override { std::filesystem::remove_all(folder); }

  void append() { std::ofstream(path, std::ios::app) << "line\n"; }
  void make_folder() { std::filesystem::create_directories(std::filesystem::path{path}.parent_path()); }
  bool readable() {
    pollfd poll{.fd = watcher->waitable(), .events = POLLIN, .revents = 0};
    return ::poll(&poll, 1, 0) == 1;
  }

  std::filesystem::path folder;
  std::string path;
  std::unique_ptr<InotifyWatcher> watcher;
};

TEST_F(Inotify, TellsWritesRenamesAndNewFiles) {
  make_folder();
  append();
  ASSERT_TRUE(watcher->watch(path));
  ASSERT_TRUE(watcher->watch(path));
  EXPECT_FALSE(readable());
  append();
  EXPECT_TRUE(readable());
  Changes changes = watcher->drain();
  EXPECT_THAT(changes.paths, ElementsAre(path));
  EXPECT_FALSE(changes.everything);
  EXPECT_FALSE(readable());

  std::filesystem::rename(path, path + ".1");
  append();
  EXPECT_THAT(watcher->drain().paths, ElementsAre(path));
  append();
  EXPECT_THAT(watcher->drain().paths, ElementsAre(path)) << "the new file is watched, too";

  std::ofstream(std::filesystem::path{path}.parent_path() / "other.trace") << "x";
  EXPECT_TRUE(watcher->drain().everything);
  std::ofstream(std::filesystem::path{path}.parent_path() / "user.conf") << "x";
  changes = watcher->drain();
  EXPECT_FALSE(changes.everything);
  EXPECT_THAT(changes.paths, IsEmpty());
}

TEST_F(Inotify, FollowsAFolderThatDoesNotExistYet) {
  ASSERT_TRUE(watcher->watch(path));
  std::filesystem::create_directory(folder / "home");
  EXPECT_TRUE(watcher->drain().everything);
  std::filesystem::create_directory(folder / "home" / ".anydesk");
  EXPECT_TRUE(watcher->drain().everything);
  append();
  EXPECT_THAT(watcher->drain().paths, ElementsAre(path));
  append();
  EXPECT_THAT(watcher->drain().paths, ElementsAre(path));

  std::filesystem::remove_all(folder / "home");
  EXPECT_TRUE(watcher->drain().everything);
  make_folder();
  EXPECT_TRUE(watcher->drain().everything);
  append();
  append();
  EXPECT_THAT(watcher->drain().paths, ElementsAre(path));
}

TEST_F(Inotify, AnOverflowMeansEverything) {
  make_folder();
  append();
  ASSERT_TRUE(watcher->watch(path));
  std::size_t limit = 0;
  std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> limit;
  if (limit == 0 || limit > 100'000) GTEST_SKIP() << "the queue of this machine is unknown or too long";
  // Equal events in a row become one, so two kinds take turns.
  const auto other = (std::filesystem::path{path}.parent_path() / "a").string();
  for (std::size_t i = 0; i <= limit / 2 + 1; ++i) {
    ::close(::creat(other.c_str(), 0600));
    ::unlink(other.c_str());
  }
  EXPECT_TRUE(watcher->drain().everything);
  append();
  EXPECT_THAT(watcher->drain().paths, ElementsAre(path));
}

TEST(PollingWatcher, AlwaysSaysEverything) {
  const auto watcher = agent::tail::polling_watcher();
  EXPECT_EQ(watcher->waitable(), base::kNotWaitable);
  EXPECT_TRUE(watcher->watch("/a/b"));
  EXPECT_TRUE(watcher->drain().everything);
}

}  // namespace
