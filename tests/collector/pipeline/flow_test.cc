// From sealed facts to the ledger: what a session costs whom, and what a second thought does.

#include "collector/store/directory.h"
#include "collector/store/ledger.h"
#include "collector/store/sessions.h"
#include "tests/collector/pipeline/office.h"

namespace collector::pipeline {
namespace {

OFFICE_SUITE(PipelineFlowTest);

using Minutes = std::vector<std::int64_t>;

TEST_P(PipelineFlowTest, BoughtTimeFallsAndOpenTimeRisesByExactlyTheCharges) {
  receive({completed("a", kBakery, at_min(0), 5min), completed("b", kLawyer, at_min(10), 25min),
           completed("c", kBakery, at_min(40), 10s)});
  comment(kBakery, at_min(0), "Printer");
  comment(kLawyer, at_min(10), "Mail");
  comment(kBakery, at_min(40), "Looked in");
  clock_.now = at_min(41);
  run();
  EXPECT_EQ(state("a"), "ready 10");
  EXPECT_EQ(state("b"), "ready 30");
  EXPECT_EQ(state("c"), "ready 0") << "not longer than what is free";
  EXPECT_EQ(balance("bakery"), 50);
  EXPECT_EQ(balance("lawyer"), 30);
  EXPECT_EQ(entries("a"), Minutes{-10});
  EXPECT_EQ(entries("b"), Minutes{30});
}

TEST_P(PipelineFlowTest, WhatTheCommentSaysIsDone) {
  const struct {
    std::string comment, state;
    Minutes entries;
  } table[] = {{"Printer", "ready 10", {-10}},
               {"1, Printer", "ready 10", {-10}},
               {"Printer #", "ready 0", {0}},
               {"Printer {25}", "ready 25", {-25}},
               {"Printer {0}", "ready 0", {0}},
               {"Printer ~", "review [\"hold\"]", {}},
               {"9, Printer", "review [\"unknown_technician\"]", {}},
               {"Printer {x}", "review [\"bad_override\"]", {}},
               {"", "review [\"no_description\"]", {}}};
  int n = 0;
  std::int64_t left = 60;
  for (const auto& one : table) {
    const auto key = "s" + std::to_string(n);
    const auto start = at_min(10 * n++);
    receive({completed(key, kBakery, start, 5min)});
    comment(kBakery, start, one.comment);
    clock_.now = start + 6min;
    run();
    EXPECT_EQ(state(key), one.state) << one.comment;
    EXPECT_EQ(entries(key), one.entries) << one.comment;
    for (const auto minutes : one.entries) left += minutes;
  }
  EXPECT_EQ(balance("bakery"), left);
}

TEST_P(PipelineFlowTest, WithoutACommentASessionWaitsThenAsksForAPerson) {
  receive({completed("a", kBakery, at_min(0), 5min)});
  clock_.now = at_min(6);
  run();
  EXPECT_EQ(state("a"), "pending_comment");
  clock_.now = at_min(20);  // The last instant of the wait.
  run();
  EXPECT_EQ(state("a"), "pending_comment");
  EXPECT_EQ(attributions("a"), 1u);
  clock_.now += 1ms;
  run();
  EXPECT_EQ(state("a"), "review [\"no_comment\"]");
  EXPECT_EQ(balance("bakery"), 60);
  comment(kBakery, at_min(0) + 30s, "Printer");
  clock_.now = at_min(90);
  run();
  EXPECT_EQ(state("a"), "ready 10");
  EXPECT_EQ(balance("bakery"), 50);
}

TEST_P(PipelineFlowTest, AnUnknownTerminalIsChargedOnceSomebodyImportsIt) {
  receive({completed("a", kStranger, at_min(0), 5min)});
  comment(kStranger, at_min(0), "Printer");
  clock_.now = at_min(6);
  run();
  EXPECT_EQ(state("a"), "review [\"unknown_terminal\"]");
  add_terminal("bakery", kStranger);
  run();
  EXPECT_EQ(state("a"), "ready 10");
  EXPECT_EQ(balance("bakery"), 50);
}

TEST_P(PipelineFlowTest, AnotherCommentIsACorrectionNotAnEdit) {
  receive({completed("a", kBakery, at_min(0), 5min)});
  comment(kBakery, at_min(0), "Printer");
  clock_.now = at_min(6);
  run();
  comment(kBakery, at_min(0), "Printer {25}");
  run();
  EXPECT_EQ(entries("a"), (Minutes{-10, 10, -25}));
  EXPECT_EQ(balance("bakery"), 35);
  comment(kBakery, at_min(0), "Printer ~");
  run();
  EXPECT_EQ(entries("a"), (Minutes{-10, 10, -25, 25}));
  EXPECT_EQ(balance("bakery"), 60);
  comment(kBakery, at_min(0), "Printer at last");
  run();
  EXPECT_EQ(entries("a"), (Minutes{-10, 10, -25, 25, -10}));
  EXPECT_EQ(balance("bakery"), 50);
}

TEST_P(PipelineFlowTest, ACommentThatChangesNothingMakesNoEntry) {
  receive({completed("a", kBakery, at_min(0), 5min)});
  comment(kBakery, at_min(0), "Printer");
  clock_.now = at_min(6);
  run();
  comment(kBakery, at_min(0), "Printer, new toner");
  run();
  EXPECT_EQ(entries("a"), Minutes{-10});
  EXPECT_EQ(row("a").text, "Printer, new toner");
  EXPECT_EQ(attributions("a"), 2u);
  EXPECT_EQ(run(), 0) << "nothing is left to do";
  comment(kBakery, at_min(0), "Printer {25}");
  run();
  EXPECT_EQ(entries("a"), (Minutes{-10, 10, -25})) << "the entry in force is reversed";
}

TEST_P(PipelineFlowTest, AnAliasIsOneWhateverItsCase) {
  add_terminal("bakery", "till@bakery");
  receive({completed("a", "Till@Bakery", at_min(0), 5min)});
  comment("till@bakery", at_min(0), "Printer");
  clock_.now = at_min(6);
  run();
  EXPECT_EQ(state("a"), "ready 10");
}

TEST_P(PipelineFlowTest, AReconnectionDoesNotTakeTheCommentOfTheSessionBefore) {
  receive({completed("a", kBakery, at_s(0), 40s), completed("b", kBakery, at_s(60), 5min)});
  comment(kBakery, at_s(1), "First {5}");
  clock_.now = at_min(6) + 10min;
  run();
  EXPECT_EQ(state("a"), "ready 5");
  EXPECT_EQ(state("b"), "pending_comment");
  comment(kBakery, at_s(61), "Second {7}");
  run();
  EXPECT_EQ(state("b"), "ready 7");
  EXPECT_EQ(balance("bakery"), 48);
}

TEST_P(PipelineFlowTest, MoreSessionsThanOneStepTakes) {
  std::vector<agent::session::Snapshot> facts;
  for (int i = 0; i < 250; ++i)
    facts.push_back(completed("s" + std::to_string(i), kLawyer, at_min(10 * i), 5min));
  receive(facts);
  for (int i = 0; i < 250; ++i) comment(kLawyer, at_min(10 * i), "Work");
  clock_.now = at_min(2'500);
  run();
  EXPECT_EQ(balance("lawyer"), 2'500);
  EXPECT_EQ(run(), 0);
}

}  // namespace
}  // namespace collector::pipeline
