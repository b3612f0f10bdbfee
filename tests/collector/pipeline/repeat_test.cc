// Killed and run again at any point, the pipeline gives the same rows.

#include <algorithm>
#include <random>

#include "tests/collector/pipeline/office.h"

namespace collector::pipeline {
namespace {

class PipelineRepeatTest : public OfficeTest {
 protected:
  // A day's work: what arrives, in the order of each source.
  void arrive(int n) {
    const auto first = completed("a", kBakery, at_min(0), 5min);
    const auto second = completed("b", kLawyer, at_min(20), 25min);
    const auto third = completed("c", kStranger, at_min(60), 5min);
    const auto fourth = completed("d", kBakery, at_min(80), 5min);
    switch (n) {
      case 0: receive({active(first)}); break;
      case 1: receive({first}); break;
      case 2: comment(kBakery, at_min(0), "Printer"); break;
      case 3: receive({active(second), second, third}); break;
      case 4: comment(kLawyer, at_min(20), "Mail"); break;
      case 5: comment(kStranger, at_min(60), "Unknown"); break;
      case 6: receive({fourth}); break;
      case 7: comment(kBakery, at_min(0), "Printer, longer {25}"); break;
      case 8: add_terminal("bakery", kStranger); break;
      case 9: comment(kBakery, at_min(80), "Held ~"); break;
      case 10: receive({active(first), first, second}, 2); break;
      default: break;
    }
  }
  static constexpr int kArrivals = 11;

  void finish() {
    clock_.now = at_min(3'000);
    run();
    clock_.now = at_min(3'061);  // The last window closes.
    run();
  }
  void expect_the_end() {
    const Summary end{.sessions = {"a completed ready 25 Printer, longer bakery's contract posted",
                                   "b completed ready 30 Mail lawyer's contract posted",
                                   "c completed ready 10 Unknown bakery's contract posted",
                                   "d completed review [\"hold\"] Held bakery's contract not posted"},
                      .balances = {"bakery 25", "lawyer 30", "silent 60", "quiet 60"},
                      .told = {"a told 25", "b told 30", "c told 10"}};
    auto found = summary();
    // Of the first comment it depends on when the steps ran whether it came to a mail; nothing is told twice.
    if (std::ranges::count(found.told, "a told 10") == 1) std::erase(found.told, "a told 10");
    EXPECT_EQ(found.sessions, end.sessions);
    EXPECT_EQ(found.balances, end.balances);
    EXPECT_EQ(found.told, end.told);
    EXPECT_EQ(run(), 0);
  }
};
INSTANTIATE_TEST_SUITE_P(On, PipelineRepeatTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(PipelineRepeatTest, AllAtOnce) {
  for (int n = 0; n < kArrivals; ++n) arrive(n);
  finish();
  expect_the_end();
}

TEST_P(PipelineRepeatTest, EachStepKilledOnceBeforeItSucceeds) {
  for (int n = 0; n < kArrivals; ++n) {
    arrive(n);
    clock_.now = at_min(90 + n);
    while (step(true) != Step::none) {
      const auto before = summary();
      step(true);
      EXPECT_EQ(summary(), before) << "a killed step leaves nothing";
      step();
    }
  }
  finish();
  expect_the_end();
}

TEST_P(PipelineRepeatTest, AnyInterleavingOfArrivalsAndSteps) {
  std::mt19937 random{20261116};
  for (int n = 0; n < kArrivals; ++n) {
    arrive(n);
    clock_.now = at_min(90 + n * 20);
    for (auto steps = random() % 4; steps > 0; --steps) step(random() % 2 == 0);
  }
  finish();
  expect_the_end();
}

TEST_P(PipelineRepeatTest, StepsOutOfTheirOrderToo) {
  std::mt19937 random{7};
  for (int n = 0; n < kArrivals; ++n) {
    arrive(n);
    clock_.now = at_min(90 + n * 20);
    for (auto steps = random() % 6; steps > 0; --steps) {
      // Begin behind any step: a later one may run although an earlier has something to do.
      step(random() % 3 == 0, static_cast<Step>(random() % 4));
    }
  }
  finish();
  expect_the_end();
}

}  // namespace
}  // namespace collector::pipeline
