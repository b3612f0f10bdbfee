// Whatever is changed in the database is found, and the first record that is concerned is named: story by
// story on both databases, and column by column, row by row, on SQLite.

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <optional>

#include "common/base/hex.h"
#include "common/record/chain.h"
#include "tests/collector/proof/world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::proof {
namespace {

using store::must;

class TamperTest : public testing::TestWithParam<store::Dialect> {
 protected:
  TamperTest()
      : url_{GetParam() == store::Dialect::sqlite ? support::migrated_sqlite_url()
                                                  : support::migrated_postgres_url()},
        folder_{own_folder("story")},
        world_{url_, folder_} {}
  ~TamperTest() override { std::filesystem::remove_all(folder_); }

  // Of the database; a bundle of it must say the same.
  std::string after(const std::string& sql) {
    tamper(url_, sql);
    return now();
  }
  std::string now() {
    const auto text = told(verify(url_, world_.options()));
    EXPECT_EQ(told(verify_by_bundle(url_, world_.options(), world_.keys())), text);
    return text;
  }
  std::string anna() const { return "agent_id = '" + world_.sender(0).hex() + "'"; }

  std::string url_;
  std::filesystem::path folder_;
  World world_;
};
INSTANTIATE_TEST_SUITE_P(On, TamperTest, testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(TamperTest, CleanIsClean) {
  const auto report = verify(url_, world_.options());
  EXPECT_EQ(told(report), "");
  EXPECT_EQ(report.counts.streams, 2);
  EXPECT_EQ(report.counts.batches, 6);
  EXPECT_EQ(report.counts.records, 18);
  EXPECT_EQ(report.counts.leaves, 6);
  EXPECT_EQ(report.counts.checkpoints, 3);
  auto options = world_.options();
  options.keys = world_.keys();
  options.agent = world_.sender(1).hex();
  const auto one = verify(url_, options);
  EXPECT_EQ(told(one), "");
  EXPECT_EQ(one.counts.records, 9);
  const auto bundle = verify_by_bundle(url_, world_.options(), world_.keys());
  EXPECT_EQ(told(bundle), "");
  EXPECT_EQ(bundle.counts.records, 18);
  EXPECT_EQ(bundle.counts.leaves, 6);
  const auto bens = verify_by_bundle(url_, world_.options(), world_.keys(), options.agent);
  EXPECT_EQ(told(bens), "");
  EXPECT_EQ(bens.counts.records, 9);
  EXPECT_EQ(bens.only_agent, options.agent);
}

TEST_P(TamperTest, WhatIsNotYetInTheLogIsCleanToo) {
  auto database = must(store::Connection::open(url_));
  world_.round(database);
  EXPECT_EQ(now(), "");
}

TEST_P(TamperTest, AMissingRecord) {
  EXPECT_EQ(after("DELETE FROM record WHERE seq = 5 AND " + anna()), "record_missing anna 1/5\n");
}

TEST_P(TamperTest, AMissingBatch) {
  EXPECT_EQ(after("DELETE FROM batch WHERE first_seq = 4 AND " + anna()), "batch_missing anna 1/4\n");
}

TEST_P(TamperTest, AMissingBatchWithItsRecords) {
  EXPECT_EQ(after("DELETE FROM record WHERE seq BETWEEN 4 AND 6 AND " + anna() +
                  "; DELETE FROM batch WHERE first_seq = 4 AND " + anna()),
            "batch_missing anna 1/4\n");
}

TEST_P(TamperTest, ACutEnd) {
  EXPECT_EQ(after("DELETE FROM record WHERE seq > 6 AND " + anna() +
                  "; DELETE FROM batch WHERE first_seq = 7 AND " + anna()),
            "stream_cut anna 1/7 leaf 4\n");
}

TEST_P(TamperTest, ACutEndWithItsWatermark) {
  EXPECT_EQ(after("DELETE FROM record WHERE seq > 6 AND " + anna() +
                  "; DELETE FROM batch WHERE first_seq = 7 AND " + anna() +
                  "; UPDATE stream SET committed_seq = 6, logged_seq = 6, head = (SELECT head FROM batch "
                  "WHERE first_seq = 4 AND " +
                  anna() + ") WHERE " + anna()),
            "stream_cut anna 1/7 leaf 4\n");
}

TEST_P(TamperTest, ACutEndThatTheLogDoesNotHaveYet) {
  auto database = must(store::Connection::open(url_));
  world_.round(database);
  EXPECT_EQ(after("DELETE FROM record WHERE seq > 9 AND " + anna() +
                  "; DELETE FROM batch WHERE first_seq = 10 AND " + anna()),
            "stream_cut anna 1/10\n");
}

TEST_P(TamperTest, TheLastBatchWithoutItsRecords) {
  EXPECT_EQ(after("DELETE FROM record WHERE seq > 8 AND " + anna()), "record_missing anna 1/9\n");
}

TEST_P(TamperTest, AStreamThatIsGone) {
  EXPECT_EQ(after("DELETE FROM record WHERE " + anna() + "; DELETE FROM batch WHERE " + anna() +
                  "; DELETE FROM stream WHERE " + anna()),
            "stream_cut anna 1/1 leaf 0\n");
}

TEST_P(TamperTest, TwoRecordsOfABatchExchanged) {
  EXPECT_EQ(after("UPDATE record SET seq = 99 WHERE seq = 4 AND " + anna() +
                  "; UPDATE record SET seq = 4 WHERE seq = 6 AND " + anna() +
                  "; UPDATE record SET seq = 6 WHERE seq = 99 AND " + anna()),
            "record_swapped anna 1/4\n");
}

TEST_P(TamperTest, TwoRecordsFarApartExchanged) {
  EXPECT_EQ(after("UPDATE record SET seq = 99 WHERE seq = 2 AND " + anna() +
                  "; UPDATE record SET seq = 2 WHERE seq = 9 AND " + anna() +
                  "; UPDATE record SET seq = 9 WHERE seq = 99 AND " + anna()),
            "record_swapped anna 1/2\n");
}

TEST_P(TamperTest, TwoBodiesExchanged) {
  const auto set = [&](const std::string& body, const std::string& seq) {
    return "UPDATE record SET body = '" + base::to_hex(body) + "' WHERE seq = " + seq + " AND " + anna() +
           ";";
  };
  EXPECT_EQ(after(set("anna 8", "2") + set("anna 2", "8")), "record_swapped anna 1/2\n");
}

TEST_P(TamperTest, TwoBatchesExchanged) {
  EXPECT_EQ(after("UPDATE batch SET first_seq = 99 WHERE first_seq = 1 AND " + anna() +
                  "; UPDATE batch SET first_seq = 1 WHERE first_seq = 4 AND " + anna() +
                  "; UPDATE batch SET first_seq = 4 WHERE first_seq = 99 AND " + anna()),
            "batch_signature anna 1/1\n");
}

TEST_P(TamperTest, ACopyOfARecordAtTheEnd) {
  EXPECT_EQ(
      after("INSERT INTO record (batch_id, agent_id, epoch, seq, hash, body, received_ms) SELECT batch_id, "
            "agent_id, epoch, 10, hash, body, received_ms FROM record WHERE seq = 9 AND " +
            anna()),
      "record_unsigned anna 1/10\n");
}

TEST_P(TamperTest, ACopyOfABatchAtTheEnd) {
  EXPECT_EQ(
      after(
          "INSERT INTO batch (agent_id, epoch, first_seq, record_count, prev_head, head, key_id, sig, "
          "received_ms) SELECT agent_id, epoch, 10, record_count, prev_head, head, key_id, sig, received_ms "
          "FROM batch WHERE first_seq = 7 AND " +
          anna()),
      "batch_signature anna 1/10\n");
}

TEST_P(TamperTest, RowsStoredTwice) {
  if (GetParam() == store::Dialect::postgresql) {
    tamper(url_,
           "ALTER TABLE record DROP CONSTRAINT record_agent_id_epoch_seq_key; "
           "ALTER TABLE batch DROP CONSTRAINT batch_agent_id_epoch_first_seq_key");
  } else {
    for (const std::string table : {"record", "batch"}) {
      tamper(url_, "CREATE TABLE copy AS SELECT * FROM " + table + "; DROP TABLE " + table +
                       "; ALTER TABLE copy RENAME TO " + table);
    }
  }
  EXPECT_EQ(now(), "");
  EXPECT_EQ(after("INSERT INTO record SELECT 1000, batch_id, agent_id, epoch, seq, hash, body, received_ms "
                  "FROM record WHERE seq = 5 AND " +
                  anna()),
            "record_duplicated anna 1/5\n");
  tamper(url_, "DELETE FROM record WHERE record_id = 1000");
  EXPECT_EQ(after("INSERT INTO batch SELECT 1000, agent_id, epoch, first_seq, record_count, prev_head, head, "
                  "key_id, sig, received_ms FROM batch WHERE first_seq = 4 AND " +
                  anna()),
            "batch_duplicated anna 1/4\n");
}

TEST_P(TamperTest, AChangedBodyWithItsHashComputedAnew) {
  auto bodies = world_.sender(0).batches;
  bodies[1][2] = "forged";
  // Without a signature: only the row of the record is written.
  const record::AgentId& agent = world_.sender(0).agent;
  record::Chain chain{agent, 1, 1, record::kChainStart};
  for (const auto& batch : bodies) {
    for (const auto& body : batch) {
      if (chain.append(body); body == "forged") break;
    }
    if (chain.next_seq() == 7) break;
  }
  EXPECT_EQ(after("UPDATE record SET body = '666f72676564', hash = '" + chain.head().hex() +
                  "' WHERE seq = 6 AND " + anna()),
            "record_changed anna 1/4\n")
      << "one of 4 to 6";
}

TEST_P(TamperTest, SignedAnewWithTheAgentsOwnKey) {
  auto bodies = world_.sender(0).batches;
  bodies[1][0] = "forged";
  EXPECT_EQ(after(forge(world_.sender(0), bodies, world_.sender(0).key)), "head_changed anna 1/4 leaf 2\n");
}

TEST_P(TamperTest, OneBatchSignedAnewWithTheAgentsOwnKey) {
  auto bodies = world_.sender(0).batches;
  bodies[1][0] = "forged";
  bodies.pop_back();
  EXPECT_EQ(after(forge(world_.sender(0), bodies, world_.sender(0).key)), "head_changed anna 1/4 leaf 2\n");
}

TEST_P(TamperTest, SignedAnewWithAnotherKey) {
  const auto other = crypto::SigningKey::generate().value();
  const auto& sender = world_.sender(0);
  EXPECT_EQ(after(forge(sender, sender.batches, other)), "batch_other_key anna 1/1\n");
  // The agent's key is exchanged, too: nothing that was recorded is different. Only who kept the key can
  // tell.
  tamper(url_,
         "UPDATE agent SET record_key = '" + base::to_hex(other.public_key().bytes()) + "' WHERE " + anna());
  EXPECT_EQ(told(verify(url_, world_.options())), "");
  auto options = world_.options();
  options.keys = world_.keys();
  EXPECT_EQ(told(verify(url_, options)), "agent_key_changed anna\n");
  EXPECT_EQ(told(verify_by_bundle(url_, world_.options(), world_.keys())), "agent_key_changed anna\n");
}

TEST_P(TamperTest, ChangedAndSignedAnewWithAnotherKeyThatIsEnrolled) {
  const auto other = crypto::SigningKey::generate().value();
  auto bodies = world_.sender(0).batches;
  bodies[0][1] = "forged";
  tamper(url_, forge(world_.sender(0), bodies, other));
  tamper(url_,
         "UPDATE agent SET record_key = '" + base::to_hex(other.public_key().bytes()) + "' WHERE " + anna());
  EXPECT_EQ(told(verify(url_, world_.options())), "head_changed anna 1/1 leaf 0\n");
}

TEST_P(TamperTest, AnAgentThatIsGone) {
  EXPECT_EQ(told(verify(url_, world_.options())), "");
  tamper(url_, "DELETE FROM agent WHERE " + anna());
  EXPECT_EQ(told(verify(url_, world_.options())), "agent_unknown 1\n");
  EXPECT_EQ(told(verify_by_bundle(url_, world_.options(), world_.keys())), "agent_unknown anna 1\n");
}

TEST_P(TamperTest, AMissingLeaf) {
  EXPECT_EQ(after("DELETE FROM log_leaf WHERE leaf_index = 2"), "leaf_missing leaf 2\n");
}

TEST_P(TamperTest, TheLogsEndIsMissing) {
  EXPECT_EQ(after("DELETE FROM log_leaf WHERE leaf_index > 3"),
            "leaf_missing leaf 4 size 6\nstream_changed anna 1/7\nstream_changed ben 1/7\n");
}

TEST_P(TamperTest, AMissingCheckpoint) {
  EXPECT_EQ(after("DELETE FROM checkpoint WHERE tree_size = 4"), "checkpoint_missing leaf 2 size 4\n");
}

TEST_P(TamperTest, TheNewestCheckpointIsMissing) {
  EXPECT_EQ(after("DELETE FROM checkpoint WHERE tree_size = 6"), "checkpoint_missing leaf 4 size 6\n");
}

TEST_P(TamperTest, ALogWrittenAnewIsFoundByACheckpointKeptElsewhere) {
  const auto note = [&] {
    std::ifstream file{world_.checkpoint_file()};
    return std::string{std::istreambuf_iterator<char>{file}, {}};
  }();
  const KeptCheckpoint kept{.source = "usb/checkpoint.txt",
                            .checkpoint = must(open_checkpoint(note, world_.keys().log))};
  EXPECT_EQ(kept.checkpoint.size, 6u);
  auto options = world_.options();
  options.kept = {kept};
  EXPECT_EQ(told(verify(url_, options)), "");
  // The collector itself, with its keys and the agent's: records, stream, log, all anew.
  auto bodies = world_.sender(0).batches;
  bodies[2][1] = "forged";
  tamper(url_, forge(world_.sender(0), bodies, world_.sender(0).key) +
                   "; DELETE FROM log_leaf; DELETE FROM checkpoint; UPDATE stream SET logged_seq = 0");
  world_.sender(0).batches = bodies;
  std::filesystem::remove(world_.checkpoint_file());
  auto database = must(store::Connection::open(url_));
  world_.log(database);
  EXPECT_EQ(told(verify(url_, world_.options())), "") << "by itself it is whole";
  EXPECT_EQ(told(verify(url_, options)), "log_rewritten leaf 2 size 6\n")
      << "shorter, because written at once";
  world_.round(database);
  world_.log(database);
  world_.round(database);
  world_.log(database);
  EXPECT_EQ(told(verify(url_, options)), "log_rewritten size 6\n");
}

}  // namespace
}  // namespace collector::proof
