#include "collector/pipeline/fact.h"

#include <deskledger/v1/fact.pb.h>
#include <gtest/gtest.h>

#include "agent/seal/fact.h"
#include "collector/attribution/capture.h"

namespace collector::pipeline {
namespace {

TEST(FactTest, AnAgentsSnapshotComesBackInTheStoresNouns) {
  agent::session::Snapshot snapshot;
  snapshot.key = "key";
  snapshot.outcome = agent::session::Outcome::abandoned;
  snapshot.kind = agent::session::Kind::file_transfer;
  snapshot.remote_id = "Name@Space";
  snapshot.requested = timing::from_ms(1);
  snapshot.started = timing::from_ms(2);
  snapshot.last_seen = timing::from_ms(3);
  snapshot.end_reason = "gone";
  snapshot.clock_went_backwards = true;
  snapshot.anydesk_id = "410900001";
  const auto fact = read_fact(agent::seal::fact_of(snapshot, {.utc = {}, .boot_ms = 0, .utc_offset_min = 0}));
  ASSERT_TRUE(fact) << fact.error().message;
  const auto& row = std::get<store::SessionRow>(*fact);
  EXPECT_EQ(row.session_key, "key");
  EXPECT_EQ(row.outcome, "abandoned");
  EXPECT_EQ(row.kind, "file_transfer");
  EXPECT_EQ(row.remote_id, "name@space");
  EXPECT_EQ(row.requested, timing::from_ms(1));
  EXPECT_EQ(row.started, timing::from_ms(2));
  EXPECT_EQ(row.ended, std::nullopt);
  EXPECT_EQ(row.last_seen, timing::from_ms(3));
  EXPECT_EQ(row.end_reason, "gone");
  EXPECT_TRUE(row.clock_backwards);
  EXPECT_EQ(row.anydesk_id, "410900001");
}

TEST(FactTest, WhatAnAgentCouldNotProveComesBackInStoredWords) {
  using agent::session::Doubt;
  agent::session::Snapshot snapshot;
  snapshot.key = "key";
  snapshot.outcome = agent::session::Outcome::abandoned;
  snapshot.remote_id = "410100201";
  snapshot.witness = agent::session::Witness::window;
  snapshot.doubts = {Doubt::remote_id_typed, Doubt::pairing, Doubt::kind};
  snapshot.abandon_cause = agent::session::AbandonCause::log_off;
  snapshot.window_pid = 77;
  snapshot.reconnects = 3;
  const agent::seal::Observed observed{.utc = {}, .boot_ms = 0, .utc_offset_min = 0, .boot_id = "run"};
  const agent::seal::Measured measured{.duration_boot_ms = 60'000,
                                       .duration_boot_uncertainty_ms = 250,
                                       .clock_jumped = true,
                                       .over_length = true,
                                       .overnight = true};
  const auto body = agent::seal::fact_of(snapshot, observed, measured);
  const auto row = std::get<store::SessionRow>(read_fact(body).value());
  EXPECT_EQ(row.witness, "window");
  EXPECT_EQ(row.doubts, "remote_id_typed,pairing,kind");
  EXPECT_EQ(row.abandon_cause, "log_off");
  EXPECT_EQ(row.duration_boot_ms, 60'000);
  EXPECT_EQ(row.duration_boot_uncertainty_ms, 250);
  EXPECT_TRUE(row.clock_jumped && row.over_length && row.overnight);
  EXPECT_FALSE(row.remote_id_withheld);
  EXPECT_EQ(row.window_pid, 77);
  EXPECT_EQ(row.reconnects, 3);
  EXPECT_EQ(row.boot_id, "run");

  const auto withheld = std::get<store::SessionRow>(read_fact(agent::seal::without_remote_id(body)).value());
  EXPECT_TRUE(withheld.remote_id_withheld);
  EXPECT_EQ(withheld.remote_id, "");
}

// The words of both sides are the same, so that a person who reads both is not led astray.
TEST(FactTest, EveryWordOfTheAgentIsOneOfTheCollector) {
  agent::session::Snapshot snapshot;
  snapshot.key = "key";
  for (const auto cause : {agent::session::AbandonCause::crash, agent::session::AbandonCause::kill,
                           agent::session::AbandonCause::power, agent::session::AbandonCause::log_off,
                           agent::session::AbandonCause::replaced}) {
    snapshot.abandon_cause = cause;
    const auto row = std::get<store::SessionRow>(read_fact(agent::seal::fact_of(snapshot, {})).value());
    EXPECT_EQ(row.abandon_cause, agent::session::to_string(cause));
    EXPECT_EQ(attribution::to_string(attribution::abandon_cause_from(row.abandon_cause)), row.abandon_cause);
  }
  for (const auto doubt : {agent::session::Doubt::remote_id_typed, agent::session::Doubt::pairing,
                           agent::session::Doubt::kind}) {
    snapshot.doubts = {doubt};
    const auto row = std::get<store::SessionRow>(read_fact(agent::seal::fact_of(snapshot, {})).value());
    EXPECT_EQ(row.doubts, agent::session::to_string(doubt));
    EXPECT_EQ(attribution::to_string(attribution::doubts_from(row.doubts).at(0)), row.doubts);
  }
}

TEST(FactTest, AnOlderAgentsFactIsReadAndWhatItDidNotTellIsUnknown) {
  deskledger::v1::Fact fact;
  auto& session = *fact.mutable_session();
  session.set_session_key("key");
  session.set_outcome(deskledger::v1::OUTCOME_ABANDONED);
  const auto row = std::get<store::SessionRow>(read_fact(fact.SerializeAsString()).value());
  EXPECT_EQ(row.witness, "service") << "it read nothing else";
  EXPECT_EQ(row.doubts, "");
  EXPECT_EQ(row.abandon_cause, "");
  EXPECT_EQ(row.duration_boot_ms, std::nullopt);
  EXPECT_FALSE(row.clock_jumped || row.over_length || row.overnight || row.remote_id_withheld);
  EXPECT_EQ(row.boot_id, "");
}

TEST(FactTest, ANewerAgentsWordsAreNotLostFromSight) {
  deskledger::v1::Fact fact;
  auto& session = *fact.mutable_session();
  session.set_session_key("key");
  session.set_outcome(deskledger::v1::OUTCOME_ABANDONED);
  session.set_witness(static_cast<deskledger::v1::Witness>(9));
  session.add_doubts(static_cast<deskledger::v1::Doubt>(9));
  session.add_doubts(static_cast<deskledger::v1::Doubt>(10));
  session.set_abandon_cause(static_cast<deskledger::v1::AbandonCause>(9));
  const auto row = std::get<store::SessionRow>(read_fact(fact.SerializeAsString()).value());
  EXPECT_EQ(row.witness, "other");
  EXPECT_EQ(row.doubts, "other");
  EXPECT_EQ(row.abandon_cause, "");
}

TEST(FactTest, AGapComesBackWithWhereAndWhen) {
  const agent::seal::Gap gap{.source = "ad.trace",
                             .after_offset = 7,
                             .bytes_lost_min = 8,
                             .cause = "cut",
                             .from = timing::from_ms(5),
                             .to = timing::from_ms(6)};
  const auto fact =
      read_fact(agent::seal::fact_of(gap, {.utc = timing::from_ms(9), .boot_ms = 0, .utc_offset_min = 0}));
  ASSERT_TRUE(fact) << fact.error().message;
  const auto& row = std::get<store::GapRow>(*fact);
  EXPECT_EQ(row.source, "ad.trace");
  EXPECT_EQ(row.after_offset, 7);
  EXPECT_EQ(row.bytes_lost_min, 8);
  EXPECT_EQ(row.cause, "cut");
  EXPECT_EQ(row.observed, timing::from_ms(9));
  EXPECT_EQ(row.from, timing::from_ms(5));
  EXPECT_EQ(row.to, timing::from_ms(6));
}

TEST(FactTest, ACutFactIsNeverACrash) {
  agent::session::Snapshot snapshot;
  snapshot.key = "key";
  snapshot.remote_id = "410100201";
  const auto whole =
      agent::seal::fact_of(snapshot, {.utc = timing::from_ms(9), .boot_ms = 1, .utc_offset_min = 2});
  ASSERT_TRUE(read_fact(whole));
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const auto fact = read_fact(whole.substr(0, n));
    EXPECT_EQ(fact ? base::ErrorCode::corrupt : fact.error().code, base::ErrorCode::corrupt);
  }
}

}  // namespace
}  // namespace collector::pipeline
