// What the stories of tests/cases cannot say: the steps, and the borders of the arguments.

#include "collector/attribution/attribute.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace {

using namespace collector;
using namespace collector::attribution;
using namespace std::chrono;

timing::UtcMs at(const char* text) {
  return timing::from_rfc3339(text).value();
}

directory::Contract contract(std::int64_t id, std::string name, year_month_day first,
                             std::optional<year_month_day> last) {
  directory::Contract made;
  made.id = id;
  made.customer_id = 5;
  made.name = std::move(name);
  made.start_day = first;
  made.end_day = last;
  made.valid_from = sys_days{first};
  if (last) made.valid_to = sys_days{*last} + days{1};
  return made;
}

directory::Directory master_data() {
  directory::Directory data;
  data.customers.push_back({.id = 5, .code = "ACME", .name = "ACME", .email = {}, .language = "en"});
  data.terminals.push_back({.id = 6,
                            .customer_id = 5,
                            .address = "111",
                            .description = "Server",
                            .valid_from = {},
                            .valid_to = {}});
  data.technicians.push_back({.id = 8, .number = 1, .name = "Anna", .email = {}, .active = true});
  data.support_points.push_back(
      {.id = 9, .technician_id = 8, .workstation = "WS", .anydesk_id = {}, .valid_from = {}, .valid_to = {}});
  data.contracts.push_back(contract(1, "Open", 2026y / January / 1, {}));
  data.contracts.push_back(contract(2, "Past", 2025y / January / 1, 2025y / December / 31));
  data.contracts.push_back(contract(3, "Block", 2026y / January / 1, 2026y / December / 31));
  return data;
}

SessionView session() {
  SessionView view;
  view.remote_id = "111";
  view.workstation = "WS";
  view.started = at("2026-11-16T09:05:00.900Z");
  view.ended = at("2026-11-16T09:39:13.100Z");
  return view;
}

std::optional<CommentView> comment(std::string text) {
  return CommentView{.id = 1, .remote_id = {}, .anydesk_id = {}, .started = {}, .text = std::move(text)};
}

const timing::UtcMs kLater = at("2026-12-24T00:00:00Z");

TEST(Attribute, EveryConditionIsAStep) {
  const auto result = attribute(session(), comment("printer"), master_data(), {}, kLater);
  std::vector<std::string> lines;
  for (const auto& step : result.steps) {
    lines.push_back(std::string{to_string(step.mark)} + " " + step.what + ": " + step.detail);
  }
  EXPECT_THAT(
      lines,
      testing::ElementsAre(
          "pass session: start and end were seen", "pass clock: the clock ran forwards",
          "pass length: it lasted 34:12, not more than the 12:00:00 that need no look",
          "pass comment: the comment describes the session",
          "info technician: the comment names no technician",
          "pass technician: workstation 'WS' is a support point of Anna (1) at that time",
          "pass terminal: 111 is 'Server' of ACME at that time",
          "pass coverage: 'Past': prepaid takes sessions",
          "fail coverage: 'Past': 2026-11-16 09:05:00 UTC is after its last day, 2025-01-01 to 2025-12-31, "
          "UTC",
          "pass coverage: 'Block': prepaid takes sessions",
          "pass coverage: 'Block': 2026-11-16 09:05:00 UTC is one of its days, 2026-01-01 to 2026-12-31, UTC",
          "pass coverage: 'Block': the first of 2: it ends first; among equals, the oldest is used first",
          "pass coverage: 'Open': prepaid takes sessions",
          "pass coverage: 'Open': 2026-11-16 09:05:00 UTC is one of its days, 2026-01-01 to open end, UTC",
          "fail coverage: 'Open': used after 'Block'", "pass contract: 'Block' covers it",
          "pass result: ready to be charged"));
}

TEST(Attribute, DurationIsWholeSeconds) {
  // 34 min 12.2 s.
  EXPECT_EQ(attribute(session(), comment("printer"), master_data(), {}, kLater).duration_s, 2052);
}

TEST(Attribute, AnEndBeforeTheStartIsAClockThatWentBackwards) {
  auto view = session();
  std::swap(view.started, view.ended);
  const auto result = attribute(view, comment("printer"), master_data(), {}, kLater);
  EXPECT_THAT(result.reasons, testing::ElementsAre(ReviewReason::clock_went_backwards));
  EXPECT_EQ(result.duration_s, std::nullopt);
}

TEST(Attribute, WithoutTimesNothingIsLookedUp) {
  auto view = session();
  view.started.reset();
  view.ended.reset();
  const auto result = attribute(view, {}, master_data(), {}, kLater);
  EXPECT_EQ(result.disposition, Disposition::review);
  EXPECT_THAT(result.reasons, testing::ElementsAre(ReviewReason::partial_capture, ReviewReason::no_comment));
  EXPECT_EQ(result.technician_id, std::nullopt);
}

TEST(Attribute, WithoutAStartItsRequestIsItsMoment) {
  auto view = session();
  view.requested = view.started;
  view.started.reset();
  const auto result = attribute(view, comment("printer"), master_data(), {}, kLater);
  EXPECT_THAT(result.reasons, testing::ElementsAre(ReviewReason::partial_capture));
  EXPECT_EQ(result.contract_id, 3);
}

TEST(Attribute, TheOrderOfTheDirectoryDoesNotMatter) {
  auto data = master_data();
  data.contracts.push_back(contract(4, "Twin", 2026y / January / 1, 2026y / December / 31));
  data.terminals.push_back({.id = 7,
                            .customer_id = 5,
                            .address = "111",
                            .description = "Again",
                            .valid_from = {},
                            .valid_to = {}});
  for (int turn = 0; turn < 4; ++turn) {
    std::ranges::rotate(data.contracts, data.contracts.begin() + 1);
    std::ranges::rotate(data.terminals, data.terminals.begin() + 1);
    const auto result = attribute(session(), comment("printer"), data, {}, kLater);
    EXPECT_EQ(result.contract_id, 3);
    EXPECT_EQ(result.terminal_id, 6);
    EXPECT_EQ(result, attribute(session(), comment("printer"), data, {}, kLater));
  }
}

TEST(Attribute, TagsArePassedOn) {
  const auto result = attribute(session(), comment("1, C# ~ {25}"), master_data(), {}, kLater);
  EXPECT_TRUE(result.hold);
  EXPECT_FALSE(result.no_charge);
  EXPECT_EQ(result.override_min, 25);
  EXPECT_EQ(result.text, "C#");
  EXPECT_EQ(result.technician_rule, "tag");
  EXPECT_EQ(result.hints.size(), 1U);
  EXPECT_EQ(result.disposition, Disposition::review);
}

TEST(Outcomes, HaveNames) {
  for (const auto outcome :
       {Outcome::active, Outcome::completed, Outcome::failed, Outcome::abandoned, Outcome::partial}) {
    EXPECT_EQ(outcome_from(to_string(outcome)).value(), outcome);
  }
  EXPECT_FALSE(outcome_from("lost"));
}

}  // namespace
