#include "common/base/utf8.h"

#include <gtest/gtest.h>

namespace {

struct Row {
  std::string text;
  std::string valid;
};

class Utf8 : public ::testing::TestWithParam<Row> {};

TEST_P(Utf8, BadBytesAreReplacedOneByOne) {
  EXPECT_EQ(base::to_valid_utf8(GetParam().text), GetParam().valid);
  EXPECT_EQ(base::is_utf8(GetParam().text), GetParam().text == GetParam().valid);
}

const std::string kBad = "\xef\xbf\xbd";

INSTANTIATE_TEST_SUITE_P(
    Rows, Utf8,
    ::testing::Values(Row{"", ""}, Row{"plain", "plain"}, Row{"\xce\xb1\xe2\x82\xac", "\xce\xb1\xe2\x82\xac"},
                      Row{"\xf0\x9f\x94\xa7", "\xf0\x9f\x94\xa7"}, Row{"a\x80z", "a" + kBad + "z"},
                      Row{"\xc3", kBad}, Row{"\xc0\xaf", kBad + kBad},
                      Row{"\xed\xa0\x80", kBad + kBad + kBad}, Row{"\xe0\x80\x80", kBad + kBad + kBad},
                      Row{"\xf4\x90\x80\x80", kBad + kBad + kBad + kBad}, Row{"\xe2\x82", kBad + kBad},
                      Row{"\xff\xfe", kBad + kBad}));

}  // namespace
