#include "collector/mail/text.h"

#include <gtest/gtest.h>

#include "common/base/utf8.h"

namespace collector::mail {
namespace {

struct Row {
  std::string in;
  std::string out;
};

TEST(OneLine, IsOneHarmlessLine) {
  const Row rows[] = {
      {"", ""},
      {" a  b ", "a b"},
      {"A\r\nBcc: x@y", "A Bcc: x@y"},
      {"a\tb\x01\x7F"
       "c",
       "a b c"},
      {std::string{"a\0b", 3}, "a b"},
      {"a\xC2\x85"
       "b",
       "a b"},  // U+0085, a line end to some.
      {"a\xE2\x80\xA8"
       "b",
       "ab"},  // U+2028, line separator.
      {"in\xE2\x80\xAE"
       "fdp.exe",
       "infdp.exe"},  // U+202E, right-to-left override.
      {"\xCE\x95\xCE\xBB", "\xCE\x95\xCE\xBB"},
      {"\xF0\x9F\x96\xA8", "\xF0\x9F\x96\xA8"},
      {"a\xFF"
       "b",
       "a\xEF\xBF\xBD"
       "b"},
      {"\xC0\x8A", "\xEF\xBF\xBD\xEF\xBF\xBD"},                  // An overlong LF.
      {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},  // A surrogate.
      {"\xF0\x9F\x96", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},  // Cut short.
  };
  for (const auto& row : rows) EXPECT_EQ(one_line(row.in), row.out) << row.in;
}

TEST(OneLine, IsCutAtWholeCharacters) {
  EXPECT_EQ(one_line("abcd", 4), "abcd");
  EXPECT_EQ(one_line("abcde", 4), "abcd...");
  EXPECT_EQ(one_line("\xCE\xB1\xCE\xB2\xCE\xB3", 2), "\xCE\xB1\xCE\xB2...");
  EXPECT_EQ(one_line("ab   ", 2), "ab");
}

TEST(OneLine, OfAnyCutIsUtf8) {
  const std::string text = "a\xCE\xB1\xE2\x82\xAC\xF0\x9F\x96\xA8\r\n\x80z";
  for (std::size_t i = 0; i <= text.size(); ++i) {
    for (std::size_t j = i; j <= text.size(); ++j) {
      EXPECT_TRUE(base::is_utf8(one_line(text.substr(i, j - i)))) << i << " " << j;
    }
  }
}

TEST(ManyLines, KeepsLinesButNotHeapsOfThem) {
  const Row rows[] = {
      {"a\r\nb\rc\nd", "a\nb\nc\nd"}, {"\n\na\n\n", "a"}, {"a\n\n\n\n\nb", "a\n\nb"}, {"a \n b", "a\nb"}};
  for (const auto& row : rows) EXPECT_EQ(many_lines(row.in), row.out) << row.in;
  EXPECT_EQ(many_lines(std::string(5000, 'x')), std::string(4000, 'x') + "...");
}

TEST(HeaderLine, BeginsNoEncodedWord) {
  EXPECT_EQ(header_line("=?utf-8?Q?=0D=0ABcc:_x@y?="), "= ?utf-8?Q?=0D=0ABcc:_x@y?=");
  EXPECT_EQ(header_line("a==??\r\nb =?"), "a== ?? b = ?");
  EXPECT_EQ(header_line(std::string(400, 'x')), std::string(300, 'x') + "...");
}

TEST(HtmlEscape, LeavesNoMarkup) {
  EXPECT_EQ(html_escape("<b a=\"x\" c='y'>&\n"), "&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp;<br>");
}

TEST(DurationText, IsHoursMinutesSeconds) {
  EXPECT_EQ(duration_text(0), "0:00:00");
  EXPECT_EQ(duration_text(59), "0:00:59");
  EXPECT_EQ(duration_text(4215), "1:10:15");
  EXPECT_EQ(duration_text(360'000), "100:00:00");
  EXPECT_EQ(duration_text(-61), "-0:01:01");
}

TEST(Isolated, KeepsTextFromTheRightToItself) {
  const std::string begin = "\u2068", end = "\u2069";
  EXPECT_EQ(isolated("plain, \u03BB"), "plain, \u03BB");
  EXPECT_EQ(isolated(""), "");
  EXPECT_EQ(isolated("a \u05D0"), begin + "a \u05D0" + end);
  EXPECT_EQ(isolated("\u0627\nb"), begin + "\u0627" + end + "\n" + begin + "b" + end);
  for (const char* from_the_right : {"\uFB1D", "\uFE70", "\U0001E900", "\U00010800"})
    EXPECT_TRUE(isolated(from_the_right).starts_with(begin)) << from_the_right;
}

}  // namespace
}  // namespace collector::mail
