// A throw-away folder and a watcher, and waiting for what it tells.

#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "agent/tail/watcher.h"
#include "common/base/path.h"
#include "tests/support/process/eventually.h"

#ifdef _WIN32
#include <process.h>
#include <windows.h>
#else
#include <poll.h>
#include <unistd.h>
#endif

namespace watched {

inline bool signalled(base::Waitable waitable) {
#ifdef _WIN32
  return ::WaitForSingleObject(waitable, 0) == WAIT_OBJECT_0;
#else
  pollfd poll{.fd = waitable, .events = POLLIN, .revents = 0};
  return ::poll(&poll, 1, 0) == 1;
#endif
}

// Windows takes a watched folder away as soon as its watcher, which is told of it, lets go. Wine tells nobody
// and waits for the handle.
inline bool keeps_deleted_folders() {
#ifdef _WIN32
  return ::GetProcAddress(::GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != nullptr;
#else
  return false;
#endif
}
inline constexpr const char* kKept = "wine does not tell of the deletion of a folder that is open";

class Folder : public testing::Test {
 protected:
  explicit Folder(std::unique_ptr<agent::tail::Watcher> of) : watcher{std::move(of)} {
    folder = std::filesystem::temp_directory_path() /
             ("deskledger_watch_" + std::to_string(::getpid()) + "_" +
              testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    folder.make_preferred();
  }
  ~Folder() override {
    watcher.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }

  // Below the folder; components are separated by '/'.
  std::string at(const std::string& below) const {
    return (folder / base::path_of(below)).make_preferred().string();
  }
  static void append(const std::string& path) {
    std::ofstream(base::path_of(path), std::ios::app) << "line\n";
  }
  void make_folder(const std::string& below) const {
    std::filesystem::create_directories(base::path_of(at(below)));
  }

  // All that is told until `enough` says so.
  template <class Enough>
  testing::AssertionResult told(Enough enough) {
    all = {};
    const bool done = support::eventually([&] {
      if (!signalled(watcher->waitable())) return false;
      const auto changes = watcher->drain();
      all.everything = all.everything || changes.everything;
      all.paths.insert(changes.paths.begin(), changes.paths.end());
      return enough();
    });
    return done ? testing::AssertionSuccess() : testing::AssertionFailure() << "it was not told";
  }
  testing::AssertionResult told(const std::string& path) {
    return told([&] { return all.paths.contains(path); });
  }
  testing::AssertionResult told_everything() {
    return told([&] { return all.everything; });
  }
  // What is late from before is taken.
  void settle(const std::string& path) {
    append(path);
    ASSERT_TRUE(told(path));
  }

  std::filesystem::path folder;
  std::unique_ptr<agent::tail::Watcher> watcher;
  agent::tail::Changes all;  // By the last told().
};

}  // namespace watched
