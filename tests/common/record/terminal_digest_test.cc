// The digest of a terminal is one of the address as it is compared, and the list has a name of its own.

#include "common/record/terminal_digest.h"

#include <gtest/gtest.h>

#include <vector>

namespace {

TEST(TerminalDigest, IsTheBeginningOfTheSha256OfTheNormalisedAddress) {
  const struct {
    const char* id;
    std::uint64_t digest;
  } table[] = {
      {"123456789", 0x15e2b0d3c33891eb},  // The example of docs/formats/wire.md.
      {"123 456\t789 ", 0x15e2b0d3c33891eb}, {"desk@ad", 0xcf50da2ae353a9f2},
      {"Desk@AD", 0xcf50da2ae353a9f2},       {"", 0xe3b0c44298fc1c14},
  };
  for (const auto& row : table) EXPECT_EQ(record::terminal_digest(row.id), row.digest) << row.id;
  EXPECT_NE(record::terminal_digest("desk@ad"), record::terminal_digest("desk@ae"));
}

TEST(TerminalDigest, EqualListsHaveEqualVersions) {
  const std::vector<std::uint64_t> none, one{1}, other{2}, both{1, 2}, joined{0x0000000100000002};
  // SHA-256 of nothing.
  EXPECT_EQ(record::terminals_version(none), 0xe3b0c44298fc1c14);
  EXPECT_EQ(record::terminals_version(one), record::terminals_version(one));
  EXPECT_NE(record::terminals_version(one), record::terminals_version(other));
  EXPECT_NE(record::terminals_version(both), record::terminals_version(joined));
  EXPECT_NE(record::terminals_version(both), 0u);
}

}  // namespace
