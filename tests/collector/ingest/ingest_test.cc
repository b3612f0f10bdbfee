// One row for each outcome, and what it leaves behind.

#include "collector/ingest/ingest.h"

#include <map>

#include "collector/store/agents.h"
#include "collector/store/records.h"
#include "tests/collector/ingest/sender.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::ingest {
namespace {

using store::at;
using store::must;
using Ack = record::v1::Ack;

class IngestTest : public store::StoreTest {
 protected:
  IngestTest() {
    write([&](store::Transaction& t) { enrol(t, sender_); });
  }

  Answer offer(const Incoming& incoming) {
    return write([&](store::Transaction& t) { return must(take(t, incoming, at(now_))); });
  }
  std::size_t stored() {
    return read([](store::Transaction& t) { return must(store::records_after(t, 0, 1'000)).size(); });
  }
  // outcome -> how often, of this agent (or of nobody).
  std::map<std::string, std::int64_t> counted(const std::string& agent) {
    std::map<std::string, std::int64_t> counts;
    for (const auto& row : read([](store::Transaction& t) { return must(store::list_counters(t)); })) {
      if (row.agent_id == agent) counts[row.outcome] = row.n;
    }
    return counts;
  }
  std::optional<timing::UtcMs> last_seen() {
    return read([&](store::Transaction& t) { return must(store::find_agent(t, sender_.id()))->last_seen; });
  }

  Sender sender_{1};
  std::int64_t now_ = 1'000;
};
INSTANTIATE_TEST_SUITE_P(On, IngestTest, testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

using Counts = std::map<std::string, std::int64_t>;

TEST_P(IngestTest, WhatJoinsIsStoredWithItsProof) {
  const auto first = sender_.next(3);
  auto answer = offer(first);
  EXPECT_EQ(answer.outcome, Ack::ACCEPTED);
  EXPECT_EQ(answer.committed_seq, 3u);
  EXPECT_EQ(answer.head, sender_.head);
  now_ = 2'000;
  answer = offer(sender_.next(2));
  EXPECT_EQ(answer.outcome, Ack::ACCEPTED);
  EXPECT_EQ(answer.committed_seq, 5u);
  const auto records = read([](store::Transaction& t) { return must(store::records_after(t, 0, 10)); });
  ASSERT_EQ(records.size(), 5u);
  EXPECT_EQ(records[1].body, "record 2");
  EXPECT_EQ(records[1].hash, first.batch.hashes[1].bytes());
  EXPECT_EQ(records[1].received, at(1'000));
  EXPECT_EQ(records[4].seq, 5);
  EXPECT_EQ(last_seen(), at(2'000));
  EXPECT_EQ(counted(sender_.id()), (Counts{{"accepted", 2}}));
  const auto stands = read([&](store::Transaction& t) { return must(where_stands(t, sender_.agent(), 1)); });
  EXPECT_EQ(stands.committed_seq, 5u);
  EXPECT_EQ(stands.head, sender_.head);
}

TEST_P(IngestTest, EachRefusalHasItsNameAndStoresNothing) {
  offer(sender_.next(3));
  const auto head_of_2 = [&] {
    Sender again{1};
    return again.batch(1, record::kChainStart, {"record 1", "record 2"}).batch.head;
  }();
  const std::vector<std::string> same{"record 1", "record 2", "record 3"};
  const struct {
    std::string name;
    Incoming incoming;
    Ack::Outcome outcome;
    std::string detail;
  } table[] = {
      {"the same again", sender_.batch(1, record::kChainStart, same), Ack::DUPLICATE, "stored up to 3"},
      {"a part of it again", sender_.batch(1, record::kChainStart, {"record 1"}), Ack::DUPLICATE,
       "stored up to 3"},
      {"its end again", sender_.batch(3, head_of_2, {"record 3"}), Ack::DUPLICATE, "stored up to 3"},
      {"partly new", sender_.batch(3, head_of_2, {"record 3", "record 4"}), Ack::GAP, "stored up to 3"},
      {"other bytes", sender_.batch(3, head_of_2, {"other"}), Ack::CONFLICT,
       "record 3 is stored with other bytes"},
      {"other bytes from the start", sender_.batch(1, record::kChainStart, {"other", "x", "y", "z"}),
       Ack::CONFLICT, "record 1 is stored with other bytes"},
      {"behind another head", sender_.batch(4, head_of_2, {"record 4"}), Ack::CONFLICT,
       "the record before 4 is stored with other bytes"},
      {"ahead", sender_.batch(5, sender_.head, {"record 5"}), Ack::GAP, "expected record 4"},
      {"far ahead", sender_.batch(UINT64_MAX - 1, sender_.head, {"x"}), Ack::GAP, "expected record 4"},
  };
  std::map<std::string, std::int64_t> counts{{"accepted", 1}};
  for (const auto& one : table) {
    const auto answer = offer(one.incoming);
    EXPECT_EQ(answer.outcome, one.outcome) << one.name;
    EXPECT_EQ(answer.detail, one.detail) << one.name;
    EXPECT_EQ(answer.committed_seq, 3u) << one.name;
    EXPECT_EQ(answer.head, sender_.head) << one.name;
    EXPECT_EQ(stored(), 3u) << one.name;
    ++counts[std::string{to_string(one.outcome)}];
    write([&](store::Transaction& t) {
      EXPECT_EQ(must(store::release(t, sender_.id())), one.outcome == Ack::CONFLICT) << one.name;
    });
  }
  EXPECT_EQ(counted(sender_.id()), counts);
  EXPECT_EQ(offer(sender_.next(1)).outcome, Ack::ACCEPTED) << "and the stream goes on";
}

TEST_P(IngestTest, ARevokedAgentAndAnUnknownOneStoreNothing) {
  Sender stranger{2};
  auto answer = offer(stranger.next(1));
  EXPECT_EQ(answer.outcome, Ack::REVOKED);
  EXPECT_EQ(answer.detail, "this agent is not enrolled here");
  EXPECT_EQ(counted(""), (Counts{{"revoked", 1}})) << "where a person sees it";
  offer(sender_.next(1));
  write([&](store::Transaction& t) { must(store::revoke(t, sender_.id(), at(5))); });
  answer = offer(sender_.next(1));
  EXPECT_EQ(answer.outcome, Ack::REVOKED);
  EXPECT_EQ(answer.committed_seq, 1u);
  EXPECT_EQ(stored(), 1u);
  EXPECT_EQ(counted(sender_.id()), (Counts{{"accepted", 1}, {"revoked", 1}}));
}

TEST_P(IngestTest, AConflictRaisesOneAlarmAndSilencesOriginalAndCopy) {
  offer(sender_.next(3));
  const auto version = read([](store::Transaction& t) { return must(store::trust_version(t)); });
  const auto copy = sender_.batch(1, record::kChainStart, {"record 1", "other"});
  now_ = 2'000;
  EXPECT_EQ(offer(copy).outcome, Ack::CONFLICT);
  now_ = 3'000;
  EXPECT_EQ(offer(copy).outcome, Ack::QUARANTINED) << "the copy";
  const auto answer = offer(sender_.next(1));
  EXPECT_EQ(answer.outcome, Ack::QUARANTINED) << "the original";
  EXPECT_EQ(answer.committed_seq, 3u);
  EXPECT_EQ(answer.detail, "conflict: record 2 is stored with other bytes");
  EXPECT_EQ(stored(), 3u);
  EXPECT_EQ(counted(sender_.id()), (Counts{{"accepted", 1}, {"conflict", 1}, {"quarantined", 2}}));
  EXPECT_GT(read([](store::Transaction& t) { return must(store::trust_version(t)); }), version);
  const auto agent = read([&](store::Transaction& t) { return must(store::find_agent(t, sender_.id())); });
  EXPECT_EQ(agent->quarantined, at(2'000));
  const auto alarms = read([](store::Transaction& t) { return must(store::list_alarms(t, 10)); });
  ASSERT_EQ(alarms.size(), 1u);
  EXPECT_EQ(alarms[0].agent_id, sender_.id());
  EXPECT_EQ(alarms[0].kind, "conflict");
  EXPECT_EQ(alarms[0].seq, 2);
  EXPECT_EQ(alarms[0].raised, at(2'000));
  record::v1::Batch evidence;
  ASSERT_TRUE(evidence.ParseFromString(alarms[0].evidence));
  EXPECT_EQ(evidence.head(), copy.batch.head.bytes());
  EXPECT_EQ(evidence.sig(), copy.sig);
  EXPECT_EQ(evidence.count(), 2u);
  EXPECT_TRUE(evidence.body().empty()) << "no record of the refused batch is kept";

  write([&](store::Transaction& t) { EXPECT_TRUE(must(store::release(t, sender_.id()))); });
  EXPECT_EQ(offer(sender_.batch(9, sender_.head, {"x"})).outcome, Ack::GAP) << "a person has decided";
}

TEST_P(IngestTest, EachEpochIsAStreamOfItsOwn) {
  offer(sender_.next(2));
  sender_.begin_epoch(2);
  EXPECT_EQ(offer(sender_.next(1, "second life")).outcome, Ack::ACCEPTED);
  const auto stands = [&](std::uint32_t epoch) {
    return read(
        [&](store::Transaction& t) { return must(where_stands(t, sender_.agent(), epoch)).committed_seq; });
  };
  EXPECT_EQ(stands(1), 2u);
  EXPECT_EQ(stands(2), 1u);
  EXPECT_EQ(stands(3), 0u);
}

// Whoever has the key of an agent could go on beside it in an epoch of his own, unseen.
TEST_P(IngestTest, WhatIsNewInAnOlderEpochIsAnotherMachines) {
  const auto first = sender_.next(2);
  offer(first);
  Sender thief{1};
  thief.begin_epoch(7);
  EXPECT_EQ(offer(thief.next(1, "made up")).outcome, Ack::ACCEPTED) << "nothing tells it from a new outbox";
  EXPECT_EQ(offer(first).outcome, Ack::DUPLICATE) << "what is stored may come again";
  const auto answer = offer(sender_.next(1));
  EXPECT_EQ(answer.outcome, Ack::CONFLICT);
  EXPECT_EQ(answer.detail, "record 3 is new in epoch 1, but epoch 7 is stored already");
  EXPECT_EQ(answer.committed_seq, 2u);
  EXPECT_EQ(stored(), 3u);
  EXPECT_EQ(offer(thief.next(1)).outcome, Ack::QUARANTINED) << "both are silenced";
  const auto alarms = read([](store::Transaction& t) { return must(store::list_alarms(t, 10)); });
  ASSERT_EQ(alarms.size(), 1u);
  EXPECT_EQ(alarms[0].kind, "conflict");
  EXPECT_EQ(alarms[0].epoch, 1);
  EXPECT_EQ(alarms[0].seq, 3);

  write([&](store::Transaction& t) { EXPECT_TRUE(must(store::release(t, sender_.id()))); });
  Sender unknown{1};
  unknown.begin_epoch(3);
  EXPECT_EQ(offer(unknown.next(1)).outcome, Ack::CONFLICT) << "an older epoch of which nothing is stored";
}

TEST_P(IngestTest, AnAgentThatRepeatsItselfIsSeen) {
  const auto batch = sender_.next(1);
  offer(batch);
  now_ = 9'000;
  EXPECT_EQ(offer(batch).outcome, Ack::DUPLICATE);
  EXPECT_EQ(last_seen(), at(9'000));
}

TEST(IngestOutcome, OnlyWhatIsPartOfNormalLifeKeepsTheConnection) {
  for (int n = 1; Ack::Outcome_IsValid(n); ++n) {
    const auto outcome = static_cast<Ack::Outcome>(n);
    const bool goes_on = outcome == Ack::ACCEPTED || outcome == Ack::DUPLICATE || outcome == Ack::BUSY;
    EXPECT_EQ(ends_connection(outcome), !goes_on) << to_string(outcome);
    EXPECT_NE(to_string(outcome), "unspecified");
  }
}

}  // namespace
}  // namespace collector::ingest
