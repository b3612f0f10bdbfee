// What every system's watcher promises, tried on real folders: with this system's, and a second time with the
// one for macOS.

#include "agent/tail/watcher.h"

#include <gmock/gmock.h>

#include <future>
#include <thread>

#include "agent/tail/sources.h"
#include "agent/tail/system_files.h"
#include "agent/tail/watch_places.h"
#include "tests/agent/tail/watched_folder.h"
#ifdef WATCHER_OF_MACOS
#include "agent/tail/kqueue_watcher.h"
#endif

namespace agent::tail {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::unique_ptr<Watcher> watcher_to_try() {
#ifdef WATCHER_OF_MACOS
  return KqueueWatcher::create().value();
#else
  return system_watcher();
#endif
}

struct SystemWatcher : watched::Folder {
  SystemWatcher() : Folder{watcher_to_try()} {}

  const std::string path = at("home/.anydesk/anydesk.trace");
};

TEST_F(SystemWatcher, TellsWrites) {
  make_folder("home/.anydesk");
  append(path);
  ASSERT_TRUE(watcher->watch(path));
  ASSERT_TRUE(watcher->watch(path));
  EXPECT_FALSE(watched::signalled(watcher->waitable()));
  for (int i = 0; i < 3; ++i) {
    append(path);
    ASSERT_TRUE(told(path));
    EXPECT_THAT(all.paths, ElementsAre(path));
    EXPECT_FALSE(all.everything);
  }
}

TEST_F(SystemWatcher, TellsTheCutInPlace) {
  make_folder("home/.anydesk");
  append(path);
  ASSERT_TRUE(watcher->watch(path));
  for (const std::uintmax_t size : {3U, 0U}) {
    std::filesystem::resize_file(base::path_of(path), size);
    EXPECT_TRUE(told(path));
  }
}

TEST_F(SystemWatcher, FollowsAFileThatIsRenamedAndMadeAgain) {
  make_folder("home/.anydesk");
  append(path);
  ASSERT_TRUE(watcher->watch(path));
  std::filesystem::rename(base::path_of(path), base::path_of(path + ".1"));
  EXPECT_TRUE(told(path));
  append(path);
  EXPECT_TRUE(told(path));
  settle(path);
  append(path);
  EXPECT_TRUE(told(path)) << "the new file is watched, too";
  std::filesystem::remove(base::path_of(path));
  EXPECT_TRUE(told(path));
  append(path);
  EXPECT_TRUE(told(path));
}

TEST_F(SystemWatcher, ANewTraceIsEverythingAndOtherFilesAreNothing) {
  make_folder("home/.anydesk");
  append(path);
  ASSERT_TRUE(watcher->watch(path));
  append(at("home/.anydesk/other.trace"));
  EXPECT_TRUE(told_everything());
  settle(path);
  append(at("home/.anydesk/user.conf"));
  append(path);
  ASSERT_TRUE(told(path));
  EXPECT_FALSE(all.everything);
  EXPECT_THAT(all.paths, ElementsAre(path));
}

TEST_F(SystemWatcher, FollowsAFolderThatDoesNotExistYet) {
  ASSERT_TRUE(watcher->watch(path));
  make_folder("home");
  EXPECT_TRUE(told_everything());
  make_folder("home/.anydesk");
  EXPECT_TRUE(told_everything());
  append(path);
  EXPECT_TRUE(told(path));
  append(path);
  EXPECT_TRUE(told(path));

  if (watched::keeps_deleted_folders()) GTEST_SKIP() << watched::kKept;
  std::filesystem::remove_all(base::path_of(at("home")));
  EXPECT_TRUE(told_everything());
  make_folder("home/.anydesk");
  EXPECT_TRUE(told_everything());
  append(path);
  EXPECT_TRUE(told(path));
}

TEST_F(SystemWatcher, KeepsNobodyFromRenamingOrDeletingAFolder) {
  make_folder("home/.anydesk");
  append(path);
  ASSERT_TRUE(watcher->watch(path));
  ASSERT_TRUE(watcher->watch_folder(at("home/.anydesk")));
  std::error_code error;
  std::filesystem::rename(base::path_of(at("home/.anydesk")), base::path_of(at("home/.old")), error);
  EXPECT_FALSE(error) << error.message();
  EXPECT_TRUE(told_everything());
  make_folder("home/.anydesk");
  EXPECT_TRUE(told_everything());
  append(path);
  EXPECT_TRUE(told(path)) << "the new folder of this name is watched";
  if (watched::keeps_deleted_folders()) GTEST_SKIP() << watched::kKept;
  settle(path);
  std::filesystem::remove_all(base::path_of(at("home/.anydesk")), error);
  EXPECT_FALSE(error) << error.message();
  EXPECT_TRUE(told_everything());
  EXPECT_FALSE(std::filesystem::exists(base::path_of(at("home/.anydesk"))));
}

TEST_F(SystemWatcher, IsSignalledWhileItsOwnThreadSleeps) {
  // As in the agent: the worker arms and drains, and the network thread waits.
  make_folder("home/.anydesk");
  append(path);
  std::promise<void> armed;
  std::promise<void> drain;
  Changes changes;
  std::thread worker{[&] {
    EXPECT_TRUE(watcher->watch(path));
    armed.set_value();
    drain.get_future().wait();
    changes = watcher->drain();
  }};
  armed.get_future().wait();
  append(path);
  EXPECT_TRUE(support::eventually([&] { return watched::signalled(watcher->waitable()); }));
  drain.set_value();
  worker.join();
  EXPECT_THAT(changes.paths, ElementsAre(path));
}

TEST_F(SystemWatcher, NamesBeyondAscii) {
  const std::string other = at("\xd0\x9e\xd0\xbb\xd1\x8f/AnyDesk/ad.trace");
  ASSERT_TRUE(watcher->watch(other));
  make_folder("\xd0\x9e\xd0\xbb\xd1\x8f");
  EXPECT_TRUE(told_everything());
  make_folder("\xd0\x9e\xd0\xbb\xd1\x8f/AnyDesk");
  EXPECT_TRUE(told_everything());
  append(other);
  EXPECT_TRUE(told(other));
}

// Patterns as those of traces.md section 1, below this folder.
struct Places : SystemWatcher {
  void arm() { ASSERT_TRUE(watch_places(*watcher, *files, patterns, LetterCase::sensitive)); }
  std::vector<std::string> found() { return expand_all(*files, patterns, LetterCase::sensitive); }

