#include "collector/store/sessions.h"

#include "tests/collector/store/small_world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::store {
namespace {

STORE_SUITE(SessionsTest);

using Ids = std::vector<std::int64_t>;

TEST_P(SessionsTest, TheRevisionGrowsWithEachRealChange) {
  const auto world = write(make_small_world);
  const auto put = [&](const SessionRow& row) {
    return write([&](Transaction& t) { return must(upsert_session(t, row)); });
  };
  auto row = session_row(world, "k");
  row.outcome = "active";
  row.ended = {};
  const auto first = put(row);
  EXPECT_EQ(first.revision, 1);
  row.last_record_id = 2;
  EXPECT_EQ(put(row).revision, 1) << "the same facts from a later record";
  std::int64_t revision = 1;
  const auto changes = [&](auto change) {
    change();
    EXPECT_EQ(put(row).revision, ++revision);
    EXPECT_EQ(put(row).revision, revision);
  };
  changes([&] { row.outcome = "completed"; });
  changes([&] { row.ended = at(70'000); });
  changes([&] { row.ended = at(70'001); });
  changes([&] { row.ended = {}; });
  changes([&] { row.started = at(1); });
  changes([&] { row.requested = at(2); });
  changes([&] { row.last_seen = at(3); });
  changes([&] { row.remote_id = "other"; });
  changes([&] { row.anydesk_id = ""; });
  changes([&] { row.workstation = "WS-2"; });
  changes([&] { row.kind = "vpn"; });
  changes([&] { row.end_reason = "lost"; });
  changes([&] { row.clock_backwards = true; });
  changes([&] { row.witness = "window"; });
  changes([&] { row.doubts = "pairing,kind"; });
  changes([&] { row.abandon_cause = "kill"; });
  changes([&] { row.duration_boot_ms = 60'000; });
  changes([&] { row.duration_boot_uncertainty_ms = 250; });
  changes([&] { row.clock_jumped = true; });
  changes([&] { row.over_length = true; });
  changes([&] { row.overnight = true; });
  changes([&] { row.remote_id_withheld = true; });
  changes([&] { row.window_pid = 4'294'967'295; });
  changes([&] { row.reconnects = 2; });
  row.boot_id = "run";
  EXPECT_EQ(put(row).revision, revision) << "the same facts from a later run of the machine";

  const auto found = read([&](Transaction& t) { return must(find_session(t, first.id)).value(); });
  EXPECT_EQ(found.agent_id, world.agent_id);
  EXPECT_EQ(found.session_key, "k");
  EXPECT_EQ(found.workstation, "WS-2");
  EXPECT_EQ(found.anydesk_id, "");
  EXPECT_EQ(found.remote_id, "other");
  EXPECT_EQ(found.kind, "vpn");
  EXPECT_EQ(found.outcome, "completed");
  EXPECT_EQ(found.requested, at(2));
  EXPECT_EQ(found.started, at(1));
  EXPECT_EQ(found.ended, std::nullopt);
  EXPECT_EQ(found.last_seen, at(3));
  EXPECT_EQ(found.end_reason, "lost");
  EXPECT_TRUE(found.clock_backwards);
  EXPECT_EQ(found.witness, "window");
  EXPECT_EQ(found.doubts, "pairing,kind");
  EXPECT_EQ(found.abandon_cause, "kill");
  EXPECT_EQ(found.duration_boot_ms, 60'000);
  EXPECT_EQ(found.duration_boot_uncertainty_ms, 250);
  EXPECT_TRUE(found.clock_jumped && found.over_length && found.overnight && found.remote_id_withheld);
  EXPECT_EQ(found.window_pid, 4'294'967'295);
  EXPECT_EQ(found.reconnects, 2);
  EXPECT_EQ(found.boot_id, "run");
  EXPECT_EQ(found.revision, revision);
  EXPECT_EQ(found.last_record_id, 2);
  EXPECT_FALSE(read([](Transaction& t) { return must(find_session(t, 99)); }));
}

TEST_P(SessionsTest, TheListIsFilteredAndNewestFirst) {
  const auto world = write(make_small_world);
  const auto ids = write([&](Transaction& t) {
    Ids made;
    for (const std::int64_t start : {300, 100, 200}) {
      auto row = session_row(world, "k" + std::to_string(start));
      row.started = at(start);
      row.outcome = start == 100 ? "failed" : "completed";
      row.remote_id = start == 200 ? "two" : "one";
      made.push_back(must(upsert_session(t, row)).id);
    }
    return made;
  });
  const auto list = [&](const SessionFilter& filter) {
    Ids found;
    for (const auto& row : read([&](Transaction& t) { return must(list_sessions(t, filter)); }))
      found.push_back(row.id);
    return found;
  };
  EXPECT_EQ(list({}), (Ids{ids[0], ids[2], ids[1]}));
  EXPECT_EQ(list({.limit = 1, .outcome = {}, .remote_id = {}, .from = {}, .to = {}}), (Ids{ids[0]}));
  EXPECT_EQ(list({.limit = 9, .outcome = "failed", .remote_id = {}, .from = {}, .to = {}}), (Ids{ids[1]}));
  EXPECT_EQ(list({.limit = 9, .outcome = {}, .remote_id = "one", .from = {}, .to = {}}),
            (Ids{ids[0], ids[1]}));
  EXPECT_EQ(list({.limit = 9, .outcome = {}, .remote_id = {}, .from = at(200), .to = at(300)}),
            (Ids{ids[2]}));
  EXPECT_EQ(list({.limit = 9, .outcome = "active", .remote_id = {}, .from = {}, .to = {}}), Ids{});
}

TEST_P(SessionsTest, GapsAndUndecodedRecordsAreKept) {
  const auto world = write(make_small_world);
  write([&](Transaction& t) {
    must(append_batch(t, batch_row(world.agent_id, 1),
                      {{.hash = "h", .body = "b"}, {.hash = "i", .body = "c"}}));
    must(add_gap(t, {.id = 0,
                     .record_id = 1,
                     .agent_id = world.agent_id,
                     .source = "trace",
                     .after_offset = 10,
                     .bytes_lost_min = 20,
                     .cause = "anchor_not_found",
                     .observed = at(30),
                     .from = at(21),
                     .to = at(22)}));
    must(add_undecoded(t, {.record_id = 2, .reason = "kind 12"}));
  });
  const auto gaps = read([](Transaction& t) { return must(list_gaps(t, 10)); });
  ASSERT_EQ(gaps.size(), 1u);
  EXPECT_EQ(gaps[0].record_id, 1);
  EXPECT_EQ(gaps[0].agent_id, world.agent_id);
  EXPECT_EQ(gaps[0].source, "trace");
  EXPECT_EQ(gaps[0].after_offset, 10);
  EXPECT_EQ(gaps[0].bytes_lost_min, 20);
  EXPECT_EQ(gaps[0].cause, "anchor_not_found");
  EXPECT_EQ(gaps[0].observed, at(30));
  EXPECT_EQ(gaps[0].from, at(21));
  EXPECT_EQ(gaps[0].to, at(22));
  const auto undecoded = read([](Transaction& t) { return must(list_undecoded(t, 10)); });
  ASSERT_EQ(undecoded.size(), 1u);
  EXPECT_EQ(undecoded[0].record_id, 2);
  EXPECT_EQ(undecoded[0].reason, "kind 12");
}

TEST_P(SessionsTest, OdditiesAreCountedForEachAgent) {
  const auto world = write(make_small_world);
  const std::string other(16, '\x02');
  write([&](Transaction& t) {
    must(enrol(
        t, agent_row(
               must(create_token(
                   t, {.secret_hash = "second", .workstation = "WS-2", .created = at(1), .expires = at(2)})),
               other)));
    must(append_batch(t, batch_row(world.agent_id, 1),
                      {{.hash = "h", .body = "b"}, {.hash = "i", .body = "c"}, {.hash = "j", .body = "d"}}));
    must(add_gap(t, {.id = 0,
                     .record_id = 1,
                     .agent_id = world.agent_id,
                     .source = "trace",
                     .after_offset = 10,
                     .bytes_lost_min = 20,
                     .cause = "file_replaced",
                     .observed = at(30)}));
    must(add_undecoded(t, {.record_id = 2, .reason = "a"}));
    must(add_undecoded(t, {.record_id = 3, .reason = "b"}));
  });
  const auto rows = read([](Transaction& t) { return must(count_oddities(t)); });
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].agent_id, world.agent_id);
  EXPECT_EQ(rows[0].gaps, 1);
  EXPECT_EQ(rows[0].undecoded, 2);
  EXPECT_EQ(rows[1].agent_id, other);
  EXPECT_EQ(rows[1].gaps, 0);
  EXPECT_EQ(rows[1].undecoded, 0);
}

TEST_P(SessionsTest, ASessionIsFoundByItsKeyAndItsNeighbourhood) {
  const auto world = write(make_small_world);
  const auto [a, b] = write([&](Transaction& t) {
    auto early = session_row(world, "early");
    early.started = at(1'000);
    auto late = session_row(world, "late");
    late.started = {};
    late.requested = at(2'000);
    auto elsewhere = session_row(world, "elsewhere");
    elsewhere.remote_id = "other";
    must(upsert_session(t, elsewhere));
    return std::pair{must(upsert_session(t, early)).id, must(upsert_session(t, late)).id};
  });
  const auto key = [&](const std::string& agent, const std::string& name) {
    return read([&](Transaction& t) { return must(find_session_by_key(t, agent, name)); });
  };
  EXPECT_EQ(key(world.agent_id, "late")->id, b);
  EXPECT_FALSE(key(world.agent_id, "none"));
  EXPECT_FALSE(key(std::string(16, '\x02'), "late"));
  const auto near = [&](std::int64_t from, std::int64_t to) {
    Ids ids;
    for (const auto& row :
         read([&](Transaction& t) { return must(sessions_near(t, "123456789", at(from), at(to))); })) {
      ids.push_back(row.id);
    }
    return ids;
  };
  EXPECT_EQ(near(1'000, 2'000), (Ids{a, b}));
  EXPECT_EQ(near(1'001, 2'000), (Ids{b}));
  EXPECT_EQ(near(1'000, 1'999), (Ids{a}));
}

TEST_P(SessionsTest, ASessionThatAnotherAgentOfTheMachineToldIsFound) {
  const auto world = write(make_small_world);
  const std::string successor(16, '\x02'), second_successor(16, '\x03'), stranger(16, '\x04');
  const auto id = write([&](Transaction& t) {
    const auto token = must(create_token(
        t,
        {.secret_hash = "more", .workstation = "WS-1", .uses_max = 9, .created = at(1), .expires = at(2)}));
    const auto enrol_one = [&](const std::string& agent, std::optional<std::string> replaces) {
      auto row = agent_row(token, agent);
      row.replaces = std::move(replaces);
      must(enrol(t, row));
    };
    enrol_one(successor, world.agent_id);
    enrol_one(second_successor, successor);
    enrol_one(stranger, std::nullopt);
    auto session = session_row(world, "told");
    session.anydesk_id = "410900001";
    return must(upsert_session(t, session)).id;
  });
  const auto told = [&](const std::string& agent, const std::string& key, const std::string& anydesk_id) {
    const auto found =
        read([&](Transaction& t) { return must(find_session_told_before(t, agent, key, anydesk_id)); });
    return found ? std::optional{found->id} : std::nullopt;
  };
  EXPECT_EQ(told(successor, "told", ""), id) << "it took the place of who told it";
  EXPECT_EQ(told(second_successor, "told", "other"), id) << "however often";
  EXPECT_EQ(told(stranger, "told", "410900001"), id) << "AnyDesk calls both machines the same";
  EXPECT_EQ(told(stranger, "told", "410900002"), std::nullopt);
  EXPECT_EQ(told(stranger, "told", ""), std::nullopt);
  EXPECT_EQ(told(successor, "another", "410900001"), std::nullopt);
  EXPECT_EQ(told(world.agent_id, "told", "410900001"), std::nullopt) << "its own it finds by its key";
}

TEST_P(SessionsTest, CursorsMove) {
  EXPECT_EQ(read([](Transaction& t) { return must(get_cursor(t, "assemble")); }), 0);
  EXPECT_EQ(read([](Transaction& t) { return must(get_cursor(t, "new")); }), 0);
  write([](Transaction& t) {
    must(set_cursor(t, "assemble", 5));
    must(set_cursor(t, "new", 6));
    must(set_cursor(t, "new", 7));
  });
  EXPECT_EQ(read([](Transaction& t) { return must(get_cursor(t, "assemble")); }), 5);
  EXPECT_EQ(read([](Transaction& t) { return must(get_cursor(t, "new")); }), 7);
}

TEST_P(SessionsTest, CommentsAreFoundNearAStart) {
  write([](Transaction& t) {
    for (const std::int64_t start : {100, 200, 300}) must(add_comment(t, comment_row("one", start, "x")));
    must(add_comment(t, comment_row("two", 200, "y")));
  });
  const auto near = read([](Transaction& t) { return must(comments_near(t, "one", at(100), at(200))); });
  ASSERT_EQ(near.size(), 2u);
  EXPECT_EQ(near[0].started, at(100));
  EXPECT_EQ(near[1].started, at(200));
  EXPECT_EQ(near[1].remote_id, "one");
  EXPECT_EQ(near[1].anydesk_id, "555000111");
  EXPECT_EQ(near[1].text, "x");
  EXPECT_EQ(near[1].source, "import");
  EXPECT_EQ(near[1].imported, at(201));
  EXPECT_FALSE(read([](Transaction& t) { return must(find_comment(t, 99)); }));
}

// What sends a session to attribution: one session, and what happens to it.
class AttributionDueTest : public StoreTest {
 protected:
  void SetUp() override {
    world_ = write(make_small_world);
    session_ = write([&](Transaction& t) { return must(upsert_session(t, session_row(world_, "k"))).id; });
  }
  // The session started at 10 s and ended at 70 s; it waits 100 s for its comment.
  bool due(std::int64_t now_ms) {
    const AttributionDue due{.now = at(now_ms),
                             .comment_wait = std::chrono::seconds{100},
                             .comment_tolerance = std::chrono::seconds{5}};
    const auto ids = read([&](Transaction& t) { return must(sessions_to_attribute(t, due, 10)); });
    return ids == Ids{session_};
  }
  void attribute(const std::string& disposition, std::int64_t created_ms, std::int64_t directory_version = 0,
                 std::int64_t revision = 1) {
    write([&](Transaction& t) {
      auto row = attribution_row(world_, session_, disposition);
      row.created = at(created_ms);
      row.directory_version = directory_version;
      row.session_revision = revision;
      must(add_attribution(t, row));
    });
  }
  void comment(const std::string& remote_id, std::int64_t started_ms) {
    write([&](Transaction& t) { must(add_comment(t, comment_row(remote_id, started_ms, "late"))); });
  }

  SmallWorld world_;
  std::int64_t session_ = 0;
};
INSTANTIATE_TEST_SUITE_P(On, AttributionDueTest, testing::Values(Dialect::sqlite, Dialect::postgresql),
                         dialect_name);

TEST_P(AttributionDueTest, OnlyEndedSessions) {
  EXPECT_TRUE(due(80'000));
  const std::pair<std::string, bool> table[] = {
      {"active", false}, {"failed", false}, {"abandoned", true}, {"partial", true}, {"completed", true}};
  for (const auto& [outcome, expected] : table) {
    auto row = session_row(world_, "k");
    row.outcome = outcome;
    write([&](Transaction& t) { must(upsert_session(t, row)); });
    EXPECT_EQ(due(80'000), expected) << outcome;
  }
}

TEST_P(AttributionDueTest, ReadyIsDoneUntilTheSessionChanges) {
  attribute("ready", 80'000);
  write([](Transaction& t) { must(bump_directory_version(t)); });
  EXPECT_FALSE(due(999'000));
  auto row = session_row(world_, "k");
  row.ended = at(71'000);
  write([&](Transaction& t) { must(upsert_session(t, row)); });
  EXPECT_TRUE(due(999'000));
  attribute("ready", 999'000, 1, 2);
  EXPECT_FALSE(due(999'000));
}

TEST_P(AttributionDueTest, ReadyIsLookedAtAgainWhenACommentArrives) {
  comment("123456789", 10'000);
  attribute("ready", 80'000);
  EXPECT_FALSE(due(999'000)) << "it knew that comment";
  write([](Transaction& t) { must(settle_sessions(t, std::chrono::seconds{5})); });
  comment("987654321", 10'001);
  comment("123456789", 15'001);
  EXPECT_FALSE(due(999'000)) << "other sessions' comments";
  write([](Transaction& t) { must(settle_sessions(t, std::chrono::seconds{5})); });
  comment("123456789", 15'000);
  EXPECT_TRUE(due(999'000));
  write([](Transaction& t) { must(settle_sessions(t, std::chrono::seconds{5})); });
  EXPECT_TRUE(due(999'000)) << "settling takes nothing away that is to be done";
  attribute("ready", 999'000);
  EXPECT_FALSE(due(999'000));
}

TEST_P(AttributionDueTest, SettlingForgetsNeitherReviewNorPendingNorNew) {
  const auto settle = [&] {
    write([](Transaction& t) { must(settle_sessions(t, std::chrono::seconds{5})); });
  };
  settle();
  EXPECT_TRUE(due(80'000));
  attribute("pending_comment", 80'000);
  settle();
  EXPECT_TRUE(due(170'001));
  attribute("review", 170'001);
  settle();
  comment("123456789", 10'000);
  EXPECT_TRUE(due(170'001));
}

TEST_P(AttributionDueTest, AMomentIsTheRequestWhereTheStartIsUnknown) {
  auto row = session_row(world_, "k");
  row.started = {};
  row.outcome = "partial";
  write([&](Transaction& t) { must(upsert_session(t, row)); });
  attribute("review", 80'000, 0, 2);
  comment("123456789", 9'000);
  EXPECT_TRUE(due(80'000));
}

TEST_P(AttributionDueTest, ReviewAwaitsTheDirectory) {
  attribute("review", 200'000);
  EXPECT_FALSE(due(999'000));
  const auto version = write([](Transaction& t) { return must(bump_directory_version(t)); });
  EXPECT_TRUE(due(999'000));
  attribute("review", 999'000, version);
  EXPECT_FALSE(due(999'000));
}

TEST_P(AttributionDueTest, ReviewAwaitsACommentThatMayBeItsOwn) {
  comment("123456789", 10'000);
  attribute("review", 200'000);
  EXPECT_FALSE(due(999'000)) << "the comment was there and did not help";
  comment("123456789", 15'001);
  comment("123456789", 4'999);
  comment("987654321", 10'000);
  EXPECT_FALSE(due(999'000)) << "other sessions' comments";
  comment("123456789", 15'000);
  EXPECT_TRUE(due(999'000));
  attribute("review", 999'000);
  EXPECT_FALSE(due(999'000));
}

TEST_P(AttributionDueTest, PendingAwaitsTheEndOfItsWait) {
  attribute("pending_comment", 80'000);
  EXPECT_FALSE(due(170'000)) << "that instant still belongs to the wait";
  EXPECT_TRUE(due(170'001));
  attribute("review", 170'001);
  EXPECT_FALSE(due(999'000));
}

TEST_P(AttributionDueTest, AWaitThatWasShortenedEndsAtOnce) {
  attribute("pending_comment", 171'000);
  EXPECT_TRUE(due(171'001));
}

TEST_P(AttributionDueTest, TheLimitHoldsAndTheOldestComeFirst) {
  write([&](Transaction& t) { must(upsert_session(t, session_row(world_, "k2"))); });
  const AttributionDue due{.now = at(1), .comment_wait = {}, .comment_tolerance = {}};
  EXPECT_EQ(read([&](Transaction& t) { return must(sessions_to_attribute(t, due, 1)); }), Ids{session_});
  EXPECT_EQ(read([&](Transaction& t) { return must(sessions_to_attribute(t, due, 9)); }).size(), 2u);
}

}  // namespace
}  // namespace collector::store
