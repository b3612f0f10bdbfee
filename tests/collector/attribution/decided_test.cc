// What people decided, at its borders; the stories are in tests/cases/decisions.case.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collector/attribution/attribute.h"

namespace {

using namespace collector;
using namespace collector::attribution;
using namespace std::chrono;
using testing::Contains;
using testing::ElementsAre;
using testing::Not;

timing::UtcMs at(const char* text) {
  return timing::from_rfc3339(text).value();
}

const timing::UtcMs kStart = at("2026-11-16T09:00:00Z");
const timing::UtcMs kLater = at("2026-12-24T00:00:00Z");

directory::Contract contract(std::int64_t id, const char* name, year_month_day first,
                             std::optional<year_month_day> last) {
  directory::Contract made;
  made.id = id;
  made.customer_id = 5;
  made.name = name;
  made.valid_from = sys_days{first};
  if (last) made.valid_to = sys_days{*last} + days{1};
  made.start_day = first;
  made.end_day = last;
  return made;
}

directory::Directory master_data() {
  directory::Directory data;
  data.customers.push_back({.id = 5, .code = "acme", .name = "ACME", .email = {}, .language = "en"});
  data.technicians.push_back({.id = 8, .number = 1, .name = "Anna", .email = {}, .active = true});
  data.terminals.push_back({.id = 6,
                            .customer_id = 5,
                            .address = "111",
                            .description = "Server",
                            .valid_from = {},
                            .valid_to = {}});
  data.contracts = {contract(1, "Open", 2026y / January / 1, {}),
                    contract(2, "Past", 2025y / January / 1, 2025y / December / 31),
                    contract(3, "Block", 2026y / January / 1, 2026y / December / 31),
                    contract(4, "Next", 2027y / January / 1, {})};
  return data;
}

SessionView session() {
  SessionView view;
  view.remote_id = "111";
  view.started = kStart;
  view.ended = kStart + 10min;
  return view;
}

Decision decision() {
  Decision one;
  one.who = "mary";
  one.decided = kLater;
  one.technician_id = 8;
  return one;
}

Attribution attributed(const SessionView& view, const Decision& one,
                       std::optional<std::string> text = "printer") {
  std::optional<CommentView> comment;
  if (text) comment = CommentView{.id = 1, .remote_id = {}, .anydesk_id = {}, .started = {}, .text = *text};
  return attribute(view, comment, master_data(), {}, kLater, {.history = {one}});
}

std::vector<std::string> told(const Attribution& result) {
  std::vector<std::string> all;
  for (const auto& step : result.steps) all.push_back(step.detail);
  return all;
}

TEST(Decided, AStartIsStatedWhereTheCaptureKnowsNone) {
  auto view = session();
  view.started.reset();
  auto one = decision();
  one.started = kStart;
  const auto result = attributed(view, one);
  EXPECT_EQ(result.stated_start, kStart);
  EXPECT_EQ(result.stated_end, std::nullopt);
  EXPECT_EQ(result.duration_s, 600);
  EXPECT_EQ(result.disposition, Disposition::ready);
  EXPECT_THAT(told(result), Contains("mary decided on 2026-12-24: it started at 2026-11-16 09:00:00 UTC"));
  const auto other = attributed(session(), one);
  EXPECT_EQ(other.stated_start, std::nullopt) << "what was captured stands";
  EXPECT_THAT(told(other), Not(Contains(testing::HasSubstr("it started at"))));
}

TEST(Decided, AnEndIsStatedInPlaceOfOneBeforeTheStart) {
  auto view = session();
  view.ended = kStart - 1s;
  auto one = decision();
  one.ended = kStart + 20min;
  EXPECT_EQ(attributed(view, one).stated_end, kStart + 20min);
  EXPECT_EQ(attributed(view, one).disposition, Disposition::ready);
  EXPECT_EQ(attributed(session(), one).stated_end, std::nullopt) << "what was captured stands";
  view.started.reset();
  EXPECT_EQ(attributed(view, one).stated_end, std::nullopt) << "without a start no end is too early";
}

// Times that a person stated settle the doubts about times, and no other.
TEST(Decided, StatedTimesSettleWhatWasMissing) {
  const struct {
    Outcome outcome;
    bool backwards;
    bool over_length;
    std::vector<ReviewReason> reasons;
  } rows[] = {{Outcome::abandoned, false, false, {}},
              {Outcome::partial, false, false, {}},
              {Outcome::partial, true, false, {}},
              {Outcome::abandoned, false, true, {ReviewReason::over_length}}};
  for (const auto& row : rows) {
    auto view = session();
    view.outcome = row.outcome;
    view.clock_went_backwards = row.backwards;
    view.over_length = row.over_length;
    view.ended.reset();
    auto one = decision();
    one.ended = kStart + 20min;
    EXPECT_EQ(attributed(view, one).reasons, row.reasons);
    one.ended = kStart - 20min;
    EXPECT_THAT(attributed(view, one).reasons, Not(testing::IsEmpty())) << "they are no duration";
  }
}

TEST(Decided, WhatTheCommentContradictsIsSettledByWhatIsCharged) {
  for (const char* text : {"printer # {25}", "printer {x}"}) {
    EXPECT_FALSE(attributed(session(), decision(), text).reasons.empty());
    auto one = decision();
    one.no_charge = true;
    EXPECT_TRUE(attributed(session(), one, text).reasons.empty()) << text;
    EXPECT_TRUE(attributed(session(), one, text).no_charge);
    one.charge_min = 10;
    EXPECT_TRUE(attributed(session(), one, text).reasons.empty()) << text;
    EXPECT_EQ(attributed(session(), one, text).override_min, 10);
  }
}

TEST(Decided, OnlyWhatWasReleasedIsDoneWithout) {
  auto one = decision();
  one.released = {ReviewReason::too_long};
  EXPECT_THAT(attributed(session(), one, std::nullopt).reasons, ElementsAre(ReviewReason::no_comment));
  one.released = {ReviewReason::too_long, ReviewReason::no_comment};
  EXPECT_EQ(attributed(session(), one, std::nullopt).disposition, Disposition::ready);
}

TEST(Decided, HeldByBothIsHeldOnce) {
  auto one = decision();
  one.held = true;
  EXPECT_THAT(attributed(session(), one, "printer ~").reasons, ElementsAre(ReviewReason::hold));
  EXPECT_THAT(attributed(session(), one).reasons, ElementsAre(ReviewReason::hold));
}

TEST(Decided, AContractCountsWhileItIsInForce) {
  const struct {
    std::int64_t id;
    const char* says;
  } rows[] = {
      {1, "the contract is 'Open'"},
      {2, "the contract is 'Past', but it was not in force on that day"},
      {3, "the contract is 'Block'"},
      {4, "the contract is 'Next', but it was not in force on that day"},
      {99, "the contract is 'contract 99', but it is not this customer's"},
  };
  for (const auto& row : rows) {
    auto one = decision();
    one.contract_id = row.id;
    const auto result = attributed(session(), one);
    EXPECT_THAT(told(result), Contains("mary decided on 2026-12-24: " + std::string{row.says}));
    EXPECT_EQ(result.contract_id.has_value(), result.reasons.empty());
  }
}

TEST(Decided, WhoIsNotInTheDirectoryIsNamedByNumber) {
  auto one = decision();
  one.technician_id = 98;
  one.customer_id = 99;
  const auto result = attributed(session(), one);
  EXPECT_THAT(told(result), Contains("mary decided on 2026-12-24: the technician is technician 98"));
  EXPECT_THAT(told(result), Contains("mary decided on 2026-12-24: the customer is customer 99"));
  EXPECT_THAT(result.reasons, ElementsAre(ReviewReason::no_contract));
}

}  // namespace
