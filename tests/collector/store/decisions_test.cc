#include "collector/store/decisions.h"

#include "collector/store/overview.h"
#include "collector/store/session.h"
#include "tests/collector/store/small_world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::store {
namespace {

STORE_SUITE(DecisionsTest);

AttributionDue due_at(std::int64_t ms) {
  return {.now = at(ms), .comment_wait = std::chrono::hours{1}, .comment_tolerance = std::chrono::minutes{2}};
}

TEST_P(DecisionsTest, ComeBackAsTheyWereAndAreNumberedForEachSession) {
  const auto world = write([](Transaction& t) { return make_small_world(t); });
  const auto ids = write([&](Transaction& t) {
    return std::pair{post_session(t, world, "a").session_id, post_session(t, world, "b").session_id};
  });
  const DecisionRow all{.session_id = ids.first,
                        .number = 1,
                        .decided = at(5),
                        .who = "mary",
                        .why = "asked by phone",
                        .released = "hold,no_comment",
                        .held = true,
                        .withdrawn = true,
                        .no_charge = 1,
                        .charge_min = 25,
                        .comment = "1, printer",
                        .technician_id = world.technician_id,
                        .customer_id = world.customer_id,
                        .terminal_id = world.terminal_id,
                        .contract_id = world.contract_id,
                        .started = at(6),
                        .ended = at(7),
                        .work_type = "phone"};
  const DecisionRow bare{.session_id = ids.first, .number = 2, .decided = at(8), .who = "john", .why = ""};
  write([&](Transaction& t) {
    EXPECT_EQ(must(add_decision(t, all)), 1);
    EXPECT_EQ(must(add_decision(t, bare)), 2);
    EXPECT_EQ(must(add_decision(t, {.session_id = ids.second, .decided = at(9), .who = "mary"})), 1);
  });
  read([&](Transaction& t) { EXPECT_EQ(must(decisions_of(t, ids.first)), (std::vector{all, bare})); });
}

TEST_P(DecisionsTest, OutOfRangeIsRefusedByTheDatabase) {
  const auto world = write([](Transaction& t) { return make_small_world(t); });
  const auto id = write([&](Transaction& t) { return post_session(t, world, "a").session_id; });
  EXPECT_EQ(refused([&](Transaction& t) {
              return add_decision(t, {.session_id = id, .decided = at(5), .who = "m", .charge_min = 1441});
            }),
            base::ErrorCode::conflict);
  EXPECT_EQ(refused([&](Transaction& t) {
              return add_decision(t, {.session_id = 99, .decided = at(5), .who = "m"});
            }),
            base::ErrorCode::conflict);
}

TEST_P(DecisionsTest, MakeASettledSessionDueUntilItIsAttributed) {
  const auto world = write([](Transaction& t) { return make_small_world(t); });
  const auto posted = write([&](Transaction& t) { return post_session(t, world, "a"); });
  const auto due = [&](bool all = true) {
    return read([&](Transaction& t) {
      auto when = due_at(100'000'000);
      when.all = all;
      return must(sessions_to_attribute(t, when, 10));
    });
  };
  EXPECT_TRUE(due().empty());
  write([&](Transaction& t) {
    must(add_decision(t, {.session_id = posted.session_id, .decided = at(5), .who = "mary"}));
    must(settle_sessions(t, std::chrono::minutes{2}));
  });
  EXPECT_EQ(due(false), std::vector{posted.session_id}) << "also without a look at all that is open";
  write(
      [&](Transaction& t) { must(add_attribution(t, attribution_row(world, posted.session_id, "review"))); });
  EXPECT_TRUE(due(false).empty()) << "a review that knows of the decision";
  read([&](Transaction& t) { EXPECT_FALSE(must(session_overview(t, {})).front().changed); });
}

TEST_P(DecisionsTest, ABilledSessionIsNeverDue) {
  const auto world = write([](Transaction& t) { return make_small_world(t); });
  const auto id = write([&](Transaction& t) {
    const auto session = post_session(t, world, "a").session_id;
    EXPECT_FALSE(must(is_billed(t, session)));
    t.session().script("INSERT INTO billed_session VALUES (" + std::to_string(session) + ", 'INV-7', 1)");
    must(add_decision(t, {.session_id = session, .decided = at(5), .who = "mary"}));
    return session;
  });
  read([&](Transaction& t) {
    EXPECT_TRUE(must(is_billed(t, id)));
    EXPECT_EQ(must(billed_with(t, id)), "INV-7");
    EXPECT_TRUE(must(sessions_to_attribute(t, due_at(100'000'000), 10)).empty());
  });
}

}  // namespace
}  // namespace collector::store
