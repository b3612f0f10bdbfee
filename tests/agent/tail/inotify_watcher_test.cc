// What is special about inotify: its queue, its limits, permissions.

#include "agent/tail/inotify_watcher.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/agent/tail/watched_folder.h"

namespace agent::tail {
namespace {

using testing::ElementsAre;

struct Inotify : watched::Folder {
  Inotify() : Folder{InotifyWatcher::create().value()} {
    make_folder("home/.anydesk");
    append(path);
  }

  const std::string path = at("home/.anydesk/anydesk.trace");
};

TEST_F(Inotify, AnOverflowMeansEverything) {
  ASSERT_TRUE(watcher->watch(path));
  std::size_t limit = 0;
  std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> limit;
  if (limit == 0 || limit > 100'000) GTEST_SKIP() << "the queue of this machine is unknown or too long";
  // Equal events in a row become one, so two kinds take turns.
  const std::string other = at("home/.anydesk/a");
  for (std::size_t i = 0; i <= limit / 2 + 1; ++i) {
    ::close(::creat(other.c_str(), 0600));
    ::unlink(other.c_str());
  }
  EXPECT_TRUE(watcher->drain().everything);
  append(path);
  EXPECT_THAT(watcher->drain().paths, ElementsAre(path));
}

TEST_F(Inotify, WhatBecomesReadableIsTold) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to become somebody else";
  ::chmod(folder.c_str(), 0755);
  ::chmod(at("home/.anydesk").c_str(), 0700);
  ::chmod(path.c_str(), 0600);
  ASSERT_EQ(::seteuid(65'534), 0);
  const auto in_folder = watcher->watch_folder(at("home"));
  const auto in_file = watcher->watch(path);
  ASSERT_EQ(::seteuid(0), 0);
  EXPECT_TRUE(in_folder);
  EXPECT_TRUE(in_file) << "closed to us is no failure";

  ::chmod(at("home/.anydesk").c_str(), 0755);
  ASSERT_EQ(::seteuid(65'534), 0);
  EXPECT_TRUE(watcher->drain().everything);
  ASSERT_EQ(::seteuid(0), 0);
  ::chmod(path.c_str(), 0644);
  ASSERT_EQ(::seteuid(65'534), 0);
  EXPECT_THAT(watcher->drain().paths, ElementsAre(path));
  ASSERT_EQ(::seteuid(0), 0);
  append(path);
  EXPECT_THAT(watcher->drain().paths, ElementsAre(path));
}

TEST_F(Inotify, ALimitOfWatchesIsAnErrorAndTheOthersGoOn) {
  // Limits are those of a user namespace, so that the machine's own stays as it is.
  const pid_t child = ::fork();
  if (child == 0) {
    if (::unshare(CLONE_NEWUSER) != 0) ::_exit(100);
    {
      std::ofstream limit{"/proc/sys/user/max_inotify_watches"};
      limit << 2;
      limit.close();
      if (!limit) ::_exit(100);
    }
    const auto limited = InotifyWatcher::create();
    if (!limited) ::_exit(100);
    const bool first = (*limited)->watch(path).has_value();  // The folder and the file.
    const std::string far_path = at("far/b.trace");
    std::filesystem::create_directories(at("far"));
    append(far_path);
    const auto second = (*limited)->watch(far_path);
    append(path);
    const bool goes_on = (*limited)->drain().paths.contains(path);
    const bool refused = !second && second.error().code == base::ErrorCode::resource_exhausted;
    ::_exit((first ? 0 : 1) + (refused ? 0 : 2) + (goes_on ? 0 : 4));
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 100) GTEST_SKIP() << "this machine gives no user namespace";
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace agent::tail
