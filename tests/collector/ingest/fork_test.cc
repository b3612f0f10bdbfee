// One row for each thing that can be wrong with a ForkReport, and what a good one leaves behind.

#include "collector/ingest/fork.h"

#include "collector/store/agents.h"
#include "common/record/chain.h"
#include "tests/collector/ingest/sender.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::ingest {
namespace {

using store::at;
using store::must;
using Report = deskledger::v1::ForkReport;

class ForkTest : public store::StoreTest {
 protected:
  ForkTest() {
    write([&](store::Transaction& t) {
      enrol(t, sender_);
      must(take(t, sender_.next(3), at(1'000)));
    });
  }

  // What an agent with another record 3 says about what is stored.
  Report report() const {
    Report said;
    said.set_epoch(1);
    said.set_committed_seq(3);
    said.set_collector_head(std::string{sender_.head.bytes()});
    said.set_own_next_seq(9);
    said.set_own_head(std::string(crypto::Digest::kSize, 'x'));
    return sender_.sign(said);
  }

  ForkOutcome offer(const Report& said) {
    const auto opened = open_fork(said, sender_.agent(), sender_.public_key());
    if (!opened) return opened.error();
    return write([&](store::Transaction& t) { return must(take_fork(t, *opened, at(2'000))); });
  }
  std::vector<store::AlarmRow> alarms() {
    return read([](store::Transaction& t) { return must(store::list_alarms(t, 10)); });
  }
  store::AgentRow agent() {
    return *read([&](store::Transaction& t) { return must(store::find_agent(t, sender_.id())); });
  }

  Sender sender_{1};
};
INSTANTIATE_TEST_SUITE_P(On, ForkTest, testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(ForkTest, AGoodReportRaisesOneAlarmAndSilencesTheAgent) {
  Report said;
  ASSERT_TRUE(said.ParseFromString(report().SerializeAsString() + "\x7a\x03xyz"));
  EXPECT_EQ(offer(said), ForkOutcome::raised);
  ASSERT_EQ(alarms().size(), 1u);
  const auto alarm = alarms().front();
  EXPECT_EQ(alarm.kind, "fork");
  EXPECT_EQ(alarm.seq, 3);
  EXPECT_EQ(alarm.detail, "the agent has another record 3");
  EXPECT_EQ(alarm.evidence, report().SerializeAsString()) << "the signed fields and nothing else";
  EXPECT_EQ(agent().quarantined, at(2'000));
  EXPECT_EQ(agent().quarantine_reason, "fork: the agent has another record 3");
  EXPECT_EQ(offer(said), ForkOutcome::silenced);
  EXPECT_EQ(alarms().size(), 1u);
}

TEST_P(ForkTest, AnAgentMayHaveNoSuchRecordAtAll) {
  auto said = report();
  said.set_own_next_seq(2);
  said.clear_own_head();
  EXPECT_EQ(offer(sender_.sign(said)), ForkOutcome::raised);
  EXPECT_EQ(alarms().front().detail, "the agent has no record 3; its next one is 2");
}

TEST_P(ForkTest, AnythingElseIsNamedAndChangesNothing) {
  const Sender stranger{1};
  const auto changed = [&](auto change) {
    auto said = report();
    change(said);
    return said;
  };
  const auto resigned = [&](auto change) { return sender_.sign(changed(change)); };
  const struct {
    std::string name;
    Report said;
    ForkOutcome outcome;
  } table[] = {
      {"no signature", changed([](Report& r) { r.clear_sig(); }), ForkOutcome::bad_signature},
      {"another key", stranger.sign(report()), ForkOutcome::bad_signature},
      {"epoch changed", changed([](Report& r) { r.set_epoch(2); }), ForkOutcome::bad_signature},
      {"seq changed", changed([](Report& r) { r.set_committed_seq(4); }), ForkOutcome::bad_signature},
      {"next seq changed", changed([](Report& r) { r.set_own_next_seq(4); }), ForkOutcome::bad_signature},
      {"head changed", changed([](Report& r) { r.mutable_collector_head()->back() ^= 1; }),
       ForkOutcome::bad_signature},
      {"own head changed", changed([](Report& r) { r.mutable_own_head()->back() ^= 1; }),
       ForkOutcome::bad_signature},
      {"own head left out", changed([](Report& r) { r.clear_own_head(); }), ForkOutcome::bad_signature},
      {"head too short", resigned([](Report& r) { r.set_collector_head("x"); }), ForkOutcome::malformed},
      {"own head too long", resigned([](Report& r) { r.mutable_own_head()->append("x"); }),
       ForkOutcome::malformed},
      {"both the same", resigned([](Report& r) { r.set_own_head(r.collector_head()); }),
       ForkOutcome::malformed},
      {"of an earlier time", resigned([](Report& r) { r.set_committed_seq(2); }), ForkOutcome::stale},
      {"of a later time", resigned([](Report& r) { r.set_committed_seq(UINT64_MAX); }), ForkOutcome::stale},
      {"another head", resigned([](Report& r) { r.mutable_collector_head()->back() ^= 1; }),
       ForkOutcome::stale},
      {"another epoch", resigned([](Report& r) { r.set_epoch(2); }), ForkOutcome::stale},
  };
  for (const auto& one : table) EXPECT_EQ(to_string(offer(one.said)), to_string(one.outcome)) << one.name;
  EXPECT_TRUE(alarms().empty());
  EXPECT_FALSE(agent().quarantined);
}

TEST_P(ForkTest, WhoIsRevokedRaisesNothing) {
  write([&](store::Transaction& t) { must(store::revoke(t, sender_.id(), at(5))); });
  EXPECT_EQ(offer(report()), ForkOutcome::silenced);
  EXPECT_TRUE(alarms().empty());
}

}  // namespace
}  // namespace collector::ingest
