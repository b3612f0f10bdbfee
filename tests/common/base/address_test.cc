#include "common/base/address.h"

#include <gtest/gtest.h>

namespace {

TEST(NormalisedAddress, FoldsBlanksAndAsciiCaseAndNothingElse) {
  const struct {
    const char* from;
    const char* to;
  } table[] = {
      {"", ""},
      {"123456789", "123456789"},
      {" 123 456\t789 ", "123456789"},
      {"Desk-1@AD", "desk-1@ad"},
      {"[Z]`{a}", "[z]`{a}"},
      {"\xc3\x84@ad", "\xc3\x84@ad"},
      {"\xff\xfe", "\xff\xfe"},
      {"a\nb", "a\nb"},
  };
  for (const auto& row : table) EXPECT_EQ(base::normalised_address(row.from), row.to) << row.from;
  for (const auto& row : table) {
    for (const auto& other : table) {
      EXPECT_EQ(base::same_address(row.from, other.from), std::string_view{row.to} == other.to)
          << row.from << " and " << other.from;
    }
  }
}

}  // namespace
