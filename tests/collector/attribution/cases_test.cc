// Plays the stories of tests/cases through attribution, rating and the ledger.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "collector/ledger/entry.h"
#include "collector/rating/rate.h"
#include "tests/collector/attribution/case_file.h"

namespace {

using namespace collector;
using cases::Story;

template <class Row>
const Row* row_of(const std::vector<Row>& rows, std::optional<std::int64_t> id) {
  const auto at = std::ranges::find_if(rows, [&](const Row& row) { return row.id == id; });
  return at == rows.end() ? nullptr : &*at;
}

// What came out, in the words of the story.
std::map<std::string, std::string> told(const Story& story, const attribution::Attribution& result) {
  std::map<std::string, std::string> is;
  is["Result"] = to_string(result.disposition);
  for (const auto reason : result.reasons) {
    is["Reasons"] += (is["Reasons"].empty() ? "" : ", ") + std::string{to_string(reason)};
  }
  const auto* technician = row_of(story.directory.technicians, result.technician_id);
  is["Technician"] = technician ? technician->name + " by " + result.technician_rule : "nobody";
  const auto* customer = row_of(story.directory.customers, result.customer_id);
  const auto* terminal = row_of(story.directory.terminals, result.terminal_id);
  is["Customer"] = customer ? customer->name + (terminal ? ", " + terminal->description : "") : "nobody";
  const auto* contract = row_of(story.directory.contracts, result.contract_id);
  is["Contract"] = contract ? contract->name : "none";
  is["Text"] = result.text;
  is["Work type"] = result.work_type;
  // A step that tells it word for word.
  const auto because = story.expected.find("Because");
  if (because != story.expected.end()) {
    const auto step = std::ranges::find(result.steps, because->second, &attribution::Step::detail);
    is["Because"] = step == result.steps.end() ? "no step says so" : step->detail;
  }
  if (result.disposition != attribution::Disposition::ready) return is;

  // A ready session can be charged without any further question.
  const auto begin = result.stated_start ? result.stated_start : story.session.started;
  const rating::Stretch stretch{.begin = begin.value(), .seconds = result.duration_s.value()};
  const auto rated = rating::rate(
      contract->rule, {.stretches = {&stretch, 1},
                       .adjustments = {.no_charge = result.no_charge, .override_min = result.override_min}});
  is["Minutes"] = std::to_string(rated.value().minutes);
  const auto entry = ledger::post({.contract_id = contract->id,
                                   .model = contract->model,
                                   .session_id = 1,
                                   .charge_id = 1,
                                   .minutes = rated->minutes,
                                   .reason = story.title});
  is["Ledger"] = std::to_string(entry.minutes);
  return is;
}

// The story, `now` being when the collector looks, with the decisions made one after the other.
attribution::Attribution play(const Story& story, const std::optional<attribution::CommentView>& comment,
                              timing::UtcMs now) {
  attribution::Decisions decisions{.history = {}, .series_id = story.series};
  const auto look = [&] {
    return attribution::attribute(story.session, comment, story.directory, story.settings, now, decisions);
  };
  for (const auto& line : story.decisions) {
    auto next = decisions.history.empty() ? attribution::Decision{} : decisions.history.back();
    next.who = line.who;
    next.why = line.why;
    next.decided = cases::moment("2026-11-20 10:00");
    line.change(next);
    if (line.releases_all) {
      for (const auto reason : look().reasons) next.released.push_back(reason);
      next.held = false;
    }
    decisions.history.push_back(std::move(next));
  }
  return look();
}

class Stories : public testing::TestWithParam<Story> {};

TEST_P(Stories, EndAsTold) {
  const Story& story = GetParam();
  SCOPED_TRACE(story.title);
  const auto end = story.session.ended ? *story.session.ended : story.session.started.value();
  std::optional<attribution::CommentView> comment;
  if (story.comment)
    comment = attribution::CommentView{
        .id = 1, .remote_id = {}, .anydesk_id = {}, .started = {}, .text = *story.comment};
  const auto result = play(story, comment, end + std::chrono::minutes{story.asked_min});
  auto is = told(story, result);
  ASSERT_TRUE(story.expected.contains("Result"));
  for (const auto& [word, value] : story.expected) EXPECT_EQ(is[word], value) << word;
  if (story.expected.at("Result") != "pending_comment" && !story.expected.contains("Reasons")) {
    EXPECT_EQ(is["Reasons"], "");
  }
  EXPECT_FALSE(result.steps.empty());
}

std::string name_of(const testing::TestParamInfo<Story>& info) {
  return info.param.file + "_line_" + std::to_string(info.param.line);
}

INSTANTIATE_TEST_SUITE_P(Cases, Stories, testing::ValuesIn(cases::read_stories(SOURCE_ROOT "/tests/cases")),
                         name_of);

}  // namespace
