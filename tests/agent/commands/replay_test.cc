// The tool that writes a trace as AnyDesk does, which live tests rely on.

#include "tests/support/trace/replay.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace {

std::string read(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

TEST(Replay, CutsTheHeadInPlace) {
  const std::string path = testing::TempDir() + "/replay_cut.trace";
  const std::string link = path + ".same";
  std::filesystem::remove(path);
  std::filesystem::remove(link);
  support::trace::LiveFile live{path, {.at_bytes = 100, .keep_bytes = 60}};
  std::string all;
  for (int i = 0; i < 50; ++i) {
    const std::string line = "line " + std::to_string(i) + "\n";
    ASSERT_TRUE(live.append(line));
    if (i == 0) std::filesystem::create_hard_link(path, link);
    all += line;
    const std::string now = read(path);
    ASSERT_LE(now.size(), 100u);
    ASSERT_TRUE(all.ends_with(now));
    ASSERT_EQ(read(link), now) << "the inode must stay the same";
  }
  EXPECT_LT(read(path).size(), all.size());
  std::filesystem::remove(path);
  std::filesystem::remove(link);
}

TEST(Replay, SaysWhenItCannotWrite) {
  support::trace::LiveFile live{testing::TempDir() + "/no/such/folder/x.trace", {}};
  EXPECT_FALSE(live.append("x\n"));
}

}  // namespace
