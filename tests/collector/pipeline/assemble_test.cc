// From records to sessions: what old, repeated and unreadable facts do.

#include <deskledger/v1/fact.pb.h>

#include <limits>

#include "collector/store/agents.h"
#include "collector/store/sessions.h"
#include "tests/collector/pipeline/office.h"
#include "tests/collector/store/small_world.h"

namespace collector::pipeline {
namespace {

namespace wire = deskledger::v1;
OFFICE_SUITE(PipelineAssembleTest);

TEST_P(PipelineAssembleTest, ASessionGrowsWithItsSnapshots) {
  const auto done = completed("a", kBakery, at_min(0), 5min);
  auto requested = active(done);
  requested.started = {};
  receive({requested});
  run();
  EXPECT_EQ(row("a").session.outcome, "active");
  EXPECT_EQ(row("a").session.workstation, "anna-pc");
  EXPECT_EQ(row("a").session.started, std::nullopt);
  receive({active(done)});
  run();
  EXPECT_EQ(row("a").session.started, at_min(0));
  EXPECT_EQ(state("a"), "none");
  receive({done});
  run();
  EXPECT_EQ(row("a").session.outcome, "completed");
  EXPECT_EQ(row("a").session.ended, at_min(5));
  EXPECT_EQ(row("a").session.revision, 3);
}

TEST_P(PipelineAssembleTest, AnOldFactChangesNothing) {
  const auto done = completed("a", kBakery, at_min(0), 5min);
  auto requested = active(done);
  requested.started = {};
  auto abandoned = active(done);
  abandoned.outcome = agent::session::Outcome::abandoned;
  abandoned.last_seen = at_min(4);
  comment(kBakery, at_min(0), "Work");
  receive({done});
  clock_.now = at_min(6);
  run();
  const auto before = summary();
  EXPECT_EQ(state("a"), "ready 10");
  std::uint32_t epoch = 1;
  for (const auto& old : {requested, active(done), abandoned, done}) {
    receive({old}, ++epoch);
    run();
    EXPECT_EQ(summary(), before);
    EXPECT_EQ(row("a").session.revision, 1);
  }
  EXPECT_EQ(attributions("a"), 1u);
}

TEST_P(PipelineAssembleTest, ANewEpochThatTellsEverythingAgainChangesNothing) {
  std::vector<agent::session::Snapshot> story;
  for (int i = 0; i < 5; ++i) {
    const auto done = completed("s" + std::to_string(i), kBakery, at_min(10 * i), 5min);
    story.push_back(active(done));
    story.push_back(done);
    comment(kBakery, at_min(10 * i), "Work");
  }
  receive(story);
  clock_.now = at_min(400);
  run();
  clock_.now = at_min(500);
  run();
  const auto before = summary();
  const auto told = inbox_->mails.size();
  for (const auto& fact : story) {
    receive({fact}, 2);
    run();
    EXPECT_EQ(summary(), before);
  }
  clock_.now = at_min(4'000);
  run();
  EXPECT_EQ(summary(), before);
  EXPECT_EQ(inbox_->mails.size(), told);
}

TEST_P(PipelineAssembleTest, ALaterTruthReplacesAnEarlierOne) {
  auto abandoned = active(completed("a", kBakery, at_min(0), 5min));
  abandoned.outcome = agent::session::Outcome::abandoned;
  receive({abandoned});
  comment(kBakery, at_min(0), "Work");
  clock_.now = at_min(6);
  run();
  EXPECT_EQ(state("a"), "review [\"no_end_seen\"]");
  receive({completed("a", kBakery, at_min(0), 15min)});
  clock_.now = at_min(16);
  run();
  EXPECT_EQ(state("a"), "ready 20");
  receive({completed("a", kBakery, at_min(0), 5min)});
  run();
  EXPECT_EQ(state("a"), "ready 10") << "of two that know the same the newer holds";
  EXPECT_EQ(balance("bakery"), 50);
}

TEST_P(PipelineAssembleTest, AReadingWithoutAClockDoesNotReplaceOneWithIt) {
  const auto done = completed("a", kBakery, at_min(0), 5min);
  comment(kBakery, at_min(0), "Work");
  const agent::seal::Observed observed{.utc = at_min(5), .boot_ms = 1, .utc_offset_min = 0, .boot_id = "run"};
  const agent::seal::Measured measured{.duration_boot_ms = 290'000, .clock_jumped = true};
  receive_bodies({agent::seal::fact_of(done, observed, measured)});
  clock_.now = at_min(6);
  run();
  EXPECT_EQ(state("a"), "review [\"clock_jumped\",\"durations_differ\"]");
  // The agent lost its outbox and reads the whole trace again.
  receive({done}, 2);
  run();
  EXPECT_EQ(state("a"), "review [\"clock_jumped\",\"durations_differ\"]");
  EXPECT_EQ(row("a").session.duration_boot_ms, 290'000);
  EXPECT_EQ(attributions("a"), 1u);
  // The same agent learns more of the same session, after a restart: it is news, and the measurement still
  // holds.
  auto named = done;
  named.end_reason = "the other side hung up";
  receive({named}, 2);
  run();
  EXPECT_EQ(row("a").session.end_reason, "the other side hung up");
  EXPECT_EQ(row("a").session.duration_boot_ms, 290'000);
  // Another end is another length, which nobody measured.
  receive({completed("a", kBakery, at_min(0), 4min)}, 2);
  run();
  EXPECT_EQ(row("a").session.duration_boot_ms, std::nullopt);
  EXPECT_EQ(state("a"), "ready 10");
}

TEST_P(PipelineAssembleTest, AWithheldIdIsListedAndNeverCharged) {
  const auto body = agent::seal::without_remote_id(agent::seal::fact_of(
      completed("a", kBakery, at_min(0), 5min), {.utc = at_min(5), .boot_ms = 1, .utc_offset_min = 0}));
  comment(kBakery, at_min(0), "Work");
  receive_bodies({body});
  clock_.now = at_min(6);
  run();
  EXPECT_EQ(state("a"), "review [\"remote_id_withheld\"]");
  clock_.now = at_min(600);
  run();
  EXPECT_EQ(state("a"), "review [\"remote_id_withheld\"]");
  EXPECT_TRUE(entries("a").empty());
  EXPECT_EQ(balance("bakery"), 60);
}

TEST_P(PipelineAssembleTest, OneUnreadableRecordBlocksNothing) {
  wire::Fact fact;
  fact.mutable_session()->set_session_key("bad");
  fact.mutable_session()->set_outcome(wire::OUTCOME_COMPLETED);
  const std::string nul("a\0b", 3);
  std::vector<std::string> bodies{"", "no fact", wire::Fact{}.SerializeAsString()};
  const auto bad = [&](auto change) {
    auto one = fact;
    change(*one.mutable_session());
    bodies.push_back(one.SerializeAsString());
  };
  bad([](auto& s) { s.set_session_key(""); });
  bad([](auto& s) { s.set_session_key(std::string(501, 'k')); });
  bad([&](auto& s) { s.set_session_key(nul); });
  bad([](auto& s) { s.set_remote_id(std::string(501, 'k')); });
  bad([&](auto& s) { s.set_remote_id(nul); });
  bad([](auto& s) { s.set_anydesk_id(std::string(501, 'k')); });
  bad([&](auto& s) { s.set_anydesk_id(nul); });
  bad([&](auto& s) { s.set_end_reason(nul); });
  bad([](auto& s) { s.set_outcome(static_cast<wire::Outcome>(99)); });
  bad([](auto& s) { s.set_duration_boot_ms(-1); });
  bad([](auto& s) { s.set_duration_boot_ms(std::numeric_limits<std::int64_t>::min()); });
  bad([](auto& s) { s.set_duration_boot_ms(std::numeric_limits<std::int64_t>::max()); });
  auto boot = fact;
  boot.set_boot_id(nul);
  bodies.push_back(boot.SerializeAsString());
  for (const std::int64_t ms :
       {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}, std::int64_t{253'402'300'800'000},
        std::numeric_limits<std::int64_t>::max()}) {
    bad([&](auto& s) { s.set_requested_utc_ms(ms); });
    bad([&](auto& s) { s.set_started_utc_ms(ms); });
    bad([&](auto& s) { s.set_ended_utc_ms(ms); });
    bad([&](auto& s) { s.set_last_seen_utc_ms(ms); });
  }
  wire::Fact gap;
  gap.mutable_gap()->set_source(nul);
  bodies.push_back(gap.SerializeAsString());
  gap.mutable_gap()->set_source("ad.trace");
  gap.mutable_gap()->set_after_offset(std::numeric_limits<std::uint64_t>::max());
  bodies.push_back(gap.SerializeAsString());
  gap.mutable_gap()->set_after_offset(0);
  gap.mutable_gap()->set_from_utc_ms(-1);
  bodies.push_back(gap.SerializeAsString());
  gap.mutable_gap()->clear_from_utc_ms();
  gap.mutable_gap()->set_to_utc_ms(253'402'300'800'000);
  bodies.push_back(gap.SerializeAsString());
  gap.mutable_gap()->clear_to_utc_ms();
  gap.set_observed_utc_ms(std::numeric_limits<std::int64_t>::min());
  bodies.push_back(gap.SerializeAsString());
  // Invalid UTF-8: Protobuf refuses to write it, so the bytes of a good one are changed.
  auto utf8 = fact;
  utf8.mutable_session()->set_end_reason("xyz");
  auto bytes = utf8.SerializeAsString();
  bytes.replace(bytes.find("xyz"), 3, "\xff\xfe\xfd");
  bodies.push_back(bytes);
  const auto bad_bodies = bodies.size();

  gap.set_observed_utc_ms(1);
  bodies.push_back(gap.SerializeAsString());
  bodies.push_back(fact.SerializeAsString());
  // An empty body never comes from the wire.
  bodies.erase(bodies.begin());
  receive_bodies(bodies);
  run();
  const auto oddities = read([](store::Transaction& t) { return must(store::count_oddities(t)); });
  ASSERT_EQ(oddities.size(), 1u);
  EXPECT_EQ(oddities[0].undecoded, static_cast<std::int64_t>(bad_bodies) - 1);
  EXPECT_EQ(oddities[0].gaps, 1);
  EXPECT_EQ(row("bad").session.outcome, "completed");
}

// The widest times a fact may have go through every step.
TEST_P(PipelineAssembleTest, TheEndsOfTimeBlockNothing) {
  wire::Fact fact;
  auto& session = *fact.mutable_session();
  session.set_session_key("wide");
  session.set_outcome(wire::OUTCOME_COMPLETED);
  session.set_remote_id(kBakery);
  session.set_started_utc_ms(0);
  session.set_ended_utc_ms(253'402'300'799'999);
  session.set_duration_boot_ms(253'402'300'799'999);
  session.set_duration_boot_uncertainty_ms(std::numeric_limits<std::uint32_t>::max());
  session.set_reconnects(std::numeric_limits<std::uint32_t>::max());
  session.set_window_pid(std::numeric_limits<std::uint32_t>::max());
  receive_bodies({fact.SerializeAsString()});
  comment(kBakery, timing::from_ms(0), "Work");
  run();
  EXPECT_NE(state("wide").find("too_long"), std::string::npos) << state("wide");
}

// The folder was lost, or the machine installed anew: AnyDesk's trace is read again under another agent's
// name.
class EnrolledAgainTest : public OfficeTest {
 protected:
  void begin() {
    receive({first_});
    comment(kBakery, at_min(0), "Printer");
    clock_.now = at_min(3'000);
    run();
  }
  // From now on facts are this agent's.
  void enrol_another(const std::string& workstation, std::optional<std::string> replaces, bool other_lives) {
    if (other_lives) {
      write([&](store::Transaction& t) { must(store::touch_last_seen(t, agent_id_, at_min(99'999))); });
    }
    agent_id_ = std::string(15, '\0') + '\x02';
    write([&](store::Transaction& t) {
      const auto token = must(store::create_token(
          t,
          {.secret_hash = "again", .workstation = "anna-pc", .created = at_min(-9), .expires = at_min(9)}));
      auto agent = store::agent_row(token, agent_id_);
      agent.workstation = workstation;
      agent.replaces = std::move(replaces);
      must(store::enrol(t, agent));
    });
  }
  agent::session::Snapshot first_ = completed("a", kBakery, at_min(0), 5min);
};
INSTANTIATE_TEST_SUITE_P(On, EnrolledAgainTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(EnrolledAgainTest, TellsNothingTwice) {
  begin();
  const auto before = balance("bakery");
  enrol_another("anna-pc-2", std::nullopt, false);
  receive({active(first_), first_, completed("b", kBakery, at_min(60), 5min)}, 2);
  run();
  EXPECT_EQ(balance("bakery"), before);
  EXPECT_EQ(summary().sessions.size(), 2U) << "the one it told before, and its new one";
}

TEST_P(EnrolledAgainTest, ASuccessorGoesOnWithAnOpenSession) {
  receive({active(first_)});
  run();
  enrol_another("anna-pc", agent_id_, true);
  receive({first_}, 2);
  run();
  ASSERT_EQ(summary().sessions.size(), 1U);
  EXPECT_EQ(row("a").session.outcome, "completed");
}

TEST_P(EnrolledAgainTest, ALivingStrangerChangesNothing) {
  receive({active(first_)});
  run();
  enrol_another("other-pc", std::nullopt, true);
  receive({first_}, 2);
  run();
  ASSERT_EQ(summary().sessions.size(), 1U);
  EXPECT_EQ(row("a").session.outcome, "active") << "whose session it is tells how it ended";
}

TEST_P(EnrolledAgainTest, WhatDiffersIsAnotherSession) {
  begin();
  const auto before = balance("bakery");
  enrol_another("other-pc", std::nullopt, false);
  receive({completed("a", kBakery, at_min(1), 55min)}, 2);
  run();
  EXPECT_EQ(balance("bakery"), before) << "nobody knows whose it is: no support point has that workstation";
  EXPECT_EQ(summary().sessions.size(), 2U);
}

}  // namespace
}  // namespace collector::pipeline
