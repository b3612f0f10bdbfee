#include "collector/actions/session_change.h"

#include "collector/store/changes.h"
#include "collector/store/decisions.h"
#include "tests/collector/actions/desk_office.h"

namespace collector::actions {
namespace {

DESK_OFFICE_SUITE(SessionChangeTest);

TEST_P(SessionChangeTest, ChangedUntilTheNextRunWhichReversesAndPostsAnew) {
  worked("a", kBakery, 0, 5min, "Printer");
  EXPECT_EQ(state("a"), "ready 10");
  SessionChange minutes;
  minutes.minutes = 25;
  change("a", minutes);
  EXPECT_TRUE(row("a").changed);
  EXPECT_EQ(balance("bakery"), 50);
  run();
  EXPECT_FALSE(row("a").changed);
  EXPECT_EQ(state("a"), "ready 25");
  EXPECT_EQ(entries("a"), (std::vector<std::int64_t>{-10, 10, -25}));
  EXPECT_EQ(balance("bakery"), 35);
  EXPECT_EQ(run(), 0) << "and then nothing more";
}

TEST_P(SessionChangeTest, WhatIsUnderReviewIsChargedAndTold) {
  worked("a", kStranger, 0, 5min, "Printer");
  EXPECT_EQ(state("a"), "review [\"unknown_terminal\"]");
  SessionChange customer;
  customer.customer = "bakery";
  change("a", customer);
  run();
  EXPECT_EQ(state("a"), "ready 10");
  clock_.now += 61min;
  run();
  ASSERT_EQ(inbox_->mails.size(), 1u);
  EXPECT_NE(inbox_->mails[0].find("Printer"), std::string::npos);
}

TEST_P(SessionChangeTest, EveryFieldThroughThePipeline) {
  write([&](store::Transaction& t) {
    must(store::upsert_technician(t, {.id = 0, .number = 2, .name = "Bill", .email = "", .active = true}));
    must(store::bump_directory_version(t));
  });
  worked("a", kBakery, 0, 25min, "Printer");
  SessionChange all;
  all.technician = 2;
  all.customer = "lawyer";
  all.contract = "lawyer's contract";
  all.comment = "Scanner";
  all.work_type = "travel";
  change("a", all);
  run();
  const auto found = row("a");
  EXPECT_EQ(found.technician_name, "Bill");
  EXPECT_EQ(found.technician_rule, "manual");
  EXPECT_EQ(found.customer_code, "lawyer");
  EXPECT_EQ(found.contract_name, "lawyer's contract");
  EXPECT_EQ(found.text, "Scanner");
  EXPECT_EQ(found.work_type, "travel");
  EXPECT_EQ(balance("bakery"), 60);
  EXPECT_EQ(balance("lawyer"), 30);

  SessionChange back;
  back.reset = resettable();
  change("a", back);
  run();
  EXPECT_EQ(row("a").text, "Printer") << "what was captured and written is still there";
  EXPECT_EQ(row("a").technician_name, "Anna");
  EXPECT_EQ(balance("bakery"), 30);
  EXPECT_EQ(balance("lawyer"), 0);
}

TEST_P(SessionChangeTest, NoChargeAndBackAgain) {
  worked("a", kBakery, 0, 5min, "Printer #");
  EXPECT_EQ(state("a"), "ready 0");
  SessionChange charge;
  charge.no_charge = false;
  change("a", charge);
  run();
  EXPECT_EQ(state("a"), "ready 10");
  SessionChange nothing;
  nothing.no_charge = true;
  change("a", nothing);
  run();
  EXPECT_EQ(state("a"), "ready 0");
  EXPECT_EQ(balance("bakery"), 60);
}

TEST_P(SessionChangeTest, AStatedEndOfAnAbandonedSession) {
  auto fact = completed("a", kBakery, at_min(0), 5min);
  fact.outcome = agent::session::Outcome::abandoned;
  fact.ended = {};
  receive({fact});
  comment(kBakery, at_min(0), "Printer");
  clock_.now = at_min(60);
  run();
  EXPECT_EQ(state("a"), "review [\"no_end_seen\"]");
  SessionChange end;
  end.ended = at_min(25);
  change("a", end);
  run();
  EXPECT_EQ(state("a"), "ready 30");
  EXPECT_EQ(row("a").stated_end, at_min(25));
  clock_.now += 61min;
  run();
  ASSERT_EQ(inbox_->mails.size(), 1u);
  EXPECT_NE(inbox_->mails[0].find("08:00"), std::string::npos) << inbox_->mails[0];

  // The end comes after all: it is the one that counts.
  receive({completed("a", kBakery, at_min(0), 5min)}, 2);
  run();
  EXPECT_EQ(state("a"), "ready 10");
}

TEST_P(SessionChangeTest, WaitingForACommentWithAStatedEndComesToAnEnd) {
  auto fact = completed("a", kBakery, at_min(0), 5min);
  fact.outcome = agent::session::Outcome::abandoned;
  fact.ended = {};
  receive({fact});
  clock_.now = at_min(20);
  run();
  SessionChange end;
  end.ended = at_min(15);
  change("a", end);
  run();
  EXPECT_EQ(state("a"), "pending_comment");
  clock_.now = at_min(31);
  run();
  EXPECT_EQ(state("a"), "review [\"no_comment\"]");
}

struct Refusal {
  const char* name;
  SessionChange change;
  base::ErrorCode code;
  const char* message;
};

TEST_P(SessionChangeTest, WhatCannotBeIsRefusedWithFieldValueAndReason) {
  worked("a", kBakery, 0, 5min, "Printer");
  worked("n", kStranger, 20, 5min, "Nobody's");
  using base::ErrorCode;
  std::vector<Refusal> table;
  const auto add = [&](const char* name, ErrorCode code, const char* message) -> SessionChange& {
    return table.emplace_back(Refusal{.name = name, .change = {}, .code = code, .message = message}).change;
  };
  add("nothing", ErrorCode::conflict, "nothing of session");
  add("technician", ErrorCode::invalid_argument, "technician '7': there is no such number").technician = 7;
  add("customer", ErrorCode::invalid_argument, "customer 'who': there is no such code").customer = "who";
  add("terminal", ErrorCode::invalid_argument, "terminal '1': the customer has no such address").terminal =
      "1";
  add("contract", ErrorCode::invalid_argument, "contract 'x': the customer has none of that name").contract =
      "x";
  add("minutes", ErrorCode::invalid_argument, "minutes '1441': 0 to 1440").minutes = 1441;
  add("minutes below zero", ErrorCode::invalid_argument, "minutes '-1': 0 to 1440").minutes = -1;
  auto& both = add("both", ErrorCode::invalid_argument, "contradict each other");
  both.minutes = 1;
  both.no_charge = true;
  add("end", ErrorCode::invalid_argument, "it ended at 2026-11-16T08:05:00").ended = at_min(9);
  add("start", ErrorCode::invalid_argument, "it started at 2026-11-16T08:00:00").started = at_min(9);
  add("work type", ErrorCode::invalid_argument, "work type '': 1 to 60 characters").work_type = "";
  add("reset", ErrorCode::invalid_argument, "reset 'mood'").reset = {"mood"};
  for (const auto& one : table) {
    const auto session = id("a");
    EXPECT_EQ(refused([&](store::Transaction& t) {
                return change_session(t, mary(), session, one.change, store::utc_start_of_day);
              }),
              one.code)
        << one.name;
    EXPECT_NE(message_.find(one.message), std::string::npos) << one.name << ": " << message_;
  }
  SessionChange contract;
  contract.contract = "bakery's contract";
  const auto nobody = id("n"), session = id("a");
  EXPECT_EQ(refused([&](store::Transaction& t) {
              return change_session(t, mary(), nobody, contract, store::utc_start_of_day);
            }),
            ErrorCode::invalid_argument);
  EXPECT_NE(message_.find("name the customer, too"), std::string::npos) << message_;
  SessionChange minutes;
  minutes.minutes = 5;
  EXPECT_EQ(refused([&](store::Transaction& t) {
              return change_session(t, mary(""), session, minutes, store::utc_start_of_day);
            }),
            ErrorCode::invalid_argument);
  EXPECT_NE(message_.find("--reason"), std::string::npos) << message_;
  EXPECT_EQ(run(), 0) << "and nothing of it was written";
}

TEST_P(SessionChangeTest, AStatedEndIsHeldAgainstStartAndNow) {
  auto fact = completed("a", kBakery, at_min(60), 5min);
  fact.outcome = agent::session::Outcome::abandoned;
  fact.ended = {};
  receive({fact});
  clock_.now = at_min(90);
  run();
  const auto session = id("a");
  for (const auto& [minute, message] : {std::pair{59, "it started at"}, std::pair{91, "still to come"}}) {
    SessionChange end;
    end.ended = at_min(minute);
    EXPECT_EQ(refused([&](store::Transaction& t) {
                return change_session(t, mary(), session, end, store::utc_start_of_day);
              }),
              base::ErrorCode::invalid_argument);
    EXPECT_NE(message_.find(message), std::string::npos) << message_;
  }
}

TEST_P(SessionChangeTest, AContractOutOfForceOnThatDayIsRefused) {
  const auto owner = customer_id("bakery");
  write([&](store::Transaction& t) {
    directory::Contract old;
    old.customer_id = owner;
    old.name = "Old";
    old.template_id = must(store::find_template(t, "standard")).id;
    old.start_day = std::chrono::year{2025} / 1 / 1;
    old.end_day = std::chrono::year{2025} / 12 / 31;
    must(store::upsert_contract(t, old));
    must(store::bump_directory_version(t));
  });
  worked("a", kBakery, 0, 5min, "Printer");
  const auto session = id("a");
  SessionChange contract;
  contract.contract = "Old";
  EXPECT_EQ(refused([&](store::Transaction& t) {
              return change_session(t, mary(), session, contract, store::utc_start_of_day);
            }),
            base::ErrorCode::invalid_argument);
  EXPECT_NE(message_.find("it was not in force on 2026-11-16"), std::string::npos) << message_;
}

TEST_P(SessionChangeTest, ActiveAttemptedBilledAndUnknownAreRefused) {
  receive({pipeline::active(completed("running", kBakery, at_min(0), 5min))});
  auto attempt = completed("attempt", kBakery, at_min(10), 5min);
  attempt.outcome = agent::session::Outcome::failed;
  attempt.started = {};
  receive({attempt});
  worked("billed", kBakery, 20, 5min, "Printer");
  bill("billed");
  const std::map<std::string, std::string> table{
      {"running", " is in progress: it can be changed when it has ended"},
      {"attempt", " is an attempt that never became a session"},
      {"billed", " is billed with INV-7 and frozen: only an adjustment can correct it"}};
  SessionChange minutes;
  minutes.minutes = 25;
  for (const auto& [key, message] : table) {
    const auto session = id(key);
    EXPECT_EQ(refused([&](store::Transaction& t) {
                return change_session(t, mary(), session, minutes, store::utc_start_of_day);
              }),
              base::ErrorCode::conflict);
    EXPECT_NE(message_.find(message), std::string::npos) << message_;
  }
  EXPECT_EQ(refused([&](store::Transaction& t) {
              return change_session(t, mary(), 999, minutes, store::utc_start_of_day);
            }),
            base::ErrorCode::not_found);
}

TEST_P(SessionChangeTest, ABilledSessionStaysAsItIsWhateverComesLate) {
  worked("a", kBakery, 0, 5min, "Printer");
  bill("a");
  EXPECT_TRUE(read([&](store::Transaction& t) { return must(store::is_billed(t, 1)); }));
  comment(kBakery, at_min(0), "Printer, longer {25}");
  clock_.now += 10min;
  run();
  EXPECT_EQ(state("a"), "ready 10");
  EXPECT_EQ(run(), 0);
  EXPECT_EQ(row("a").document, "INV-7");
}

TEST_P(SessionChangeTest, EveryDecisionIsALinkOfTheChain) {
  worked("a", kBakery, 0, 5min, "Printer");
  SessionChange minutes;
  minutes.minutes = 25;
  change("a", minutes, "as agreed");
  SessionChange nothing;
  nothing.no_charge = true;
  change("a", nothing, "a gift");
  const auto changes = read([](store::Transaction& t) { return must(store::list_changes(t, {})); });
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[1].change.who, "mary");
  EXPECT_EQ(changes[1].change.object, "session");
  EXPECT_EQ(changes[1].change.before, "");
  EXPECT_EQ(changes[1].change.after, R"({"charge_min":25})");
  EXPECT_EQ(changes[1].change.why, "as agreed");
  EXPECT_EQ(changes[0].change.before, R"({"charge_min":25})");
  EXPECT_EQ(changes[0].change.after, R"({"no_charge":true})");
  const auto decisions = read([&](store::Transaction& t) { return must(store::decisions_of(t, 1)); });
  ASSERT_EQ(decisions.size(), 2u);
  EXPECT_EQ(decisions[1].number, 2);
}

TEST_P(SessionChangeTest, KilledAtAnyStepItEndsTheSame) {
  worked("a", kBakery, 0, 5min, "Printer");
  worked("b", kStranger, 20, 5min, "Somewhere");
  SessionChange minutes;
  minutes.minutes = 25;
  change("a", minutes);
  SessionChange customer;
  customer.customer = "lawyer";
  change("b", customer);
  for (auto due = step(true); due != pipeline::Step::none; due = step(true)) {
    const auto before = summary();
    EXPECT_EQ(step(true), due);
    EXPECT_EQ(summary(), before);
    step();
  }
  EXPECT_EQ(state("a"), "ready 25");
  EXPECT_EQ(state("b"), "ready 10");
  EXPECT_EQ(balance("bakery"), 35);
  EXPECT_EQ(balance("lawyer"), 10);
}

}  // namespace
}  // namespace collector::actions
