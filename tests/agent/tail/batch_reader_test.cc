#include "agent/tail/batch_reader.h"

#include <gtest/gtest.h>

#include <sstream>

#include "tests/agent/tail/memory_files.h"

namespace {

using agent::tail::Line;

TEST(BatchReader, FileAndStreamGiveTheSameLines) {
  std::string bytes;
  std::vector<std::string> expected;
  for (int i = 0; i < 20'000; ++i) {
    expected.push_back("line " + std::to_string(i) + std::string(static_cast<std::size_t>(i % 90), '.'));
    bytes += expected.back() + (i % 2 == 0 ? "\r\n" : "\n");
    if (i % 5000 == 0) bytes.append(300'000, '\0');
  }
  bytes += "partial";
  expected.push_back("partial");

  std::vector<std::string> from_stream;
  std::istringstream in(bytes);
  const auto streamed =
      agent::tail::read_stream(in, [&](const Line& line) { from_stream.emplace_back(line.text); });
  ASSERT_TRUE(streamed);
  EXPECT_EQ(from_stream, expected);
  EXPECT_EQ(streamed->lines, expected.size());
  EXPECT_EQ(streamed->bytes, bytes.size());
  EXPECT_EQ(streamed->nul_bytes, 4u * 300'000);

  agent::tail::testing::MemoryFiles files;
  files.create("/a.trace", bytes);
  auto file = files.open("/a.trace").value();
  std::vector<std::string> from_file;
  bool last_is_partial = false;
  const auto read = agent::tail::read_file(*file, [&](const Line& line) {
    from_file.emplace_back(line.text);
    last_is_partial = line.partial;
  });
  ASSERT_TRUE(read);
  EXPECT_EQ(from_file, expected);
  EXPECT_TRUE(last_is_partial);
}

TEST(BatchReader, AFailedReadIsTheResult) {
  agent::tail::testing::MemoryFiles files;
  files.create("/a.trace", "abc\n");
  auto file = files.open("/a.trace").value();
  files.hook = [](int) -> base::Status { return base::fail(base::ErrorCode::unavailable, "disk"); };
  EXPECT_FALSE(agent::tail::read_file(*file, [](const Line&) {}));
}

}  // namespace
