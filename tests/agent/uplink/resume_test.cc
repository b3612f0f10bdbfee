// Connections that break, and collectors that say something unexpected.

#include "common/record/batch.h"
#include "common/record/signed_text.h"
#include "tests/agent/uplink/fixture.h"

namespace {

using namespace uplink_tests;
using outbox_tests::bodies;
using Ack = wire::Ack;
using Welcome = wire::Welcome;

class Resume : public UplinkTest {
 protected:
  // With what the test changed the agent says `says` and takes nothing for acknowledged; with a collector as
  // it should be, and which has kept nothing of it, all arrives.
  void expect_told_and_made_good(const std::string& says) {
    options.pace.first_wait = options.pace.longest_wait = 1h;
    collector.connections = 0;
    start();
    run_until([&] { return connection().find(says) != std::string::npos; });
    EXPECT_EQ(collector.connections, 1);
    stop();
    EXPECT_EQ(outbox.chain().acked_seq, 0u) << says;
    collector.stored.clear();
    collector.change_ack = nullptr;
    collector.change_signed_ack = nullptr;
    collector.change_signed_welcome = nullptr;
    start();
    run_until_arrived(3);
    stop();
    EXPECT_EQ(arrived(), bodies(0, 3)) << says;
    fresh();
  }
  // Windows removes no file that is open.
  void remove_outbox() {
    outbox = Outbox::open(folder / "aside.db", outbox_tests::kAgent, 1).value();
    for (const auto* part : {"", "-wal", "-shm", ".reserve"}) std::filesystem::remove(path.string() + part);
  }
  // A new outbox with three records, and a collector that has none.
  void fresh() {
    collector.stored.clear();
    remove_outbox();
    outbox = open();
    append(bodies(0, 3));
  }
};

TEST_F(Resume, AfterALostAnswerNothingIsSentTwice) {
  append(bodies(0, 3));
  // hello, welcome, batch, ack: the fourth is the acknowledgement.
  collector.drop_at_frame = 3;
  start();
  run_until_arrived(3);
  EXPECT_EQ(collector.connections, 2);
  EXPECT_EQ(collector.batches, 1) << "the second Welcome says that all is there";
  EXPECT_EQ(collector.duplicates, 0);
  EXPECT_EQ(arrived(), bodies(0, 3));
}

TEST_F(Resume, AfterABreakAtEveryFrame) {
  for (int frame = 0;; ++frame) {
    fresh();
    append(bodies(3, 1197));
    collector.frames = 0;
    collector.connections = 0;
    collector.drop_at_frame = frame;
    start();
    run_until_arrived(1200);
    stop();
    EXPECT_EQ(arrived(), bodies(0, 1200)) << frame;
    EXPECT_THAT(collector.refusals, IsEmpty()) << frame;
    if (collector.connections == 1) {
      EXPECT_GT(frame, 6);
      break;
    }
    ASSERT_LT(frame, 30);
  }
}

TEST_F(Resume, GoesOnBehindWhatTheCollectorHas) {
  append(bodies(0, 5));
  start();
  run_until_arrived(5);
  stop();
  // Restored from a backup: it has only three, and is given the rest again.
  collector.stored[1].bodies.resize(3);
  collector.stored[1].hashes.resize(3);
  start();
  run_until([&] { return arrived().size() == 5; });
  EXPECT_EQ(arrived(), bodies(0, 5));
  EXPECT_EQ(collector.duplicates, 0);
}

TEST_F(Resume, AnotherHistoryIsNotContinued) {
  append(bodies(0, 3));
  const struct {
    const char* what;
    std::function<void(Welcome&)> change;
  } rows[] = {
      {"ahead of us", [](Welcome& w) { w.set_committed_seq(4); }},
      {"far ahead", [](Welcome& w) { w.set_committed_seq(UINT64_MAX); }},
      {"another record with our number",
       [](Welcome& w) {
         w.set_committed_seq(2);
         w.set_head(std::string(32, 'x'));
       }},
      {"nothing, with a head", [](Welcome& w) { w.set_head(std::string(32, 'x')); }},
  };
  for (const auto& row : rows) {
    collector.change_welcome = row.change;
    collector.connections = 0;
    options.pace.longest_wait = 1h;
    start();
    run_until([&] { return connection().find("another history") != std::string::npos; });
    io.restart();
    io.poll();
    EXPECT_EQ(collector.connections, 1) << row.what << ": only a person can help";
    stop();
    ASSERT_TRUE(outbox.set_status("connection", "", {}));
  }
  EXPECT_EQ(collector.batches, 0);
  EXPECT_EQ(outbox.chain().acked_seq, 0u);
  ASSERT_EQ(collector.forks.size(), std::size(rows));
  for (const auto& fork : collector.forks) {
    const record::ForkText text{.agent = outbox_tests::kAgent,
                                .epoch = fork.epoch(),
                                .committed_seq = fork.committed_seq(),
                                .collector_head = crypto::Digest::from_bytes(fork.collector_head()).value(),
                                .own_next_seq = fork.own_next_seq(),
                                .own_head = fork.own_head()};
    EXPECT_TRUE(crypto::verify(record_key.public_key(), record::fork_text(text), fork.sig()));
    EXPECT_EQ(fork.own_next_seq(), 4u);
  }
  EXPECT_EQ(collector.forks[0].own_head(), "") << "it has no such record";
  EXPECT_EQ(collector.forks[2].own_head(), outbox.hash_of(2)->bytes());
}

TEST_F(Resume, AskedForWhatIsGoneItSendsNothing) {
  append(bodies(0, static_cast<int>(Outbox::kKeptRecords) + 10));
  ASSERT_TRUE(outbox.acknowledge(Outbox::kKeptRecords + 5));
  start();
  run_until([&] { return connection().find("no longer has") != std::string::npos; });
  EXPECT_EQ(collector.batches, 0);
}

TEST_F(Resume, AForgedAnswerCountsForNothing) {
  append(bodies(0, 3));
  collector.change_signed_ack = [](Ack& ack) { ack.set_sig(std::string(64, 'x')); };
  expect_told_and_made_good("without the collector's signature");
}

// Whoever has the server's TLS key and not the key that signs could say that all is stored.
TEST_F(Resume, AWelcomeThatTheCollectorDidNotSignDeletesNothing) {
  const auto sign = [&](const crypto::SigningKey& key, const record::AgentId& agent, std::uint32_t epoch,
                        std::uint64_t seq) {
    return key.sign(record::ack_text(agent, epoch, seq, *outbox.hash_of(seq)));
  };
  const auto stranger = crypto::SigningKey::generate().value();
  const record::AgentId other{};
  append(bodies(0, 3));
  const std::pair<const char*, std::string> rows[] = {
      {"rubbish", std::string(64, 'x')},
      {"one byte", "x"},
      {"by another key", sign(stranger, outbox_tests::kAgent, 1, 3)},
      {"for another agent", sign(collector.key(), other, 1, 3)},
      {"for another epoch", sign(collector.key(), outbox_tests::kAgent, 2, 3)},
      {"for an older record", sign(collector.key(), outbox_tests::kAgent, 1, 2)},
      {"for another head",
       collector.key().sign(record::ack_text(outbox_tests::kAgent, 1, 3, *outbox.hash_of(2)))},
  };
  for (const auto& [what, sig] : rows) {
    SCOPED_TRACE(what);
    collector.change_signed_welcome = [word = sig, head = *outbox.hash_of(3)](Welcome& welcome) {
      welcome.set_committed_seq(3);
      welcome.set_head(std::string{head.bytes()});
      welcome.set_sig(word);
    };
    expect_told_and_made_good("a Welcome with a signature that is not the collector's");
  }
  EXPECT_THAT(collector.forks, IsEmpty()) << "nobody is told anything that was not the collector";
}

// As 0.1 says it: the word of an acknowledgement counts, that of the Welcome says where to go on.
TEST_F(Resume, AnUnsignedWelcomeDeletesNothingAndSaysWhereToGoOn) {
  append(bodies(0, 3));
  collector.stored[1] = {.bodies = bodies(0, 3),
                         .hashes = {*outbox.hash_of(1), *outbox.hash_of(2), *outbox.hash_of(3)}};
  collector.change_signed_welcome = [](Welcome& welcome) { welcome.clear_sig(); };
  start();
  run_until([&] { return connection().starts_with("connected"); });
  for (int i = 0; i < 50; ++i) {
    uplink->wake();
    io.restart();
    io.poll();
  }
  EXPECT_EQ(acknowledged(), 0u);
  EXPECT_EQ(collector.batches, 0);
  append(bodies(3, 1));
  run_until_arrived(4);
  EXPECT_EQ(collector.batches, 1);
  EXPECT_EQ(collector.duplicates, 0);
}

TEST_F(Resume, ASignedAnswerOfAnotherHistoryCountsForNothing) {
  const struct {
    const char* what;
    std::function<void(Ack&)> change;
  } rows[] = {
      {"an older epoch", [](Ack& ack) { ack.set_epoch(0); }},
      {"another head", [](Ack& ack) { ack.set_head(std::string(32, 'x')); }},
      {"more than was sealed", [](Ack& ack) { ack.set_committed_seq(9); }},
  };
  append(bodies(0, 3));
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    collector.change_ack = row.change;
    expect_told_and_made_good("another history");
  }
}

