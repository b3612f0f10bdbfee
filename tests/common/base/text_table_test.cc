#include "common/base/text_table.h"

#include <gtest/gtest.h>

namespace {

using base::TextTable;

TEST(TextTable, ColumnsAreAsWideAsTheyNeedToBe) {
  TextTable table{
      {{.heading = "name"}, {.heading = "min", .align = TextTable::Align::right}, {.heading = "note"}}};
  table.add({"Anna", "10", ""});
  table.add({"\xce\x92\xce\xb1\xcf\x83\xce\xaf\xce\xbb\xce\xb7\xcf\x82", "1200", "x"});
  EXPECT_EQ(table.text(),
            "name      min  note\n"
            "Anna       10\n"
            "\xce\x92\xce\xb1\xcf\x83\xce\xaf\xce\xbb\xce\xb7\xcf\x82  1200  x\n");
}

TEST(CellText, ForeignTextCannotMoveTheCursor) {
  EXPECT_EQ(base::cell_text("a\x1b[2Jb\nc", 40), "a [2Jb c");
  EXPECT_EQ(base::cell_text("\xff", 40), "\xef\xbf\xbd");
}

TEST(CellText, LongTextIsCutAtACharacter) {
  EXPECT_EQ(base::cell_text("\xce\xb1\xce\xb2\xce\xb3\xce\xb4", 3), "\xce\xb1\xce\xb2\xe2\x80\xa6");
  EXPECT_EQ(base::cell_text("abc", 3), "abc");
}

}  // namespace
