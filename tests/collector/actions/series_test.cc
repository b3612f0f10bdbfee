#include "collector/actions/series.h"

#include "collector/store/series.h"
#include "tests/collector/actions/desk_office.h"

namespace collector::actions {
namespace {

class SeriesTest : public DeskOffice {
 protected:
  std::vector<std::string> members(std::int64_t series) {
    std::vector<std::string> keys;
    for (const auto& member : read([&](store::Transaction& t) { return must(store::members_of(t, series)); }))
      keys.push_back(member.session_key);
    return keys;
  }
  void leave(const std::string& key) {
    const auto session = id(key);
    write([&](store::Transaction& t) { must(leave_series(t, mary(), session)); });
  }
  std::vector<std::vector<std::int64_t>> suggested() {
    return read([](store::Transaction& t) { return must(suggest_series(t, 15min)); });
  }
  base::ErrorCode join_refused(const std::vector<std::string>& keys) {
    std::vector<std::int64_t> ids;
    for (const auto& key : keys) ids.push_back(id(key));
    return refused([&](store::Transaction& t) { return join_series(t, mary(), ids); });
  }
};
INSTANTIATE_TEST_SUITE_P(On, SeriesTest, testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(SeriesTest, JoiningReleasesWhatWasHeldForIt) {
  worked("a", kBakery, 0, 5min, "Update ~");
  worked("b", kBakery, 10, 5min, "Update done");
  EXPECT_EQ(state("a"), "review [\"hold\"]");
  const auto series = join({"b", "a"});
  EXPECT_EQ(members(series), (std::vector<std::string>{"a", "b"})) << "in order of their start";
  EXPECT_TRUE(row("a").changed && row("b").changed) << "what they cost together has to be found";
  run();
  EXPECT_EQ(state("a").substr(0, 5), "ready");
  EXPECT_EQ(row("b").series_id, series);
  EXPECT_FALSE(row("a").changed || row("b").changed);
  EXPECT_EQ(run(), 0);
}

TEST_P(SeriesTest, AThirdJoinsAndAllAreLookedAtAgain) {
  worked("a", kBakery, 0, 5min, "Update");
  worked("b", kBakery, 10, 5min, "Update");
  worked("c", kBakery, 20, 5min, "Update");
  const auto series = join({"a", "b"});
  run();
  const auto before = attributions("a");
  EXPECT_EQ(join({"b", "c"}), series);
  run();
  EXPECT_EQ(members(series), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(attributions("a"), before + 1);
}

TEST_P(SeriesTest, WhoLeavesIsForItselfAndTheLastLeavesToo) {
  worked("a", kBakery, 0, 5min, "Update ~");
  worked("b", kBakery, 10, 5min, "Update");
  const auto series = join({"a", "b"});
  run();
  leave("b");
  EXPECT_TRUE(members(series).empty());
  EXPECT_FALSE(row("a").series_id || row("b").series_id);
  run();
  EXPECT_EQ(state("a"), "review [\"hold\"]") << "the technician's ~ stands again";
  EXPECT_EQ(state("b"), "ready 10");
  EXPECT_NE(join({"a", "b"}), series);
}

TEST_P(SeriesTest, WhatDoesNotBelongTogetherIsRefused) {
  worked("a", kBakery, 0, 5min, "Update");
  worked("b", kBakery, 10, 5min, "Update");
  worked("law", kLawyer, 20, 5min, "Mail");
  worked("nobody", kStranger, 30, 5min, "Mail");
  worked("billed", kBakery, 40, 5min, "Mail");
  bill("billed");
  EXPECT_EQ(join_refused({"a", "law"}), base::ErrorCode::conflict);
  EXPECT_NE(message_.find("is another customer's than session"), std::string::npos) << message_;
  EXPECT_EQ(join_refused({"a", "nobody"}), base::ErrorCode::conflict);
  EXPECT_NE(message_.find("has no customer yet"), std::string::npos) << message_;
  EXPECT_EQ(join_refused({"a", "billed"}), base::ErrorCode::conflict);
  EXPECT_NE(message_.find("is billed with INV-7"), std::string::npos) << message_;
  EXPECT_EQ(join_refused({"a", "a"}), base::ErrorCode::invalid_argument);
  join({"a", "b"});
  EXPECT_EQ(join_refused({"a", "b"}), base::ErrorCode::conflict);
  EXPECT_NE(message_.find("already"), std::string::npos) << message_;
}

TEST_P(SeriesTest, TwoSeriesDoNotBecomeOne) {
  for (const auto* key : {"a", "b", "c", "d"}) worked(key, kBakery, 10 * (key[0] - 'a'), 5min, "Update");
  join({"a", "b"});
  join({"c", "d"});
  EXPECT_EQ(join_refused({"b", "c"}), base::ErrorCode::conflict);
  EXPECT_NE(message_.find("has to leave first"), std::string::npos) << message_;
}

TEST_P(SeriesTest, AMemberKeepsItsCustomer) {
  worked("a", kBakery, 0, 5min, "Update");
  worked("b", kBakery, 10, 5min, "Update");
  join({"a", "b"});
  SessionChange customer;
  customer.customer = "lawyer";
  const auto session = id("a");
  EXPECT_EQ(refused([&](store::Transaction& t) {
              return change_session(t, mary(), session, customer, store::utc_start_of_day);
            }),
            base::ErrorCode::conflict);
  EXPECT_NE(message_.find("series leave"), std::string::npos) << message_;
}

TEST_P(SeriesTest, ABilledMemberFreezesItsSeries) {
  worked("a", kBakery, 0, 5min, "Update");
  worked("b", kBakery, 10, 5min, "Update");
  worked("c", kBakery, 20, 5min, "Update");
  join({"a", "b"});
  run();
  bill("a");
  EXPECT_EQ(join_refused({"b", "c"}), base::ErrorCode::conflict);
  const auto session = id("b");
  EXPECT_EQ(refused([&](store::Transaction& t) { return leave_series(t, mary(), session); }),
            base::ErrorCode::conflict);
  EXPECT_NE(message_.find("is billed with INV-7"), std::string::npos) << message_;
}

TEST_P(SeriesTest, SuggestedUntilJoinedOrDismissed) {
  worked("a", kBakery, 0, 5min, "Update");
  worked("b", kBakery, 10, 5min, "Update");
  worked("c", kBakery, 100, 5min, "Mail");
  worked("d", kBakery, 110, 5min, "Mail");
  const auto a = id("a"), b = id("b"), c = id("c"), d = id("d");
  using Groups = std::vector<std::vector<std::int64_t>>;
  EXPECT_EQ(suggested(), (Groups{{a, b}, {c, d}}));
  EXPECT_EQ(suggested(), (Groups{{a, b}, {c, d}})) << "suggesting writes nothing";
  EXPECT_EQ(run(), 0);
  join({"a", "b"});
  EXPECT_EQ(suggested(), (Groups{{c, d}}));
  write([&](store::Transaction& t) { must(dismiss_series(t, mary(), {d, c})); });
  EXPECT_TRUE(suggested().empty());
  write([&](store::Transaction& t) { must(dismiss_series(t, mary(), {d, c})); });
}

TEST_P(SeriesTest, WhatIsBilledOrWithdrawnIsNotSuggested) {
  worked("a", kBakery, 0, 5min, "Update");
  worked("b", kBakery, 10, 5min, "Update");
  bill("b");
  EXPECT_TRUE(suggested().empty());
}

}  // namespace
}  // namespace collector::actions
