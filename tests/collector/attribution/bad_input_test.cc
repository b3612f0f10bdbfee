// Whatever a session, its comment or the master data say that cannot be: a review with a reason that has a
// name.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>

#include "collector/attribution/attribute.h"

namespace {

using namespace collector;
using namespace collector::attribution;
using namespace std::chrono;
using enum ReviewReason;

const timing::UtcMs kStart = timing::from_rfc3339("2026-11-16T09:00:00Z").value();
const timing::UtcMs kLater = timing::from_rfc3339("2026-12-24T00:00:00Z").value();

struct World {
  SessionView session;
  std::string comment = "1, printer";
  directory::Directory data;
};

directory::Contract contract(std::int64_t id, year_month_day first, std::optional<year_month_day> last) {
  directory::Contract made;
  made.id = id;
  made.customer_id = 5;
  made.name = "contract " + std::to_string(id);
  made.valid_from = sys_days{first};
  if (last) made.valid_to = sys_days{*last} + days{1};
  made.start_day = first;
  made.end_day = last;
  return made;
}

directory::Terminal terminal(std::int64_t id, std::int64_t customer_id) {
  return {.id = id,
          .customer_id = customer_id,
          .address = "111",
          .description = "Server",
          .valid_from = {},
          .valid_to = {}};
}

directory::SupportPoint point(std::int64_t id, std::int64_t technician_id) {
  return {.id = id,
          .technician_id = technician_id,
          .workstation = "WS",
          .anydesk_id = "",
          .valid_from = {},
          .valid_to = {}};
}

World good() {
  World world;
  world.session.remote_id = "111";
  world.session.workstation = "WS";
  world.session.started = kStart;
  world.session.ended = kStart + 10min;
  world.data.customers = {{.id = 5, .code = "a", .name = "A", .email = {}, .language = "en"},
                          {.id = 6, .code = "b", .name = "B", .email = {}, .language = "en"}};
  world.data.terminals = {terminal(1, 5)};
  world.data.technicians = {{.id = 8, .number = 1, .name = "Anna", .email = {}, .active = true},
                            {.id = 9, .number = 2, .name = "Bill", .email = {}, .active = false}};
  world.data.support_points = {point(1, 8)};
  world.data.contracts = {contract(1, 2026y / January / 1, 2026y / December / 31)};
  return world;
}

Attribution attributed(const World& world) {
  return attribute(
      world.session,
      CommentView{.id = 1, .remote_id = {}, .anydesk_id = {}, .started = {}, .text = world.comment},
      world.data, {}, kLater);
}

TEST(BadInput, IsReviewedWithAReason) {
  ASSERT_EQ(attributed(good()).disposition, Disposition::ready);
  const struct {
    const char* what;
    std::function<void(World&)> change;
    std::vector<ReviewReason> reasons;
  } rows[] = {
      {"tags that contradict", [](World& w) { w.comment = "1, printer # {25}"; }, {contradicting_tags}},
      {"minutes twice", [](World& w) { w.comment = "1, printer {25} {30}"; }, {bad_override}},
      {"absurd minutes", [](World& w) { w.comment = "1, printer {99999999999999999999}"; }, {bad_override}},
      {"nothing said", [](World& w) { w.comment = ""; }, {no_description}},
      {"nothing but control characters",
       [](World& w) { w.comment = std::string{"\0\x01\x07\x1b\x7f\r\n\xc2\x85\xe2\x80\xa8", 12}; },
       {no_description}},
      {"a technician who is not there", [](World& w) { w.comment = "7, printer"; }, {unknown_technician}},
      {"a technician who left", [](World& w) { w.comment = "2, printer"; }, {unknown_technician}},
      {"a number that no technician can have",
       [](World& w) { w.comment = "99999999999999999999, printer"; },
       {ambiguous_number}},
      {"nobody's workstation",
       [](World& w) {
         w.comment = "printer";
         w.data.support_points.clear();
       },
       {no_technician}},
      {"a workstation of two",
       [](World& w) {
         w.comment = "printer";
         w.data.support_points.push_back(point(2, 9));
       },
       {ambiguous_technician}},
      {"a workstation of somebody who is not there",
       [](World& w) {
         w.comment = "printer";
         w.data.support_points.push_back(point(2, 98));
       },
       {ambiguous_technician}},
      {"no remote address", [](World& w) { w.session.remote_id = ""; }, {unknown_terminal}},
      {"nobody's terminal", [](World& w) { w.session.remote_id = "222"; }, {unknown_terminal}},
      {"a terminal of two",
       [](World& w) { w.data.terminals.push_back(terminal(2, 6)); },
       {ambiguous_terminal}},
      {"a terminal of three, one of whom is not there",
       [](World& w) {
         w.data.terminals.push_back(terminal(2, 6));
         w.data.terminals.push_back(terminal(3, 97));
       },
       {ambiguous_terminal}},
      {"no contract", [](World& w) { w.data.contracts.clear(); }, {no_contract}},
      {"a contract that is over",
       [](World& w) { w.data.contracts = {contract(1, 2025y / January / 1, 2026y / November / 15)}; },
       {no_contract}},
      {"a contract that has not begun",
       [](World& w) { w.data.contracts = {contract(1, 2026y / November / 17, {})}; },
       {no_contract}},
      {"an end before the start", [](World& w) { w.session.ended = kStart - 1s; }, {clock_went_backwards}},
      {"a hundred years", [](World& w) { w.session.ended = kStart + hours{24 * 36'525}; }, {too_long}},
      {"the longest time there is",
       [](World& w) {
         w.session.started = timing::from_ms(0);
         w.session.ended = timing::from_ms(std::numeric_limits<std::int64_t>::max());
         w.data.contracts[0].valid_from = timing::from_ms(0);
       },
       {too_long}},
      {"no end", [](World& w) { w.session.ended.reset(); }, {partial_capture}},
      {"no times at all",
       [](World& w) {
         w.session.started.reset();
         w.session.ended.reset();
       },
       {partial_capture}},
      {"abandoned by what is not known",
       [](World& w) {
         w.session.outcome = Outcome::abandoned;
         w.session.abandon_cause = AbandonCause::kill;
         w.session.witness = Witness::other;
         w.session.ended.reset();
       },
       {no_end_seen, unknown_doubt}},
      {"doubts that are not known",
       [](World& w) { w.session.doubts = {Doubt::other, Doubt::pairing, Doubt::other}; },
       {unknown_doubt}},
      {"a boot-time clock that disagrees by years",
       [](World& w) { w.session.duration_boot_ms = std::int64_t{1} << 50; },
       {durations_differ}},
      {"an attempt", [](World& w) { w.session.outcome = Outcome::failed; }, {not_a_session}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    auto world = good();
    row.change(world);
    const auto result = attributed(world);
    EXPECT_EQ(result.disposition, Disposition::review);
    EXPECT_EQ(result.reasons, row.reasons);
    for (const auto reason : result.reasons) {
      EXPECT_FALSE(to_string(reason).empty());
      EXPECT_TRUE(
          std::ranges::any_of(result.steps, [](const Step& step) { return step.mark == Mark::fail; }));
    }
  }
}

// Periods of one customer's contracts may overlap; the one that ends first is used, in whatever order they
// stand.
TEST(BadInput, ContractsThatOverlapAreNoDoubt) {
  auto world = good();
  world.data.contracts.push_back(contract(2, 2026y / June / 1, 2026y / November / 30));
  EXPECT_EQ(attributed(world).contract_id, 2);
  std::ranges::reverse(world.data.contracts);
  EXPECT_EQ(attributed(world).contract_id, 2);
}

// What nobody could rate would stop the pipeline: no decision makes it ready.
TEST(BadInput, WhatIsTooLongToBeChargedIsNotAccepted) {
  const struct {
    std::chrono::seconds length;
    Disposition disposition;
  } rows[] = {{24h * 366, Disposition::ready},
              {24h * 366 + 1s, Disposition::review},
              {24h * 36'525, Disposition::review}};
  for (const auto& row : rows) {
    auto world = good();
    world.session.ended = kStart + row.length;
    Decision released{.who = "mary", .decided = kLater, .why = "", .released = {too_long}};
    for (const bool with_minutes : {false, true}) {
      if (with_minutes) released.charge_min = 25;
      const auto result = attribute(
          world.session,
          CommentView{.id = 1, .remote_id = {}, .anydesk_id = {}, .started = {}, .text = world.comment},
          world.data, {}, kLater, {.history = {released}});
      EXPECT_EQ(result.disposition, row.disposition);
      EXPECT_EQ(result.duration_s.has_value(), row.disposition == Disposition::ready);
    }
  }
}

TEST(BadInput, AMegabyteOfCommentIsACommentLikeAnother) {
  auto world = good();
  world.comment = "1, ";
  while (world.comment.size() < (1U << 20U)) world.comment += "printer \x01\xff{";
  const auto result = attributed(world);
  EXPECT_EQ(result.reasons, std::vector{bad_override});
  world.comment = "1, " + std::string(1U << 20U, 'x');
  EXPECT_EQ(attributed(world).disposition, Disposition::ready);
  EXPECT_EQ(attributed(world).text.size(), 1U << 20U);
}

TEST(BadInput, WhatHasNoTimesHasNoDurationToDiffer) {
  auto view = good().session;
  EXPECT_FALSE(attribution::durations_differ(view));
  view.duration_boot_ms = 1;
  EXPECT_TRUE(attribution::durations_differ(view));
  view.ended.reset();
  EXPECT_FALSE(attribution::durations_differ(view));
  view.started.reset();
  EXPECT_FALSE(attribution::durations_differ(view));
}

TEST(BadInput, ABootTimeClockAloneProvesNothing) {
  for (const bool has_start : {true, false}) {
    auto world = good();
    world.session.duration_boot_ms = 600'000;
    (has_start ? world.session.ended : world.session.started).reset();
    EXPECT_EQ(attributed(world).reasons, std::vector{partial_capture});
  }
}

// A person is told what to do about each, and what cannot be accepted stays.
TEST(BadInput, EachReasonSaysWhatToDo) {
  const std::vector kStay{unknown_terminal, ambiguous_terminal, remote_id_withheld, no_contract,
                          no_end_seen,      not_a_session,      withdrawn,          contradicting_tags,
                          divided_charge,   cannot_be_rated};
  const std::vector kNeedADuration{partial_capture, clock_went_backwards, too_long};
  const auto in = [](const std::vector<ReviewReason>& list, ReviewReason one) {
    return std::ranges::find(list, one) != list.end();
  };
  std::vector<std::string> codes;
  for (const auto reason : kAllReviewReasons) {
    SCOPED_TRACE(to_string(reason));
    EXPECT_TRUE(what_to_do(reason).ends_with('.'));
    EXPECT_EQ(can_be_accepted(reason, true), !in(kStay, reason));
    EXPECT_EQ(can_be_accepted(reason, false), !in(kStay, reason) && !in(kNeedADuration, reason));
    EXPECT_EQ(what_to_do(reason).find("elease") != std::string_view::npos,
              can_be_accepted(reason, true) && reason != unknown_technician && reason != no_technician &&
                  reason != ambiguous_technician);
  }
  EXPECT_EQ(review_reasons_from("hold,of_a_later_version,no_contract"), (std::vector{hold, no_contract}));
}

}  // namespace
