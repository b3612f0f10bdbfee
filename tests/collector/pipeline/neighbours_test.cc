// Sessions that are near one comment: whose it is does not depend on which of them arrives first.

#include <algorithm>

#include "collector/store/session.h"
#include "tests/collector/pipeline/office.h"
#include "tests/collector/store/small_world.h"

namespace collector::pipeline {
namespace {

using Words = std::vector<std::string>;

class NeighboursTest : public OfficeTest {
 protected:
  // A session, as a workstation tells it that was offline meanwhile.
  void told(const std::string& key, std::int64_t start_s, std::chrono::seconds length = 60s) {
    receive({completed(key, kBakery, at_s(start_s), length)});
  }
  Words texts(const Words& keys) {
    Words all;
    for (const auto& key : keys) all.push_back(key + ": " + state(key) + " " + row(key).text.value_or(""));
    return all;
  }
};
INSTANTIATE_TEST_SUITE_P(On, NeighboursTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(NeighboursTest, ASessionThatArrivesLateAndIsNearerTakesTheCommentOver) {
  told("a", 0);
  comment(kBakery, at_s(90), "Printer");
  clock_.now = at_min(60);
  run();
  ASSERT_EQ(state("a"), "ready 10");
  told("b", 100);
  run();
  EXPECT_EQ(state("b"), "ready 10");
  EXPECT_EQ(state("a"), "review [\"no_comment\"]");
  EXPECT_EQ(balance("bakery"), 50) << "one comment, one charge";
  EXPECT_EQ(entries("a"), (std::vector<std::int64_t>{-10, 10}));
  EXPECT_EQ(run(), 0);
}

TEST_P(NeighboursTest, ALateSessionThatIsFartherLeavesItWhereItIs) {
  told("a", 80);
  comment(kBakery, at_s(90), "Printer");
  clock_.now = at_min(60);
  run();
  told("b", 0);
  run();
  EXPECT_EQ(state("a"), "ready 10");
  EXPECT_EQ(attributions("a"), 1u) << "nothing about it changed";
  EXPECT_EQ(state("b"), "review [\"no_comment\"]");
  EXPECT_EQ(run(), 0);
}

TEST_P(NeighboursTest, AnAttemptThatWasTakenForASessionGivesTheCommentBack) {
  told("a", 0);
  auto attempt = completed("b", kBakery, at_s(100), 10s);
  receive({active(attempt)});
  comment(kBakery, at_s(90), "Printer");
  clock_.now = at_min(60);
  run();
  EXPECT_EQ(state("a"), "review [\"no_comment\"]");
  attempt.outcome = agent::session::Outcome::failed;
  receive({attempt});
  run();
  EXPECT_EQ(state("a"), "ready 10");
  EXPECT_EQ(run(), 0);
}

TEST_P(NeighboursTest, OfTwoThatAreEquallyNearOneAloneHasTheComment) {
  told("a", 0);
  told("b", 100);
  comment(kBakery, at_s(50), "Printer");
  clock_.now = at_min(60);
  run();
  EXPECT_EQ(state("a"), "ready 10");
  EXPECT_EQ(state("b"), "review [\"no_comment\"]");
}

TEST_P(NeighboursTest, WhatIsBilledKeepsItsComment) {
  told("a", 0);
  comment(kBakery, at_s(90), "Printer");
  clock_.now = at_min(60);
  run();
  write([&](store::Transaction& t) {
    t.session().script("INSERT INTO billed_session VALUES (1, 'INV-7', 1)");
  });
  told("b", 100);
  run();
  EXPECT_EQ(state("a"), "ready 10");
  EXPECT_EQ(state("b"), "review [\"no_comment\"]") << "the comment is spoken for";
  EXPECT_EQ(run(), 0);
}

TEST_P(NeighboursTest, ADayOfReconnectionsInAnyOrderGivesTheSame) {
  struct Event {
    std::string key;  // Empty: a comment.
    std::int64_t at_s = 0;
    std::string text = {};
  };
  std::vector<Event> day{{"a", 0}, {"b", 100}, {"c", 190}, {"", 20, "Printer"}, {"", 160, "Mail {25}"}};
  const auto by_what = [](const Event& one, const Event& other) {
    return std::tie(one.key, one.at_s) < std::tie(other.key, other.at_s);
  };
  std::ranges::sort(day, by_what);
  Words expected;
  int round = 0;
  do {
    if (round > 0) begin_anew();
    for (const auto& event : day) {
      clock_.now += 1min;
      if (event.key.empty()) {
        comment(kBakery, at_s(event.at_s), event.text);
      } else {
        told(event.key, event.at_s);
      }
      run();
    }
    clock_.now = at_min(120);
    run();
    if (round++ == 0) expected = texts({"a", "b", "c"});
    ASSERT_EQ(texts({"a", "b", "c"}), expected) << round;
    ASSERT_EQ(balance("bakery"), 25) << round;
    for (int n = 0; n < 9; ++n) std::ranges::next_permutation(day, by_what);
  } while (round < 12);
  EXPECT_EQ(expected, (Words{"a: ready 10 Printer", "b: review [\"no_comment\"] ", "c: ready 25 Mail"}));
}

}  // namespace
}  // namespace collector::pipeline
