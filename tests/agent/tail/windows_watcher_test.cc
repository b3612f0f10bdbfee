// What is special about ReadDirectoryChangesW: its buffer, and the case of letters.

#include "agent/tail/windows_watcher.h"

#include <gmock/gmock.h>

#include "tests/agent/tail/watched_folder.h"

namespace agent::tail {
namespace {

using testing::ElementsAre;

struct WindowsWatch : watched::Folder {
  WindowsWatch() : Folder{WindowsWatcher::create().value()} {
    make_folder("AnyDesk");
    append(path);
  }

  const std::string path = at("AnyDesk/ad.trace");
};

TEST_F(WindowsWatch, AnOverflowMeansEverything) {
  ASSERT_TRUE(watcher->watch(path));
  for (int i = 0; i < 500; ++i) append(at("AnyDesk/" + std::string(60, 'x') + std::to_string(i)));
  EXPECT_TRUE(told_everything());
  settle(path);
  append(path);
  EXPECT_TRUE(told(path));
}

TEST_F(WindowsWatch, PathsCompareWithoutTheCaseOfLetters) {
  const std::string other = at("ANYDESK/Ad.Trace");
  ASSERT_TRUE(watcher->watch(other));
  append(path);
  EXPECT_TRUE(told(other));
  EXPECT_THAT(all.paths, ElementsAre(other));
}

TEST_F(WindowsWatch, BothSeparators) {
  std::string other = path;
  for (char& c : other) c = c == '\\' ? '/' : c;
  ASSERT_TRUE(watcher->watch(other));
  append(path);
  EXPECT_TRUE(told(other));
}

TEST_F(WindowsWatch, ADriveThatIsMissingIsNoFailure) {
  EXPECT_TRUE(watcher->watch("Q:\\Users\\ann\\ad.trace"));
  EXPECT_TRUE(watcher->watch("ad.trace"));
  EXPECT_TRUE(watcher->watch_folder(""));
  ASSERT_TRUE(watcher->watch(path));
  settle(path);
}

}  // namespace
}  // namespace agent::tail