TEST_F(Resume, EachOutcomeIsTold) {
  append(bodies(0, 3));
  for (const auto outcome :
       {Ack::GAP, Ack::QUARANTINED, Ack::CONFLICT, Ack::BAD_SIGNATURE, Ack::BAD_CHAIN, Ack::MALFORMED,
        Ack::UNKNOWN_KEY, Ack::WRONG_AGENT, Ack::REVOKED, Ack::OUTCOME_UNSPECIFIED}) {
    collector.change_ack = [&](Ack& ack) {
      ack.set_outcome(outcome);
      ack.set_committed_seq(0);
      ack.set_head(std::string(32, '\0'));
      ack.set_detail("told so");
    };
    expect_told_and_made_good("the collector answered " + Ack::Outcome_Name(outcome) + ": told so");
  }
}

// Nothing wrong with the records: the agent sends them again, on the same connection if it may.
TEST_F(Resume, ABusyCollectorIsAskedAgain) {
  for (const auto outcome : {Ack::BUSY, Ack::GAP}) {
    fresh();
    collector.connections = 0;
    int refused = 0;
    collector.change_ack = [&](Ack& ack) {
      if (++refused > 3) return;
      ack.set_outcome(outcome);
      ack.set_committed_seq(0);
      ack.set_head(std::string(32, '\0'));
      ack.set_retry_after_ms(1);
      collector.stored.clear();
    };
    start();
    run_until_arrived(3);
    EXPECT_EQ(collector.connections, outcome == Ack::BUSY ? 1 : 4);
    EXPECT_EQ(arrived(), bodies(0, 3));
    stop();
  }
}