  std::unique_ptr<FileSystem> files = system_files();
  std::vector<std::string> patterns{at("log/anydesk*.trace"), at("home/*/.anydesk*/*.trace"),
                                    at("users/*/Roaming/AnyDesk/*.trace"),
                                    at("users/*/Roaming/AnyDesk/ad_*/*.trace")};
};

TEST_F(Places, EachStepOfANewProfileIsTold) {
  arm();
  for (const std::string step :
       {"log", "home", "home/ann", "home/ann/.anydesk", "home/ann/.anydesk_ad_acme", "users", "users/bob",
        "users/bob/Roaming", "users/bob/Roaming/AnyDesk", "users/bob/Roaming/AnyDesk/ad_acme"}) {
    SCOPED_TRACE(step);
    make_folder(step);
    ASSERT_TRUE(told_everything());
    arm();
  }
  for (const std::string trace :
       {"log/anydesk.trace", "home/ann/.anydesk/anydesk.trace",
        "home/ann/.anydesk_ad_acme/anydesk_ad_acme.trace", "users/bob/Roaming/AnyDesk/ad.trace",
        "users/bob/Roaming/AnyDesk/ad_acme/ad.trace"}) {
    SCOPED_TRACE(trace);
    append(at(trace));
    ASSERT_TRUE(told_everything());
    EXPECT_THAT(found(), testing::Contains(at(trace)));
    arm();
    ASSERT_TRUE(watcher->watch(at(trace)));
    settle(at(trace));
  }
  EXPECT_EQ(found().size(), 5U);
}

TEST_F(Places, AWholeProfileAtOnce) {
  make_folder("home");
  arm();
  make_folder("elsewhere/.anydesk");
  append(at("elsewhere/.anydesk/anydesk.trace"));
  std::filesystem::rename(base::path_of(at("elsewhere")), base::path_of(at("home/ann")));
  ASSERT_TRUE(told_everything());
  arm();
  EXPECT_THAT(found(), ElementsAre(at("home/ann/.anydesk/anydesk.trace")));
  // And what comes next is told, too.
  append(at("home/ann/.anydesk/second.trace"));
  EXPECT_TRUE(told_everything());
}

TEST_F(Places, OtherFilesOfAHomeWakeNobodyUp) {
  make_folder("home/ann/.anydesk");
  append(at("home/ann/.anydesk/anydesk.trace"));
  arm();
  ASSERT_TRUE(watcher->watch(at("home/ann/.anydesk/anydesk.trace")));
  append(at("home/ann/letter.txt"));
  append(at("home/ann/letter.txt"));
  append(at("home/ann/.anydesk/anydesk.trace"));
  ASSERT_TRUE(told(at("home/ann/.anydesk/anydesk.trace")));
  EXPECT_FALSE(all.everything);
}

TEST_F(Places, FiftyUsersWithThreeFilesEach) {
  std::vector<std::string> paths;
  for (int user = 0; user < 50; ++user) {
    const std::string home = "home/user" + std::to_string(user);
    for (const char* name : {"/.anydesk/anydesk.trace", "/.anydesk/second.trace", "/.anydesk_ad_x/x.trace"}) {
      paths.push_back(at(home + name));
      make_folder(std::filesystem::path{home + name}.parent_path().string());
      append(paths.back());
    }
  }
  arm();
  EXPECT_EQ(found().size(), 150U);
  for (const std::string& each : paths) ASSERT_TRUE(watcher->watch(each));
  const Changes before = watcher->drain();
  EXPECT_FALSE(before.everything);
  EXPECT_THAT(before.paths, IsEmpty());
  EXPECT_FALSE(watched::signalled(watcher->waitable()));
  for (const std::string& each : paths) append(each);
  ASSERT_TRUE(told([&] { return all.paths.size() == paths.size(); }));
  EXPECT_FALSE(all.everything);
  make_folder("home/user50");
  EXPECT_TRUE(told_everything());
}

TEST(PollingWatcher, AlwaysSaysEverything) {
  const auto watcher = polling_watcher();
  EXPECT_EQ(watcher->waitable(), base::kNotWaitable);
  EXPECT_TRUE(watcher->watch("/a/b"));
  EXPECT_TRUE(watcher->watch_folder("/a"));
  EXPECT_TRUE(watcher->drain().everything);
}

}  // namespace
}  // namespace agent::tail
