#include "agent/tail/line_splitter.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/agent/tail/utf16.h"

namespace {

using agent::tail::Encoding;
using agent::tail::kLineBytesMax;
using agent::tail::Line;
using agent::tail::LineSplitter;
using agent::tail::testing::kByteOrderMark;
using agent::tail::testing::utf16_bytes;

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

std::vector<Got> split(std::string_view bytes, std::size_t block_bytes, bool skip_first = false,
                       Encoding encoding = Encoding::undecided) {
  std::vector<Got> lines;
  LineSplitter splitter{100, skip_first, encoding};
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

// Every row in every block size: what begins as what it is, and what is known to be UTF-16LE.
TEST(LineSplitter, Utf16Table) {
  using namespace std::string_literals;
  struct Row {
    const char* name;
    std::string bytes;
    std::vector<Got> lines;
  };
  const std::string ab = utf16_bytes("ab\n");  // Says what the file is.
  const Got first{"ab", 100, false, false};
  const std::string hole(4, '\0');
  const std::string odd(5, '\0');
  const auto u = [](std::u16string_view text) { return utf16_bytes(text); };
  const std::vector<Row> rows{
      {"nothing", "", {}},
      {"LF", ab + ab, {first, {"ab", 106, false, false}}},
      {"CRLF", utf16_bytes("ab\r\ncd\r\n"), {first, {"cd", 108, false, false}}},
      {"byte order mark", std::string{kByteOrderMark} + ab, {first}},
      {"nothing but a byte order mark", std::string{kByteOrderMark}, {}},
      {"a byte order mark later", ab + std::string{kByteOrderMark} + ab, {first, {"ab", 106, false, false}}},
      {"empty lines", ab + utf16_bytes("\n\r\n"), {first, {"", 106, false, false}, {"", 108, false, false}}},
      {"partial", ab + utf16_bytes("cd\r"), {first, {"cd\r", 106, false, true}}},
      {"half a character at the end", ab + "c", {first, {"\xef\xbf\xbd", 106, false, true}}},
      {"a NUL at the end", ab + "\0"s, {first}},
      {"two bytes", ab + u(u"\u043d\n"), {first, {"\xd0\xbd", 106, false, false}}},
      {"three bytes", ab + u(u"\u4e0a\n"), {first, {"\xe4\xb8\x8a", 106, false, false}}},
      {"four bytes", ab + u(u"\U0001f600\n"), {first, {"\xf0\x9f\x98\x80", 106, false, false}}},
      {"the first half of a pair", ab + u(u"\xd83d\x0078\n"), {first, {"\xef\xbf\xbdx", 106, false, false}}},
      {"the first half at the end", ab + u(u"\xd83d\n"), {first, {"\xef\xbf\xbd", 106, false, false}}},
      {"the second half of a pair", ab + u(u"\xde00\n"), {first, {"\xef\xbf\xbd", 106, false, false}}},
      {"two first halves, one second",
       ab + u(u"\xd83d\xd83d\xde00\n"),
       {first, {"\xef\xbf\xbd\xf0\x9f\x98\x80", 106, false, false}}},
      {"a pair broken off at the end", ab + u(u"\xd83d"), {first, {"\xef\xbf\xbd", 106, false, true}}},
      {"an even hole in front", hole + ab, {first}},
      {"an odd hole in front", odd + ab, {first}},
      {"an even hole inside",
       ab + utf16_bytes("c") + hole + utf16_bytes("d\n"),
       {first, {"cd", 106, false, false}}},
      {"an odd hole inside",
       ab + utf16_bytes("c") + odd + utf16_bytes("d\ne\n"),
       {first, {"cd", 106, false, false}, {"e", 117, false, false}}},
      {"an odd hole between lines",
       ab + odd + utf16_bytes("c\nd\n"),
       {first, {"c", 106, false, false}, {"d", 115, false, false}}},
      {"a hole that begins inside a character",
       ab + "c" + odd + utf16_bytes("d\n"),
       {first, {"cd", 106, false, false}}},
      {"a character that looks like an LF",
       ab + u(u"x\u0a00y\n"),
       {first, {"x\xe0\xa8\x80y", 106, false, false}}},
      {"that character at the end", ab + u(u"x\u0a00"), {first, {"x\xe0\xa8\x80", 106, false, true}}},
      {"a letter and a digit that share an LF",
       ab + u(u"\u0a95\u0300\n"),
       {first, {"\xe0\xaa\x95\xcc\x80", 106, false, false}}},
      // A byte is missing or too many: the line is spoiled, the next is not.
      {"a byte too many",
       ab + "?" + utf16_bytes("c\r\nd\n"),
       {first, {"\xe6\x8c\xbf\xe0\xb4\x80", 106, false, false}, {"d", 113, false, false}}},
      {"one hole of one byte",
       ab + utf16_bytes("c") + "\0"s + utf16_bytes("d\r\ne\n"),
       {first, {"c\xe6\x90\x80\xe0\xb4\x80", 106, false, false}, {"e", 115, false, false}}},
  };
  for (const auto& row : rows) {
    for (const Encoding encoding : {Encoding::undecided, Encoding::utf16le}) {
      for (std::size_t block_bytes = 1; block_bytes <= row.bytes.size() + 1; ++block_bytes) {
        EXPECT_EQ(split(row.bytes, block_bytes, false, encoding), row.lines)
            << row.name << " in blocks of " << block_bytes << ", " << to_string(encoding);
      }
    }
  }
}

TEST(LineSplitter, TheRestOfACutUtf16LineIsSkippedWhereverItsCharactersBegin) {
  const std::string bytes = utf16_bytes("the rest\r\nab\r\ncd\r\n");
  const std::size_t second = utf16_bytes("the rest\r\n").size();
  // Between the two bytes of an LF the next line is the first.
  for (std::size_t cut = 0; cut < second - 1; ++cut) {
    for (std::size_t block_bytes = 1; block_bytes < bytes.size(); ++block_bytes) {
      const std::uint64_t at = 100 + second - cut;
      EXPECT_EQ(split(bytes.substr(cut), block_bytes, true),
                (std::vector<Got>{{"ab", at, false, false}, {"cd", at + 8, false, false}}))
          << cut << " " << block_bytes;
    }
  }
}

// Without a sign the first line begins where its first character does.
TEST(LineSplitter, AFileThatBeginsInTheMiddleOfAUtf16Character) {
  const std::string bytes = utf16_bytes(u"\u041d\u0435\u0434 12\n34\n");
  EXPECT_EQ(split(bytes.substr(1), 3),
            (std::vector<Got>{{"\xd0\xb5\xd0\xb4 12", 100, false, false}, {"34", 113, false, false}}));
  EXPECT_EQ(split(bytes, 3), (std::vector<Got>{{"\xd0\x9d\xd0\xb5\xd0\xb4 12", 100, false, false},
                                               {"34", 114, false, false}}));
}

TEST(LineSplitter, OverlongUtf16LinesAreCutBehindACharacter) {
  const std::string max(kLineBytesMax, 'a');
  const std::string e_acute = "\xc3\xa9";
  struct Row {
    std::u16string line;
    std::size_t text_bytes;
    bool overlong;
  };
  const std::u16string wide_max(kLineBytesMax, u'a');
  for (const auto& row : std::vector<Row>{{wide_max, kLineBytesMax, false},
                                          {wide_max + u"\r", kLineBytesMax, false},
                                          {wide_max + u"b", kLineBytesMax, true},
                                          {wide_max + u"b\r", kLineBytesMax, true},
                                          {wide_max + u"\u00e9", kLineBytesMax, true},
                                          {wide_max.substr(1) + u"\u00e9\r", kLineBytesMax - 1, true},
                                          {wide_max.substr(1) + u"\u00e9zzz\r", kLineBytesMax - 1, true},
                                          {wide_max.substr(2) + u"\u00e9\r", kLineBytesMax, false}}) {
    const std::string bytes = utf16_bytes(row.line) + utf16_bytes("\nnext\n");
    for (const std::size_t block_bytes : {std::size_t{1} << 20, kLineBytesMax, std::size_t{999}}) {
      const auto lines = split(bytes, block_bytes);
      ASSERT_EQ(lines.size(), 2u);
      EXPECT_EQ(lines[0].text.size(), row.text_bytes);
      EXPECT_EQ(lines[0].overlong, row.overlong);
      EXPECT_EQ(lines[0].text.ends_with(e_acute),
                !row.overlong && row.line.back() == u'\r' && row.line[row.line.size() - 2] == u'\u00e9');
      EXPECT_EQ(lines[1], (Got{"next", 100 + 2 * row.line.size() + 2, false, false}));
    }
  }
}

TEST(LineSplitter, AHoleInUtf16CountsNothing) {
  for (const std::size_t hole_bytes : {std::size_t{104'950}, std::size_t{104'951}, std::size_t{1} << 20}) {
    const std::string bytes =
        utf16_bytes("begin") + std::string(hole_bytes, '\0') + utf16_bytes("end\r\nnext\n");
    for (const std::size_t block_bytes : {std::size_t{1} << 22, std::size_t{65'536}, std::size_t{777}}) {
      const auto lines = split(bytes, block_bytes);
      ASSERT_EQ(lines.size(), 2u) << hole_bytes;
      EXPECT_EQ(lines[0], (Got{"beginend", 100, false, false}));
      EXPECT_EQ(lines[1].text, "next");
    }
  }
}

}  // namespace