// Of several batches on their way one is refused, and those behind it cannot join.
TEST_F(Resume, WhatIsBehindABusyAnswerComesAgainInOrder) {
  append(bodies(0, 2000));
  int answers = 0;
  collector.answer_from = 2;
  collector.change_ack = [&](Ack& ack) {
    if (++answers != 2) return;
    ack.set_outcome(Ack::BUSY);
    auto& have = collector.stored[1];
    have.bodies.resize(512);
    have.hashes.resize(512);
    ack.set_committed_seq(512);
    ack.set_head(std::string{have.head().bytes()});
    collector.answer_from = 1;
  };
  start();
  run_until_arrived(2000);
  EXPECT_EQ(arrived(), bodies(0, 2000));
  EXPECT_EQ(collector.connections, 1);
}

TEST_F(Resume, WaitsAsLongAsABusyCollectorAsks) {
  for (const auto outcome : {Ack::BUSY, Ack::ACCEPTED}) {
    fresh();
    collector.batches = collector.connections = 0;
    collector.change_ack = [&](Ack& ack) {
      ack.set_outcome(outcome);
      ack.set_window(0);
      ack.set_retry_after_ms(3'600'000);
      if (outcome == Ack::ACCEPTED) return;
      ack.set_committed_seq(0);
      ack.set_head(std::string(32, '\0'));
    };
    start();
    run_until([&] { return collector.batches == 1 && (outcome == Ack::BUSY || acknowledged() == 3); });
    append(bodies(3, 1));
    for (int i = 0; i < 50; ++i) {
      uplink->wake();
      io.restart();
      io.poll();
    }
    EXPECT_EQ(collector.batches, 1) << outcome;
    EXPECT_EQ(collector.connections, 1) << outcome;
    stop();
  }
}

TEST_F(Resume, ARefusedStreamIsTriedAgainSlowly) {
  append(bodies(0, 3));
  options.pace.longest_wait = 1h;
  for (const auto outcome : {Welcome::REVOKED, Welcome::UNKNOWN_AGENT, Welcome::QUARANTINED,
                             Welcome::UNKNOWN_PROTOCOL, static_cast<Welcome::Outcome>(99)}) {
    collector.connections = 0;
    collector.change_welcome = [&](Welcome& welcome) {
      welcome.set_outcome(outcome);
      welcome.set_detail("gone");
    };
    start();
    run_until([&] { return connection().find("the collector refused: gone") != std::string::npos; });
    for (int i = 0; i < 20; ++i) {
      io.restart();
      io.poll();
    }
    EXPECT_EQ(collector.connections, 1);
    stop();
    ASSERT_TRUE(outbox.set_status("connection", "", {}));
  }
  EXPECT_EQ(collector.batches, 0);
}

TEST_F(Resume, ANewEpochBeginsAtItsBeginning) {
  append(bodies(0, 3));
  start();
  run_until_arrived(3);
  stop();
  remove_outbox();
  outbox = open(2);
  append(bodies(10, 2));
  start();
  run_until([&] { return collector.stored[2].bodies.size() == 2; });
  EXPECT_EQ(collector.stored[2].bodies, bodies(10, 2));
  EXPECT_EQ(collector.stored[1].bodies, bodies(0, 3));
}

}  // namespace
