// What is charged as one and lasts longer than can be charged as one waits for a person, and stops nobody.

#include "collector/actions/adjustments.h"
#include "collector/store/adjustments.h"
#include "collector/store/decisions.h"
#include "tests/collector/actions/desk_office.h"

namespace collector::actions {
namespace {

using std::chrono::days;
constexpr std::chrono::seconds kMonths = days{200};

class NotRatedTest : public DeskOffice {
 protected:
  NotRatedTest() { settings_.attribution.max_session_s = std::chrono::seconds{days{366}}.count(); }

  // What waits for a person about a billed session; "none" if nothing does.
  std::string waits(const std::string& key) { return row(key).adjustment_reasons.value_or("none"); }
  void comes(const std::string& text, std::int64_t minute) {
    clock_.now += 1min;
    comment(kBakery, at_min(minute), text);
    run();
  }
  void expect_refused(const std::string& key, const std::string& says) {
    const auto session = id(key);
    const auto released =
        connection_.transaction([&](store::Transaction& t) { return release_session(t, mary(), session); });
    ASSERT_FALSE(released);
    EXPECT_EQ(released.error().code, base::ErrorCode::conflict);
    EXPECT_NE(released.error().message.find(says), std::string::npos) << released.error().message;
  }
};
INSTANTIATE_TEST_SUITE_P(On, NotRatedTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(NotRatedTest, ASeriesIsHeldAndWhatItWasChargedBeforeIsTakenBack) {
  worked("a", kBakery, 0, kMonths, "Watched");
  worked("b", kBakery, 20, kMonths, "Watched too {30}");
  const auto apart = balance("bakery");
  EXPECT_LT(apart, -200'000);
  change("b", {.comment = "Watched too"});
  join({"a", "b"});
  worked("c", kLawyer, 0, 5min, "Printer");
  EXPECT_EQ(state("c"), "ready 10") << "nobody else waits";
  EXPECT_EQ(balance("bakery"), 60);
  for (const char* key : {"a", "b"}) {
    EXPECT_EQ(row(key).entry_kind, "hold") << key;
    EXPECT_EQ(row(key).minutes, std::nullopt) << key;
    EXPECT_NE(row(key).steps_not_rated.value_or("").find("more than 8784:00:00"), std::string::npos) << key;
    expect_refused(key, "cannot be released: What is charged together with it cannot be charged as one.");
  }
  EXPECT_EQ(run(), 0) << "it does not go round and round";
  change("b", {.minutes = 30});
  run();
  EXPECT_EQ(balance("bakery"), apart);
  EXPECT_EQ(row("a").steps_not_rated, std::nullopt);
}

TEST_P(NotRatedTest, NoLeaveToGoBelowZeroChargesIt) {
  worked("a", kBakery, 0, kMonths, "Watched");
  worked("b", kBakery, 20, kMonths, "Watched too");
  const auto session = id("a");
  write([&](store::Transaction& t) {
    must(store::add_decision(
        t, {.session_id = session, .decided = clock_.now, .who = "mary", .released = "nothing_left"}));
  });
  join({"a", "b"});
  run();
  EXPECT_EQ(row("a").entry_kind, "hold");
  EXPECT_EQ(balance("bakery"), 60);
}

TEST_P(NotRatedTest, ABilledSeriesThatCouldNotBeRatedAnyMoreIsAskedAbout) {
  worked("a", kBakery, 0, kMonths, "Watched {25}");
  worked("b", kBakery, 20, kMonths, "Watched too");
  join({"a", "b"});
  run();
  const auto before = balance("bakery");
  bill("a");
  comes("Watched, for all of it", 0);
  EXPECT_EQ(waits("a"), "cannot_be_rated");
  expect_refused("a", "sessions adjust 1 --minutes N");
  EXPECT_EQ(balance("bakery"), before);
  worked("c", kLawyer, 0, 5min, "Printer");
  EXPECT_EQ(state("c"), "ready 10") << "nobody else waits";
}

// Each of the two comments alone says something that can be rated, both together do not.
class TwoComments : public NotRatedTest {
 protected:
  void SetUp() override {
    worked("a", kBakery, 0, kMonths, "Watched {25}");
    worked("b", kBakery, 20, kMonths, "Watched too {35}");
    join({"a", "b"});
    run();
    ASSERT_EQ(balance("bakery"), 0);
    bill("a");
    comes("Watched, for all of it", 0);
    comes("Watched too, for all of it", 20);
    ASSERT_EQ(waits("a"), "");
    ASSERT_EQ(waits("b"), "");
  }
  void adjust_b(std::int64_t minutes) {
    const auto session = id("b");
    write([&](store::Transaction& t) { must(adjust_session(t, mary(), session, {.minutes = minutes})); });
    run();
  }
  static constexpr std::int64_t kMonths_min = 288'010;  // What the rule makes of them.
};
INSTANTIATE_TEST_SUITE_P(On, TwoComments, testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(TwoComments, TheSecondOneThatIsReleasedIsAskedAboutAgain) {
  release("a");
  run();
  EXPECT_EQ(balance("bakery"), 25 - kMonths_min);
  release("b");
  run();
  EXPECT_EQ(waits("a"), "none");
  EXPECT_EQ(waits("b"), "cannot_be_rated");
  EXPECT_EQ(balance("bakery"), 25 - kMonths_min);
  EXPECT_EQ(run(), 0);
  adjust_b(40);
  EXPECT_EQ(waits("b"), "none");
  EXPECT_EQ(balance("bakery"), 20 - kMonths_min);
}

TEST_P(TwoComments, ReleasedAtOnceBothAreAskedAboutAgain) {
  release("a");
  release("b");
  run();
  EXPECT_EQ(waits("a"), "cannot_be_rated");
  EXPECT_EQ(waits("b"), "cannot_be_rated");
  EXPECT_EQ(balance("bakery"), 0);
  adjust_b(40);
  EXPECT_EQ(waits("b"), "none");
  EXPECT_EQ(balance("bakery"), 20 - kMonths_min) << "with the other one as it was released";
}

}  // namespace
}  // namespace collector::actions
