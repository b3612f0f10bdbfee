// Plays the stories of tests/cases through attribution, rating and the ledger.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "collector/ledger/plan.h"
#include "collector/rating/money.h"
#include "common/timing/zone.h"
#include "tests/collector/attribution/case_file.h"
#include "tests/collector/attribution/case_rules.h"
#include "tests/source_root.h"

namespace {

using namespace collector;
using cases::Story;

template <class Row>
const Row* row_of(const std::vector<Row>& rows, std::optional<std::int64_t> id) {
  const auto at = std::ranges::find_if(rows, [&](const Row& row) { return row.id == id; });
  return at == rows.end() ? nullptr : &*at;
}

// What came out, in the words of the story.
std::map<std::string, std::string> told(const Story& story, const attribution::Attribution& result,
                                        std::vector<std::string>& reasons) {
  std::map<std::string, std::string> is;
  for (const auto& step : result.steps) reasons.push_back(step.detail);
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
  if (result.disposition != attribution::Disposition::ready) return is;

  // A ready session can be charged without any further question.
  const auto charge = cases::charge_of(story.directory, story.session, result, story.work_type);
  is["Minutes"] = std::to_string(charge.rated.minutes);
  is["Amount"] = rating::money_text(charge.rated.amount);
  for (const auto& step : charge.steps) reasons.push_back(step.detail);
  const auto at = result.stated_start ? *result.stated_start : story.session.started.value();
  const ledger::Charge posted{.id = 1,
                              .session_id = 1,
                              .subject = "s1",
                              .at = at,
                              .tie = "",
                              .contract_id = contract->id,
                              .minutes = charge.rated.minutes,
                              .amount = charge.rated.amount};
  const ledger::Situation situation{.contracts = {contract, 1},
                                    .from = at,
                                    .now = at,
                                    .left_before = {},
                                    .standing = {},
                                    .charges = {posted}};
  const auto plan = ledger::plan(situation, timing::start_of_day);
  is["Ledger"] =
      std::to_string(ledger::figure(contract->model, plan.value().entries.at(0), ledger::kMinutes));
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
  std::vector<std::string> reasons;
  auto is = told(story, result, reasons);
  ASSERT_TRUE(story.expected.contains("Result"));
  for (const auto& [word, value] : story.expected) EXPECT_EQ(is[word], value) << word;
  for (const auto& vector : story.vectors) {
    auto lasted = result;
    lasted.duration_s = vector.length.count();
    const auto charge = cases::charge_of(story.directory, story.session, lasted, story.work_type);
    EXPECT_EQ(charge.rated.minutes, vector.minutes) << vector.length.count() << " s";
  }
  for (const auto& because : story.because) EXPECT_THAT(reasons, testing::Contains(because));
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
