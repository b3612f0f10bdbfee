#include "collector/store/series.h"

#include "tests/collector/store/small_world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::store {
namespace {

STORE_SUITE(SeriesStoreTest);

TEST_P(SeriesStoreTest, MembersInOrderOfStartAndAllDueWhenOneMoves) {
  const auto world = write([](Transaction& t) { return make_small_world(t); });
  const auto ids = write([&](Transaction& t) {
    std::vector<std::int64_t> sessions;
    for (const auto* key : {"late", "early", "other"}) {
      auto row = session_row(world, key);
      row.started = at(key == std::string{"late"} ? 20'000 : 10'000);
      row.ended = at(30'000);
      sessions.push_back(must(upsert_session(t, row)).id);
      auto attribution = attribution_row(world, sessions.back(), "ready");
      attribution.session_revision = 1;
      must(add_attribution(t, attribution));
    }
    return sessions;
  });
  const auto move = [&](std::int64_t session, std::optional<std::int64_t> series) {
    write([&](Transaction& t) {
      must(change_membership(
          t, {.session_id = session, .series_id = series, .changed = at(1), .who = "mary", .why = ""}));
    });
  };
  const auto due = [&] {
    return read([](Transaction& t) {
      return must(sessions_to_attribute(t,
                                        {.now = at(100'000'000),
                                         .comment_wait = std::chrono::hours{1},
                                         .comment_tolerance = std::chrono::minutes{2}},
                                        10));
    });
  };
  const auto members = [&](std::int64_t series) {
    return read([&](Transaction& t) {
      std::vector<std::int64_t> found;
      for (const auto& one : must(members_of(t, series))) found.push_back(one.id);
      return found;
    });
  };
  const auto series = write([&](Transaction& t) {
    return must(add_series(t, {.id = 0, .customer_id = world.customer_id, .made = at(4), .who = "mary"}));
  });
  EXPECT_TRUE(due().empty());
  read([&](Transaction& t) {
    EXPECT_TRUE(must(list_series(t, 10)).empty()) << "one without members";
    EXPECT_EQ(must(find_series(t, series))->who, "mary");
    EXPECT_FALSE(must(find_series(t, series + 1)));
    EXPECT_FALSE(must(series_of(t, ids[0])));
  });
  move(ids[0], series);
  move(ids[1], series);
  EXPECT_EQ(members(series), (std::vector{ids[1], ids[0]}));
  EXPECT_EQ(due(), (std::vector{ids[0], ids[1]})) << "not the one outside";
  read([&](Transaction& t) {
    EXPECT_EQ(must(series_of(t, ids[0]))->id, series);
    EXPECT_EQ(must(list_series(t, 10)).size(), 1u);
  });
  write([&](Transaction& t) {
    for (const auto id : {ids[0], ids[1]}) {
      auto attribution = attribution_row(world, id, "ready");
      attribution.session_revision = 1;
      must(add_attribution(t, attribution));
    }
  });
  EXPECT_TRUE(due().empty());
  move(ids[0], std::nullopt);
  EXPECT_EQ(due(), (std::vector{ids[0], ids[1]})) << "who left, and who stays";
  EXPECT_EQ(members(series), std::vector{ids[1]});
}

TEST_P(SeriesStoreTest, ADismissalIsKeptOnce) {
  const auto world = write([](Transaction& t) { return make_small_world(t); });
  write([&](Transaction& t) {
    const auto a = post_session(t, world, "a").session_id, b = post_session(t, world, "b").session_id;
    must(add_dismissal(t, {.first_session_id = a, .second_session_id = b, .dismissed = at(1), .who = "m"}));
    must(add_dismissal(t, {.first_session_id = a, .second_session_id = b, .dismissed = at(2), .who = "n"}));
    const auto all = must(list_dismissals(t));
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].first_session_id, a);
    EXPECT_EQ(all[0].second_session_id, b);
  });
}

}  // namespace
}  // namespace collector::store
