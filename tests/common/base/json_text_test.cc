#include "common/base/json_text.h"

#include <gtest/gtest.h>

namespace {

using base::json_quote;
using std::string_view_literals::operator""sv;

TEST(JsonQuote, Escapes) {
  struct Row {
    std::string_view text, want;
  };
  for (const Row& row :
       {Row{""sv, R"("")"sv}, Row{"a/b"sv, R"("a/b")"sv}, Row{"\"\\"sv, R"("\"\\")"sv},
        Row{"\n\r\t"sv, R"("\n\r\t")"sv}, Row{"\0\x01\x7F"sv, R"("\u0000\u0001\u007f")"sv}}) {
    EXPECT_EQ(json_quote(row.text), row.want);
  }
}

TEST(JsonQuote, KeepsValidUtf8) {
  for (const std::string_view text :
       {"\xC3\xA9"sv, "\xE2\x82\xAC"sv, "\xED\x9F\xBF"sv, "\xF0\x9F\x98\x80"sv}) {
    EXPECT_EQ(json_quote(text), "\"" + std::string{text} + "\"");
  }
}

TEST(JsonQuote, ReplacesEveryByteThatIsNoUtf8) {
  const std::string r = "\xEF\xBF\xBD";
  EXPECT_EQ(json_quote("a\xE0/\x82"), "\"a" + r + "/" + r + "\"");
  EXPECT_EQ(json_quote("\xC0\x80"), "\"" + r + r + "\"");          // Overlong.
  EXPECT_EQ(json_quote("\xED\xA0\x80"), "\"" + r + r + r + "\"");  // A surrogate.
  EXPECT_EQ(json_quote("\xF4\x90\x80\x80"), "\"" + r + r + r + r + "\"");
  EXPECT_EQ(json_quote("\xE2\x82"), "\"" + r + r + "\"");  // Cut.
}

}  // namespace
