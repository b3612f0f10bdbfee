#include "collector/pipeline/fact.h"

#include <gtest/gtest.h>

#include "agent/seal/fact.h"

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

TEST(FactTest, AGapComesBackWithWhereAndWhen) {
  const agent::seal::Gap gap{.source = "ad.trace", .after_offset = 7, .bytes_lost_min = 8, .cause = "cut"};
  const auto fact =
      read_fact(agent::seal::fact_of(gap, {.utc = timing::from_ms(9), .boot_ms = 0, .utc_offset_min = 0}));
  ASSERT_TRUE(fact) << fact.error().message;
  const auto& row = std::get<store::GapRow>(*fact);
  EXPECT_EQ(row.source, "ad.trace");
  EXPECT_EQ(row.after_offset, 7);
  EXPECT_EQ(row.bytes_lost_min, 8);
  EXPECT_EQ(row.cause, "cut");
  EXPECT_EQ(row.observed, timing::from_ms(9));
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
