// Whatever is changed in the database is found, and the first record that is concerned is named: column by
// column, row by row, on copies of one SQLite file.

#include <algorithm>
#include <optional>

#include "tests/collector/proof/world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::proof {
namespace {

class ColumnTest : public testing::Test {
 protected:
  ColumnTest() : folder_{own_folder("columns")} {
    World made{"sqlite:" + original().string(), folder_};
    world_.emplace(std::move(made));
  }
  ~ColumnTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path original() const { return folder_ / "original.db"; }
  std::string url() const { return "sqlite:" + (folder_ / "copy.db").string(); }

  void copy() {
    for (const char* name : {"copy.db", "copy.db-wal", "copy.db-shm"})
      std::filesystem::remove(folder_ / name);
    std::filesystem::copy_file(original(), folder_ / "copy.db");
  }

  // Changes one value of one row a little.
  void change(const std::string& table, const std::string& column, int row) {
    copy();
    const auto where = " WHERE rowid = (SELECT rowid FROM " + table + " ORDER BY rowid LIMIT 1 OFFSET " +
                       std::to_string(row) + ")";
    // The middle character of a text: another digit, or another letter of a note.
    const auto text = "substr(" + column + ", 1, length(" + column + ") / 2 - 1) || CASE substr(" + column +
                      ", length(" + column + ") / 2, 1) WHEN '1' THEN '2' ELSE '1' END || substr(" + column +
                      ", length(" + column + ") / 2 + 1)";
    const auto set = [&](const std::string& number) {
      tamper(url(), "UPDATE " + table + " SET " + column + " = CASE typeof(" + column +
                        ") WHEN 'text' THEN " + text + " ELSE " + number + " END" + where);
    };
    try {
      set(column + " + 1");
    } catch (const std::exception&) {  // Unique.
      set(column + " + 1000");
    }
  }

  // True if one finding is of agent `n`'s record `seq`.
  static bool names(const Report& report, const std::string& agent, std::int64_t first, std::int64_t last) {
    return std::ranges::any_of(report.findings, [&](const Finding& finding) {
      return finding.agent == agent && finding.seq >= first && finding.seq <= last;
    });
  }

  Report report() {
    auto report = verify(url(), world_->options());
    const auto by_bundle = verify_by_bundle(url(), world_->options(), world_->keys());
    EXPECT_FALSE(by_bundle.findings.empty());
    return report;
  }
  const Sender& sender_of(int row) const { return world_->sender(row % kSenders); }

  std::filesystem::path folder_;
  std::optional<World> world_;
};

TEST_F(ColumnTest, EachColumnOfEachRecord) {
  for (const std::string column : {"batch_id", "agent_id", "epoch", "seq", "hash", "body", "received_ms"}) {
    for (int row = 0; row < kSenders * kRounds * kInBatch; ++row) {
      change("record", column, row);
      const auto found = report();
      const int round = row / (kSenders * kInBatch);
      const auto& sender = sender_of(row / kInBatch);
      const auto seq = round * kInBatch + row % kInBatch + 1;
      EXPECT_TRUE(names(found, sender.hex(), seq, seq)) << column << " of row " << row << ":\n"
                                                        << told(found);
    }
  }
}

TEST_F(ColumnTest, EachColumnOfEachBatch) {
  for (const std::string column : {"batch_id", "agent_id", "epoch", "first_seq", "record_count", "prev_head",
                                   "head", "key_id", "sig", "received_ms"}) {
    for (int row = 0; row < kSenders * kRounds; ++row) {
      change("batch", column, row);
      const auto found = report();
      const auto first = row / kSenders * kInBatch + 1;
      EXPECT_TRUE(names(found, sender_of(row).hex(), first, first)) << column << " of row " << row << ":\n"
                                                                    << told(found);
      // Where the signature lets us say which column it was, it is said.
      if (column == "record_count" || column == "prev_head" || column == "head" || column == "key_id") {
        EXPECT_NE(found.findings.at(0).what.find(column), std::string::npos) << found.findings.at(0).what;
      }
    }
  }
}

TEST_F(ColumnTest, EachColumnOfEachStream) {
  for (const std::string column : {"agent_id", "epoch", "committed_seq", "head", "logged_seq"}) {
    for (int row = 0; row < kSenders; ++row) {
      change("stream", column, row);
      const auto found = report();
      EXPECT_TRUE(std::ranges::any_of(found.findings,
                                      [&](const Finding& finding) {
                                        return finding.agent == sender_of(row).hex() &&
                                               finding.kind == Kind::stream_changed;
                                      }))
          << column << " of row " << row << ":\n"
          << told(found);
    }
  }
}

TEST_F(ColumnTest, EachColumnOfEachLeaf) {
  for (const std::string column : {"leaf_index", "agent_id", "epoch", "committed_seq", "head", "logged_ms"}) {
    for (int row = 0; row < kSenders * kRounds; ++row) {
      change("log_leaf", column, row);
      const auto found = report();
      // Two leaves share a checkpoint: the tree alone cannot tell which of them it was.
      EXPECT_TRUE(std::ranges::any_of(
          found.findings,
          [&](const Finding& finding) { return finding.leaf && *finding.leaf / kSenders == row / kSenders; }))
          << column << " of row " << row << ":\n"
          << told(found);
      if (column == "leaf_index" || column == "logged_ms") {
        EXPECT_EQ(found.findings.at(0).leaf, row) << told(found);
      }
    }
  }
}

TEST_F(ColumnTest, EachColumnOfEachCheckpoint) {
  for (const std::string column : {"tree_size", "root", "note", "signed_ms"}) {
    for (int row = 0; row < kRounds; ++row) {
      change("checkpoint", column, row);
      const auto found = report();
      const auto size = (row + 1) * kSenders + (column == "tree_size" ? 1 : 0);
      EXPECT_TRUE(std::ranges::any_of(found.findings,
                                      [&](const Finding& finding) { return finding.checkpoint == size; }))
          << column << " of row " << row << ":\n"
          << told(found);
    }
  }
}

TEST_F(ColumnTest, TheKeyAndTheIdOfEachAgent) {
  for (const std::string column : {"agent_id", "record_key"}) {
    for (int row = 0; row < kSenders; ++row) {
      change("agent", column, row);
      const auto found = report();
      EXPECT_TRUE(std::ranges::any_of(
          found.findings, [&](const Finding& finding) { return finding.agent == sender_of(row).hex(); }))
          << column << " of row " << row << ":\n"
          << told(found);
    }
  }
}

TEST_F(ColumnTest, UpperCaseIsNotWhatWasWritten) {
  copy();
  tamper(url(), "UPDATE record SET hash = upper(hash) WHERE seq = 2");
  EXPECT_EQ(told(report()), "record_changed anna 1/2\nrecord_changed ben 1/2\n");
}

}  // namespace
}  // namespace collector::proof
