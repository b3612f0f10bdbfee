#include "agent/seal/fact.h"

#include <deskledger/v1/fact.pb.h>
#include <gtest/gtest.h>

#include "common/base/utf8.h"
#include "common/record/limits.h"

namespace {

using agent::seal::fact_of;
using agent::seal::Gap;
using agent::seal::Observed;
using agent::session::Kind;
using agent::session::Outcome;
using agent::session::Snapshot;
namespace wire = deskledger::v1;

const Observed kObserved{
    .utc = timing::from_ms(1'790'000'000'123), .boot_ms = 987'654, .utc_offset_min = -210};

wire::Fact opened(const std::string& body) {
  wire::Fact fact;
  EXPECT_TRUE(fact.ParseFromString(body));
  EXPECT_EQ(fact.observed_utc_ms(), 1'790'000'000'123);
  EXPECT_EQ(fact.observed_boot_ms(), 987'654);
  EXPECT_EQ(fact.utc_offset_min(), -210);
  return fact;
}

Snapshot full() {
  return Snapshot{.key = "/var/log/anydesk.trace/100/7/1790000000000",
                  .outcome = Outcome::completed,
                  .kind = Kind::file_transfer,
                  .kind_known = true,
                  .remote_id = "410100201",
                  .requested = timing::from_ms(1),
                  .started = timing::from_ms(2),
                  .ended = timing::from_ms(3),
                  .last_seen = timing::from_ms(4),
                  .end_reason = "IPC socket closed normally",
                  .pid = 4'294'967'295U,
                  .fiber = 4'294'967'294U,
                  .source = "/var/log/anydesk.trace",
                  .clock_went_backwards = true,
                  .anydesk_id = "410900001",
                  .anydesk_version = "7.1.0",
                  .requested_offset = 0,
                  .started_offset = 18'446'744'073'709'551'615U,
                  .ended_offset = 6,
                  .first_offset = 0};
}

TEST(Fact, CarriesEveryFieldOfASession) {
  const auto fact = opened(fact_of(full(), kObserved));
  ASSERT_TRUE(fact.has_session());
  const auto& session = fact.session();
  EXPECT_EQ(session.session_key(), full().key);
  EXPECT_EQ(session.outcome(), wire::OUTCOME_COMPLETED);
  EXPECT_EQ(session.session_kind(), wire::SESSION_KIND_FILE_TRANSFER);
  EXPECT_EQ(session.remote_id(), "410100201");
  EXPECT_EQ(session.requested_utc_ms(), 1);
  EXPECT_EQ(session.started_utc_ms(), 2);
  EXPECT_EQ(session.ended_utc_ms(), 3);
  EXPECT_EQ(session.last_seen_utc_ms(), 4);
  EXPECT_EQ(session.end_reason(), "IPC socket closed normally");
  EXPECT_EQ(session.pid(), 4'294'967'295U);
  EXPECT_EQ(session.fiber(), 4'294'967'294U);
  EXPECT_EQ(session.source(), "/var/log/anydesk.trace");
  EXPECT_TRUE(session.clock_went_backwards());
  EXPECT_EQ(session.anydesk_id(), "410900001");
  EXPECT_EQ(session.anydesk_version(), "7.1.0");
  ASSERT_TRUE(session.has_requested_offset()) << "0 is an offset, absence is not";
  EXPECT_EQ(session.requested_offset(), 0u);
  EXPECT_EQ(session.started_offset(), 18'446'744'073'709'551'615U);
  EXPECT_EQ(session.ended_offset(), 6u);
}

TEST(Fact, CarriesWitnessDoubtsAndClocks) {
  Snapshot snapshot = full();
  snapshot.outcome = Outcome::abandoned;
  snapshot.witness = agent::session::Witness::window;
  snapshot.doubts = {agent::session::Doubt::remote_id_typed, agent::session::Doubt::pairing};
  snapshot.abandon_cause = agent::session::AbandonCause::power;
  snapshot.window_pid = 77;
  snapshot.reconnects = 2;
  auto observed = kObserved;
  observed.boot_id = "boot-9";
  const auto fact = opened(fact_of(snapshot, observed,
                                   {.duration_boot_ms = 60'000,
                                    .duration_boot_uncertainty_ms = 100,
                                    .clock_jumped = true,
                                    .over_length = true,
                                    .overnight = true}));
  const auto& session = fact.session();
  EXPECT_EQ(fact.boot_id(), "boot-9");
  EXPECT_EQ(session.witness(), wire::WITNESS_WINDOW);
  ASSERT_EQ(session.doubts_size(), 2);
  EXPECT_EQ(session.doubts(0), wire::DOUBT_REMOTE_ID_TYPED);
  EXPECT_EQ(session.doubts(1), wire::DOUBT_PAIRING);
  EXPECT_EQ(session.abandon_cause(), wire::ABANDON_CAUSE_POWER);
  EXPECT_EQ(session.window_pid(), 77u);
  EXPECT_EQ(session.reconnects(), 2u);
  EXPECT_EQ(session.duration_boot_ms(), 60'000);
  EXPECT_EQ(session.duration_boot_uncertainty_ms(), 100u);
  EXPECT_TRUE(session.clock_jumped() && session.over_length() && session.overnight());
  EXPECT_FALSE(session.remote_id_withheld());
}

TEST(Fact, LeavesOutWhatIsUnknown) {
  const auto fact = opened(fact_of(Snapshot{}, kObserved));
  const auto& session = fact.session();
  EXPECT_EQ(session.remote_id(), "");
  EXPECT_FALSE(session.has_requested_utc_ms());
  EXPECT_FALSE(session.has_started_utc_ms());
  EXPECT_FALSE(session.has_ended_utc_ms());
  EXPECT_FALSE(session.has_last_seen_utc_ms());
  EXPECT_FALSE(session.has_requested_offset());
  EXPECT_FALSE(session.has_started_offset());
  EXPECT_FALSE(session.has_ended_offset());
  EXPECT_FALSE(session.clock_went_backwards());
}

TEST(Fact, NamesEveryOutcomeAndKind) {
  const struct {
    Outcome outcome;
    wire::Outcome want;
  } outcomes[] = {{Outcome::active, wire::OUTCOME_ACTIVE},
                  {Outcome::completed, wire::OUTCOME_COMPLETED},
                  {Outcome::failed, wire::OUTCOME_FAILED},
                  {Outcome::abandoned, wire::OUTCOME_ABANDONED},
                  {Outcome::partial, wire::OUTCOME_PARTIAL}};
  for (const auto& row : outcomes) {
    Snapshot snapshot = full();
    snapshot.outcome = row.outcome;
    EXPECT_EQ(opened(fact_of(snapshot, kObserved)).session().outcome(), row.want);
  }
  const struct {
    Kind kind;
    wire::SessionKind want;
  } kinds[] = {{Kind::desktop, wire::SESSION_KIND_DESKTOP},
               {Kind::file_transfer, wire::SESSION_KIND_FILE_TRANSFER},
               {Kind::vpn, wire::SESSION_KIND_VPN}};
  for (const auto& row : kinds) {
    Snapshot snapshot = full();
    snapshot.kind = row.kind;
    EXPECT_EQ(opened(fact_of(snapshot, kObserved)).session().session_kind(), row.want);
  }
}

TEST(Fact, MakesAnyTextValid) {
  const struct {
    const char* what;
    std::string text, want;
  } rows[] = {
      {"Greek", "\xce\x91\xce\xb8", "\xce\x91\xce\xb8"},
      {"Latin-1", "M\xfcller", "M\xef\xbf\xbdller"},
      {"half a character", "\xce", "\xef\xbf\xbd"},
      {"NUL and controls are UTF-8", std::string("a\0\x1b", 3), std::string("a\0\x1b", 3)},
      {"empty", "", ""},
  };
  for (const auto& row : rows) {
    Snapshot snapshot = full();
    snapshot.key = snapshot.source = snapshot.anydesk_id = snapshot.anydesk_version = row.text;
    const auto fact = opened(fact_of(snapshot, kObserved));
    const auto& session = fact.session();
    for (const auto* field :
         {&session.session_key(), &session.source(), &session.anydesk_id(), &session.anydesk_version()}) {
      EXPECT_EQ(*field, row.want) << row.what;
    }
    const auto gap = opened(fact_of(
        Gap{.source = row.text, .after_offset = 0, .bytes_lost_min = 0, .cause = row.text}, kObserved));
    EXPECT_EQ(gap.gap().source() + gap.gap().cause(), row.want + row.want) << row.what;
  }
}

TEST(Fact, TellsNoAddressesAndNoFiles) {
  Snapshot snapshot = full();
  snapshot.remote_id = "192.0.2.17:7070";
  snapshot.end_reason = "Session closed locally: cannot open 'C:\\pay.xlsx'";
  const auto fact = opened(fact_of(snapshot, kObserved));
  EXPECT_EQ(fact.session().remote_id(), "");
  EXPECT_EQ(fact.session().end_reason(), "Session closed locally");
}

TEST(Fact, CanBeToldWithoutItsRemoteId) {
  const std::string body = fact_of(full(), kObserved);
  const auto fact = opened(agent::seal::without_remote_id(body));
  EXPECT_EQ(fact.session().remote_id(), "");
  EXPECT_TRUE(fact.session().remote_id_withheld());
  EXPECT_EQ(fact.session().session_key(), full().key);
  EXPECT_EQ(agent::seal::without_remote_id("no fact").size(), 7u);
  const std::string gap =
      fact_of(Gap{.source = "/a", .after_offset = 1, .bytes_lost_min = 0, .cause = "x"}, kObserved);
  EXPECT_EQ(agent::seal::without_remote_id(gap), gap);
}

// A record above the limit could never be sent, and would hold up everything behind it.
TEST(Fact, StaysBelowTheLimitOfTheWire) {
  for (const std::string& character :
       {std::string{"x"}, std::string{"\xff"}, std::string{"\xce\x91"}, std::string{"\xf0\x9f\x98\x80"}}) {
    for (std::size_t shift = 0; shift < 5; ++shift) {
      std::string text(shift, 'a');
      while (text.size() < 64 * 1024) text += character;
      Snapshot snapshot = full();
      snapshot.key = snapshot.source = snapshot.end_reason = text;
      snapshot.anydesk_id = snapshot.anydesk_version = text;
      snapshot.remote_id = text;
      const std::string body = fact_of(snapshot, kObserved);
      EXPECT_LE(body.size(), record::kRecordBytesMax);
      const auto fact = opened(body);
      const std::string& told = fact.session().anydesk_version();
      EXPECT_LE(told.size(), agent::seal::kTextBytesMax);
      EXPECT_GT(told.size(), agent::seal::kTextBytesMax - 4);
      if (base::is_utf8(text)) {
        EXPECT_TRUE(text.starts_with(told)) << "only whole characters are cut off";
      }
      const Gap gap{.source = text, .after_offset = 0, .bytes_lost_min = 0, .cause = text};
      EXPECT_LE(fact_of(gap, kObserved).size(), record::kRecordBytesMax);
    }
  }
}

TEST(Fact, CarriesEveryFieldOfAGap) {
  const Gap gap{.source = "/a",
                .after_offset = 18'446'744'073'709'551'615U,
                .bytes_lost_min = 7,
                .cause = "file_replaced"};
  const auto fact = opened(fact_of(gap, kObserved));
  ASSERT_TRUE(fact.has_gap());
  EXPECT_EQ(fact.gap().source(), "/a");
  EXPECT_EQ(fact.gap().after_offset(), 18'446'744'073'709'551'615U);
  EXPECT_EQ(fact.gap().bytes_lost_min(), 7u);
  EXPECT_EQ(fact.gap().cause(), "file_replaced");
}

}  // namespace
