#include "collector/import/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using collector::import::parse_csv;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Csv, KnowsTheLineOfEveryRow) {
  const auto table =
      parse_csv("\xef\xbb\xbf Code ,NAME\r\nalpha,One\r\n\r\nbeta,\"Two,\nlines\"\r\ngamma,Three").value();
  EXPECT_THAT(table.header, ElementsAre("code", "name"));
  ASSERT_EQ(table.rows.size(), 3u);
  EXPECT_EQ(table.rows[0].line, 2);
  EXPECT_EQ(table.rows[1].line, 4);
  EXPECT_THAT(table.rows[1].fields, ElementsAre("beta", "Two,\nlines"));
  EXPECT_EQ(table.rows[2].line, 6) << "a quoted line feed counts as a line";
}

TEST(Csv, QuotesAreDoubled) {
  const auto table = parse_csv("a,b\n\"say \"\"hi\"\"\",\"\"\n").value();
  EXPECT_THAT(table.rows[0].fields, ElementsAre("say \"hi\"", ""));
}

TEST(Csv, SemicolonsSeparateWhereTheHeaderHasThem) {
  const auto table = parse_csv("code;name\nx;Smith, John\n").value();
  EXPECT_THAT(table.rows[0].fields, ElementsAre("x", "Smith, John"));
}

TEST(Csv, RowsOfAnotherLengthAreKept) {
  EXPECT_THAT(parse_csv("a,b\n1\n1,2,3\n").value().rows[1].fields, ElementsAre("1", "2", "3"));
}

TEST(Csv, RefusesWhatCannotBeRead) {
  EXPECT_THAT(parse_csv("").error().message, HasSubstr("empty"));
  EXPECT_THAT(parse_csv("a,b\n1,\"2\n").error().message, HasSubstr("line 2"));
  EXPECT_THAT(parse_csv("a,b\n\"1\"x,2\n").error().message, HasSubstr("line 2"));
  EXPECT_THAT(parse_csv(std::string_view{"a\0b", 3}).error().message, HasSubstr("UTF-16"));
}

}  // namespace
