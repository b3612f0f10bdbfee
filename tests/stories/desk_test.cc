// Plays the stories of tests/cases/desk, each on both databases.

#include <gmock/gmock.h>

#include <algorithm>
#include <tuple>

#include "collector/store/connection.h"
#include "tests/source_root.h"
#include "tests/stories/clock.h"
#include "tests/stories/desk.h"
#include "tests/stories/script.h"
#include "tests/stories/sentences.h"
#include "tests/support/database/fresh_database.h"

namespace stories {
namespace {

using collector::store::Dialect;

// Every charge there is can be worked out again, whatever the story changed since.
void expect_charges_to_be_the_same_again(const Desk& desk) {
  // A database may have left out a number.
  for (int charge = 1, missing = 0; missing < 3; ++charge) {
    const auto told = desk.types("mary", "explain charge:" + std::to_string(charge) + " --json");
    missing = told.code == 0 ? 0 : missing + 1;
    EXPECT_THAT(told.out, testing::Not(testing::HasSubstr("\"worked_again\":\"differs\""))) << charge;
    EXPECT_THAT(told.out, testing::Not(testing::HasSubstr("before its inputs were kept"))) << charge;
  }
}

class DeskStories : public testing::TestWithParam<std::tuple<Story, Dialect>> {};

TEST_P(DeskStories, EndAsTold) {
  const auto& [story, dialect] = GetParam();
  SCOPED_TRACE(story.title);
  now() = timing::from_rfc3339("2026-01-01T08:00:00Z").value();
  Desk desk{dialect == Dialect::postgresql ? support::migrated_postgres_url() : ""};
  Teller teller{desk};
  for (const auto& step : story.steps) {
    SCOPED_TRACE(story.file + ".case:" + std::to_string(step.line) + ": " + step.text);
    try {
      if (!step.asked) {
        teller.happens(step.text);
        continue;
      }
      const auto answer = teller.answers(step.text);
      const auto missing = untold(step.told, answer);
      EXPECT_TRUE(missing.empty()) << missing << "the answer was:\n" << answer;
      const bool refusal =
          std::ranges::any_of(step.told, [](const auto& line) { return line.starts_with("refused: "); });
      EXPECT_EQ(answer.starts_with("refused: "), refusal) << answer;
    } catch (const std::exception& error) {
      FAIL() << error.what();
    }
  }
  expect_charges_to_be_the_same_again(desk);
}

std::string name_of(const testing::TestParamInfo<std::tuple<Story, Dialect>>& info) {
  const auto& [story, dialect] = info.param;
  return story.file + "_line_" + std::to_string(story.line) +
         (dialect == Dialect::postgresql ? "_postgresql" : "_sqlite");
}

INSTANTIATE_TEST_SUITE_P(Cases, DeskStories,
                         testing::Combine(testing::ValuesIn(read_stories(SOURCE_ROOT "/tests/cases/desk")),
                                          testing::Values(Dialect::sqlite, Dialect::postgresql)),
                         name_of);

}  // namespace
}  // namespace stories
