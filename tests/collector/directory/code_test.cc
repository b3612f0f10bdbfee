#include "collector/directory/code.h"

#include <gtest/gtest.h>

namespace collector::directory {
namespace {

TEST(Code, IsMadeFromTheName) {
  const struct {
    const char* name;
    const char* code;
  } table[] = {
      {"Old Mill Bakery", "old-mill-bakery"},
      {"  Law & Sons, Ltd. ", "law-sons-ltd"},
      {"A", "a"},
      {"24/7", "24-7"},
      {"Müller Straße Ægir Þór ×", "muller-strasse-aegir-tho"},
      {"Φούρνος Παπαδάκη", "fournos-papadaki"},
      {"ΆΈΉΊΌΎΏ άέήίόύώ", "aeiioyo-aeiioyo"},
      {"ΪΫ ϊϋ ΐΰ", "iy-iy-iy"},
      {"Ψυχή Ξένος Θάλασσα Χώρος", "psychi-xenos-thalassa-ch"},
      {"ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ", "avgdezithiklmnxoprstyfch"},
      {"Ουρανός", "ouranos"},
      {"Пекарня 2", "2"},
      {"山", ""},
      {"---", ""},
      {"", ""},
      {"bad \xff byte", "bad-byte"},
      {"A name that is much longer than a code", "a-name-that-is-much-long"},
      {"Twenty-three characters x", "twenty-three-characters"},
  };
  for (const auto& one : table) EXPECT_EQ(code_from(one.name), one.code) << one.name;
}

TEST(Code, TheSecondIsNumbered) {
  EXPECT_EQ(numbered_code("mill", 1), "mill");
  EXPECT_EQ(numbered_code("mill", 2), "mill-2");
}

}  // namespace
}  // namespace collector::directory
