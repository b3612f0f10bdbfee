#include "agent/tail/line_splitter.h"

#include <gtest/gtest.h>

#include <vector>

namespace {

using agent::tail::kLineBytesMax;
using agent::tail::Line;
using agent::tail::LineSplitter;

struct Got {
  std::string text;
  std::uint64_t offset;
  bool overlong;
  bool partial;
  bool operator==(const Got&) const = default;
};

void PrintTo(const Got& got, std::ostream* out) {
  *out << "{" << got.text.substr(0, 40) << " (" << got.text.size() << ") @" << got.offset << "}";
}

std::vector<Got> split(std::string_view bytes, std::size_t block_bytes, bool skip_first = false) {
  std::vector<Got> lines;
  LineSplitter splitter{100, skip_first};
  const auto add = [&](const Line& line) {
    lines.push_back({std::string{line.text}, line.offset, line.overlong, line.partial});
  };
  while (!bytes.empty()) {
    splitter.feed(bytes.substr(0, block_bytes), add);
    bytes.remove_prefix(std::min(block_bytes, bytes.size()));
  }
  splitter.finish(add);
  return lines;
}

TEST(LineSplitter, Table) {
  using namespace std::string_literals;
  struct Row {
    const char* name;
    std::string bytes;
    std::vector<Got> lines;
  };
  const std::vector<Row> rows{
      {"nothing", "", {}},
      {"LF", "ab\ncd\n", {{"ab", 100, false, false}, {"cd", 103, false, false}}},
      {"CRLF", "ab\r\ncd\r\n", {{"ab", 100, false, false}, {"cd", 104, false, false}}},
      {"a CR inside stays", "a\rb\n", {{"a\rb", 100, false, false}}},
      {"only one CR goes", "ab\r\r\n", {{"ab\r", 100, false, false}}},
      {"empty lines", "\n\r\n", {{"", 100, false, false}, {"", 101, false, false}}},
      {"NULs in front", "\0\0\0ab\n"s, {{"ab", 100, false, false}}},
      {"NULs inside and before the LF", "a\0b\r\0\n"s, {{"ab", 100, false, false}}},
      {"partial", "ab\ncd", {{"ab", 100, false, false}, {"cd", 103, false, true}}},
      {"only NULs at the end", "ab\n\0\0"s, {{"ab", 100, false, false}}},
      {"garbage", "\xe0/\x82\x02\n", {{"\xe0/\x82\x02", 100, false, false}}},
  };
  for (const auto& row : rows) {
    for (std::size_t block_bytes = 1; block_bytes <= row.bytes.size() + 1; ++block_bytes) {
      EXPECT_EQ(split(row.bytes, block_bytes), row.lines) << row.name << " in blocks of " << block_bytes;
    }
  }
}

TEST(LineSplitter, TheRestOfACutLineIsSkipped) {
  for (std::size_t block_bytes = 1; block_bytes < 12; ++block_bytes) {
    const auto lines = split("est of it\nab\n", block_bytes, true);
    EXPECT_EQ(lines, (std::vector<Got>{{"ab", 110, false, false}}));
  }
}

TEST(LineSplitter, OverlongLinesAreCutAtTheLimit) {
  const std::string max(kLineBytesMax, 'a');
  struct Row {
    std::string raw;
    bool overlong;
  };
  for (const auto& row : std::vector<Row>{{max, false},
                                          {max + "\r", false},
                                          {max + "b", true},
                                          {max + "b\r", true},
                                          {max + max + max, true}}) {
    for (const std::size_t block_bytes : {std::size_t{1} << 20, kLineBytesMax, std::size_t{1000}}) {
      const auto lines = split(row.raw + "\nnext\n", block_bytes);
      ASSERT_EQ(lines.size(), 2u);
      EXPECT_EQ(lines[0].text, max);
      EXPECT_EQ(lines[0].overlong, row.overlong) << row.raw.size();
      EXPECT_EQ(lines[1], (Got{"next", 100 + row.raw.size() + 1, false, false}));
    }
  }
}

TEST(LineSplitter, AHoleCountsNothing) {
  const std::string hole(1 << 20, '\0');
  for (const std::size_t block_bytes : {std::size_t{1} << 22, std::size_t{65536}, std::size_t{777}}) {
    const auto lines = split("begin" + hole + "end\r\nnext\n", block_bytes);
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0], (Got{"beginend", 100, false, false}));
    EXPECT_EQ(lines[1].text, "next");
  }
}

}  // namespace
