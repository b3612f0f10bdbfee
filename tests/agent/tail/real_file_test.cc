// The same promises against real files and the real numbers.

#include <unistd.h>

#ifdef _WIN32
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>
#else
#include <sys/stat.h>
#endif

#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>

#include "agent/tail/batch_reader.h"
#include "agent/tail/follower.h"
#include "agent/tail/system_files.h"
#include "tests/agent/tail/world.h"
#include "tests/source_root.h"

namespace {

using namespace agent::tail;
using namespace agent::tail::testing;
using ::testing::IsEmpty;

class RealFile : public ::testing::Test {
 protected:
  RealFile() {
    folder = std::filesystem::temp_directory_path() /
             ("deskledger_tail_" + std::to_string(::getpid()) + "_" +
              ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    path = (folder / "anydesk.trace").string();
  }
  ~RealFile() override { std::filesystem::remove_all(folder); }

  // A writer without O_APPEND, as AnyDesk's are.
  void write_at(std::uint64_t offset, const std::string& bytes) {
    std::ofstream{path, std::ios::app};  // Made if it is missing, left as it is otherwise.
    std::fstream file{path, std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(static_cast<std::streamoff>(offset));
    file << bytes << std::flush;
    ASSERT_TRUE(file);
  }
  void write_line() {
    written.push_back(trace_line(static_cast<int>(written.size())));
    write_at(std::filesystem::exists(path) ? std::filesystem::file_size(path) : 0, written.back() + "\n");
  }
  std::string content() {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>{in}, {}};
  }
  void cut() {
    const std::string all = content();
    write_at(0, all.substr(all.size() - CutShape{}.keep_bytes));
    std::filesystem::resize_file(path, CutShape{}.keep_bytes);
  }

  // Windows and Linux keep the time a file was created; wine makes one up from its last change.
  bool creation_time_is_kept() {
    const auto before = files->look_up(path)->identity;
    std::filesystem::last_write_time(path, std::filesystem::last_write_time(path) - std::chrono::hours{1});
    return files->look_up(path)->identity == before;
  }

  std::filesystem::path folder;
  std::string path;
  std::vector<std::string> written;
  std::unique_ptr<FileSystem> files = system_files();
  Collected got;
};

TEST_F(RealFile, SurvivesTheCutAtOneMiB) {
  Follower follower{*files, path, std::nullopt};
  std::string bulk;
  while (bulk.size() < 900'000) {
    written.push_back(trace_line(static_cast<int>(written.size())));
    bulk += written.back() + "\n";
  }
  write_at(0, bulk);
  drain(follower, got);
  for (int round = 0; round < 3; ++round) {
    while (std::filesystem::file_size(path) <= CutShape{}.limit_bytes) {
      write_line();
      if (written.size() % 100 == 0) drain(follower, got);
    }
    const std::uint64_t old_end = std::filesystem::file_size(path);
    cut();
    if (round == 1) {
      // The hole of traces.md section 1.5.
      written.push_back(trace_line(static_cast<int>(written.size())));
      write_at(old_end, written.back() + "\n");
    }
    drain(follower, got);
    write_line();
    drain(follower, got);
    EXPECT_EQ(got.lines.size(), written.size());
  }
  EXPECT_EQ(got.lines, written);
  EXPECT_THAT(got.gaps, IsEmpty());
  EXPECT_EQ(follower.counters().cuts_survived, 3u);
  EXPECT_GT(follower.counters().nul_bytes, 100'000u);

  Collected fresh;
  Follower late{*files, path, std::nullopt};
  drain(late, fresh);
  ASSERT_FALSE(fresh.lines.empty());
  EXPECT_EQ(fresh.lines.back(), written.back());
  EXPECT_TRUE(fresh.lines.front().starts_with("   info ")) << "the cut first line is no line";
}

TEST_F(RealFile, SurvivesRenameAndCreate) {
  Follower follower{*files, path, std::nullopt};
  for (int i = 0; i < 10; ++i) write_line();
  if (!creation_time_is_kept())
    GTEST_SKIP() << "under wine a file that was written to looks like another one";
  drain(follower, got);
  for (int i = 0; i < 5; ++i) write_line();
  std::filesystem::rename(path, folder / "anydesk1.trace");
  for (int i = 0; i < 5; ++i) write_line();
  Follower next = restarted(follower, *files, {});
  drain(next, got);
  EXPECT_EQ(got.lines, written);
  EXPECT_THAT(got.gaps, IsEmpty());
}

TEST_F(RealFile, ErrorsHaveTheirCodes) {
  EXPECT_EQ(files->open(path).error().code, base::ErrorCode::not_found);
  EXPECT_EQ(files->look_up(path).error().code, base::ErrorCode::not_found);
  EXPECT_EQ(files->list(path).error().code, base::ErrorCode::not_found);
  EXPECT_EQ(files->open(folder.string()).error().code, base::ErrorCode::invalid_argument);
#ifndef _WIN32  // To make a link there is a privilege of its own.
  std::filesystem::create_symlink("/etc/hostname", path);
  EXPECT_EQ(files->open(path).error().code, base::ErrorCode::permission_denied);
  EXPECT_EQ(files->look_up(path).error().code, base::ErrorCode::permission_denied);
#endif
}

#ifndef _WIN32
TEST_F(RealFile, WithoutPermissionUntilItHasIt) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  for (int i = 0; i < 5; ++i) write_line();
  std::filesystem::permissions(path, std::filesystem::perms::none);
  Follower follower{*files, path, std::nullopt};
  const auto refused = follower.read(got, 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::permission_denied);
  EXPECT_THAT(refused.error().message, ::testing::HasSubstr(path));
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  drain(follower, got);
  EXPECT_EQ(got.lines, written);
  EXPECT_THAT(got.gaps, IsEmpty());
}

// A link could show the agent another user's file, and a pipe could hold it up: neither is read, and both are
// no end.
TEST_F(RealFile, ReplacedByAFolderALinkOrAPipe) {
  const std::string other = (folder / "other.trace").string();
  std::ofstream{other} << "not ours\n";
  const std::function<void()> replacements[]{
      [&] { std::filesystem::create_directory(path); },
      [&] { std::filesystem::create_symlink(other, path); },
      [&] { ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0); },
  };
  Follower follower{*files, path, std::nullopt};
  for (const auto& replace : replacements) {
    for (int i = 0; i < 3; ++i) write_line();
    drain(follower, got);
    EXPECT_EQ(got.lines, written);
    std::filesystem::remove(path);
    replace();
    EXPECT_TRUE(follower.read(got, 1)) << "the file we hold can still be read";
    Follower late = restarted(follower, *files, {});
    EXPECT_FALSE(late.read(got, 1));
    EXPECT_EQ(got.lines, written);
    std::filesystem::remove(path);
  }
  write_line();
  drain(follower, got);
  EXPECT_EQ(got.lines, written);
  EXPECT_THAT(got.gaps, IsEmpty());
}
#else
// Another program that shares nothing: a virus scanner, an editor.
TEST_F(RealFile, LockedUntilItIsNot) {
  for (int i = 0; i < 5; ++i) write_line();
  const HANDLE lock = CreateFileA(path.c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_EXISTING,
                                  FILE_ATTRIBUTE_NORMAL, nullptr);
  ASSERT_NE(lock, INVALID_HANDLE_VALUE);
  Follower follower{*files, path, std::nullopt};
  const auto refused = follower.read(got, 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::unavailable);
  CloseHandle(lock);
  drain(follower, got);
  EXPECT_EQ(got.lines, written);
  EXPECT_THAT(got.gaps, IsEmpty());
}

// AnyDesk may write, rename and delete the file that we hold.
TEST_F(RealFile, WhatWeHoldIsFreeForOthers) {
  write_line();
  Follower follower{*files, path, std::nullopt};
  drain(follower, got);
  write_line();
  const std::string moved = (folder / "anydesk1.trace").string();
  EXPECT_TRUE(MoveFileA(path.c_str(), moved.c_str()));
  EXPECT_TRUE(DeleteFileA(moved.c_str()));
  drain(follower, got);
  EXPECT_EQ(got.lines, written);
}
#endif

TEST_F(RealFile, BatchAndFollowerAgreeOnRealTraces) {
  const std::filesystem::path real = std::filesystem::path{SOURCE_ROOT} / ".." / "shared" / "traces" / "real";
  if (!std::filesystem::exists(real)) {
    std::cout << "The real traces are not on this machine; this test does nothing here.\n";
    GTEST_SKIP();
  }
  for (const auto& entry : std::filesystem::directory_iterator(real)) {
    if (entry.path().extension() != ".trace") continue;
    auto file = files->open(entry.path().string());
    ASSERT_TRUE(file) << file.error().message;
    std::vector<std::string> batch;
    ASSERT_TRUE(read_file(**file, [&](const Line& line) { batch.emplace_back(line.text); }));
    Collected live;
    Follower follower{*files, entry.path().string(), std::nullopt};
    drain(follower, live, 10'000);
    follower.finish(live);
    if (!follower.position()->cut_bytes && live.lines.size() + 1 == batch.size()) batch.erase(batch.begin());
    EXPECT_EQ(live.lines, batch) << entry.path().filename();
  }
}

}  // namespace
