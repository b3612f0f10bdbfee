// Whose terminal it is, is said later, or changes: sessions in review find their customer in the next cycle,
// and each session belongs to the owner of its own day.

#include "collector/actions/terminals.h"
#include "collector/store/terminals.h"
#include "tests/collector/pipeline/office.h"

namespace collector::pipeline {
namespace {

class TerminalsTest : public OfficeTest {
 protected:
  void assign(const std::string& customer, std::optional<timing::UtcMs> from = {}) {
    write([&](store::Transaction& t) {
      must(actions::assign_terminal(t, {.who = "tess", .why = "", .now = clock_.now},
                                    {.address = kStranger, .customer = customer, .from = from}));
    });
  }
  // A session of five minutes with its comment.
  void session(const std::string& key, std::int64_t minute) {
    receive({completed(key, kStranger, at_min(minute), 5min)});
    comment(kStranger, at_min(minute), "Printer");
  }
  std::string customer_of(const std::string& key) { return row(key).customer_code.value_or("nobody"); }
  std::vector<store::WaitingAddress> waiting() {
    return read(
        [](store::Transaction& t) { return must(store::addresses_in_review(t, "unknown_terminal", 100)); });
  }
};
INSTANTIATE_TEST_SUITE_P(On, TerminalsTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(TerminalsTest, AssigningAnUnknownOneAttributesItsEarlierSessionsToo) {
  session("a", 0);
  session("b", 60);
  receive({completed("other", "desk@stranger", at_min(30), 90s)});
  comment("desk@stranger", at_min(30), "Printer");
  clock_.now = at_min(100);
  run();
  EXPECT_TRUE(state("a").starts_with("review")) << state("a");
  auto unknown = waiting();
  ASSERT_EQ(unknown.size(), 2u);
  EXPECT_EQ(unknown[0].address, kStranger) << "the newest first";
  EXPECT_EQ(unknown[0].sessions, 2);
  EXPECT_EQ(unknown[0].length_ms, 600'000);
  EXPECT_EQ(unknown[0].first, at_min(0));
  EXPECT_EQ(unknown[0].newest, at_min(60));
  EXPECT_EQ(unknown[1].address, "desk@stranger");
  EXPECT_EQ(unknown[1].length_ms, 90'000);

  const auto before = balance("bakery");
  assign("bakery");
  run();
  EXPECT_EQ(state("a"), "ready 10");
  EXPECT_EQ(state("b"), "ready 10");
  EXPECT_EQ(customer_of("a"), "bakery");
  EXPECT_EQ(balance("bakery"), before - 20);
  unknown = waiting();
  ASSERT_EQ(unknown.size(), 1u);
  EXPECT_EQ(unknown[0].address, "desk@stranger");
}

TEST_P(TerminalsTest, EachSessionGoesToTheOwnerOfItsOwnDay) {
  clock_.now = at_min(30);
  assign("bakery", at_min(0));
  clock_.now = at_min(200);
  assign("lawyer", at_min(60));
  session("before", -60);
  session("morning", 10);
  session("last", 57);  // Begins in one customer's time and ends in the other's.
  session("noon", 60);
  session("later", 150);
  run();
  EXPECT_EQ(customer_of("before"), "nobody");
  EXPECT_EQ(customer_of("morning"), "bakery");
  EXPECT_EQ(customer_of("last"), "bakery");
  EXPECT_EQ(customer_of("noon"), "lawyer");
  EXPECT_EQ(customer_of("later"), "lawyer");
}

TEST_P(TerminalsTest, AMoveLeavesWhatWasChargedWhereItWas) {
  assign("bakery");
  session("a", 10);
  clock_.now = at_min(60);
  run();
  EXPECT_EQ(customer_of("a"), "bakery");
  const auto before = summary();
  assign("lawyer");
  run();
  EXPECT_EQ(summary(), before);
}

}  // namespace
}  // namespace collector::pipeline
