// Plays the stories of tests/cases/ledger.

#include <gtest/gtest.h>

#include "tests/collector/ledger/story.h"
#include "tests/source_root.h"

namespace collector::ledger {
namespace {

class LedgerStories : public testing::TestWithParam<Story> {};

TEST_P(LedgerStories, EndAsTold) {
  const auto& story = GetParam();
  SCOPED_TRACE(story.title);
  const auto is = told(story);
  EXPECT_EQ(is, story.expected) << [&] {
    std::string text;
    for (const auto& line : is) text += "  " + line + "\n";
    return text;
  }();
}

std::string name_of(const testing::TestParamInfo<Story>& info) {
  return info.param.file + "_line_" + std::to_string(info.param.line);
}

INSTANTIATE_TEST_SUITE_P(Cases, LedgerStories,
                         testing::ValuesIn(read_stories(SOURCE_ROOT "/tests/cases/ledger")), name_of);

}  // namespace
}  // namespace collector::ledger
