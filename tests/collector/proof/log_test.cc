// The log is kept: one checkpoint for what moved, none for what did not, and a step that fails or is killed
// anywhere is made up for by the next.

#include "collector/proof/log.h"

#include <unistd.h>

#include <fstream>

#include "collector/proof/keeper.h"
#include "collector/store/log.h"
#include "tests/collector/proof/world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::proof {
namespace {

using store::at;
using store::must;

std::string contents(const std::filesystem::path& path) {
  std::ifstream file{path};
  return std::string{std::istreambuf_iterator<char>{file}, {}};
}

class LogTest : public testing::TestWithParam<store::Dialect> {
 protected:
  LogTest()
      : url_{GetParam() == store::Dialect::sqlite ? support::migrated_sqlite_url()
                                                  : support::migrated_postgres_url()},
        folder_{std::filesystem::path{testing::TempDir()} / ("proof.log." + std::to_string(::getpid()))},
        world_{url_, make(folder_)},
        database_{must(store::Connection::open(url_))} {}
  ~LogTest() override { std::filesystem::remove_all(folder_); }

  static std::filesystem::path make(const std::filesystem::path& folder) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    return folder;
  }
  static crypto::SigningKey key() { return crypto::SigningKey::from_seed(std::string(32, 'z')).value(); }
  Log fresh() { return Log{kOrigin, key(), world_.checkpoint_file()}; }
  Checkpoint newest() {
    std::string note;
    must(database_.read([&](store::Transaction& tx) -> base::Status {
      note = must(store::newest_checkpoint(tx)).value().note;
      return {};
    }));
    return must(open_checkpoint(note, world_.keys().log));
  }
  std::string said() { return told(verify(url_, world_.options())); }
  Checkpoint in_file() {
    return must(open_checkpoint(contents(world_.checkpoint_file()), world_.keys().log));
  }

  std::string url_;
  std::filesystem::path folder_;
  World world_;
  store::Connection database_;
};
INSTANTIATE_TEST_SUITE_P(On, LogTest, testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(LogTest, NothingMovedWritesNothing) {
  const auto before = newest();
  EXPECT_EQ(before.size, 6u);
  auto log = fresh();
  EXPECT_FALSE(must(log.step(database_, at(5))));
  EXPECT_FALSE(must(log.step(database_, at(6))));
  EXPECT_EQ(newest(), before);
  EXPECT_EQ(in_file(), before);
}

TEST_P(LogTest, OneLogGoesOnFromStepToStep) {
  auto log = fresh();
  for (std::uint64_t size = 8; size <= 20; size += 2) {
    world_.round(database_);
    EXPECT_TRUE(must(log.step(database_, at(1'900'000'000'000))));
    EXPECT_EQ(newest().size, size);
    EXPECT_EQ(in_file(), newest());
  }
  EXPECT_EQ(said(), "") << "though the clock stood still: each checkpoint has a time of its own";
}

TEST_P(LogTest, AClockSetBackALittleDoesNotMatter) {
  auto log = fresh();
  const auto before = newest();
  world_.round(database_);
  EXPECT_TRUE(must(log.step(database_, before.signed_at - Log::kClockBackMax)));
  EXPECT_EQ(newest().signed_at, before.signed_at + std::chrono::milliseconds{1});
  EXPECT_EQ(said(), "");
}

TEST_P(LogTest, AClockThatIsFarBackMakesTheLeavesWait) {
  const auto before = newest();
  world_.round(database_);
  const auto too_early = before.signed_at - Log::kClockBackMax - std::chrono::milliseconds{1};
  auto log = fresh();
  for (int interval = 0; interval < 2; ++interval) {
    const auto refused = log.step(database_, too_early);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, base::ErrorCode::unavailable);
    EXPECT_NE(refused.error().message.find("this machine's clock says"), std::string::npos);
    EXPECT_EQ(newest(), before);
    EXPECT_EQ(said(), "");
  }
  const auto now = before.signed_at + std::chrono::seconds{1};
  EXPECT_TRUE(must(log.step(database_, now)));
  EXPECT_EQ(newest().signed_at, now);
  EXPECT_EQ(newest().size, before.size + 2) << "what moved has waited";
  EXPECT_EQ(said(), "");
}

TEST_P(LogTest, AStepThatFailsAnywhereIsMadeUpFor) {
  const bool sqlite = GetParam() == store::Dialect::sqlite;
  if (!sqlite) {
    tamper(url_,
           "CREATE FUNCTION no() RETURNS trigger AS $$BEGIN RAISE EXCEPTION 'no'; END$$ LANGUAGE plpgsql");
  }
  const std::string table[] = {"INSERT ON log_leaf", "UPDATE ON stream", "INSERT ON checkpoint"};
  for (const bool same_log : {true, false}) {
    for (const auto& what : table) {
      world_.round(database_);
      auto log = fresh();
      const auto before = newest();
      tamper(url_, sqlite ? "CREATE TRIGGER stop BEFORE " + what + " BEGIN SELECT RAISE(ABORT, 'no'); END"
                          : "CREATE TRIGGER stop BEFORE " + what + " FOR EACH ROW EXECUTE FUNCTION no()");
      EXPECT_FALSE(log.step(database_, at(1'900'000'000'000))) << what;
      EXPECT_FALSE(log.step(database_, at(1'900'000'000'000))) << what;
      EXPECT_EQ(newest(), before) << what;
      EXPECT_EQ(said(), "") << what;
      tamper(url_, sqlite ? "DROP TRIGGER stop" : "DROP TRIGGER stop ON " + what.substr(what.rfind(' ') + 1));
      if (!same_log) log = fresh();
      EXPECT_TRUE(must(log.step(database_, at(1'900'000'000'000)))) << what;
      EXPECT_EQ(newest().size, before.size + 2) << what;
      EXPECT_EQ(said(), "") << what;
    }
  }
}

TEST_P(LogTest, AFileThatCannotBeWrittenIsWrittenLater) {
  const auto file = world_.checkpoint_file();
  auto log = fresh();
  EXPECT_FALSE(must(log.step(database_, at(1'900'000'000'000))));
  std::filesystem::remove(file);
  std::filesystem::create_directory(file);
  world_.round(database_);
  EXPECT_FALSE(log.step(database_, at(1'900'000'000'000)));
  EXPECT_EQ(newest().size, 8u) << "in the database it is";
  std::filesystem::remove(file);
  EXPECT_FALSE(must(log.step(database_, at(1'900'000'000'001))));
  EXPECT_EQ(in_file(), newest());
  // Killed between the commit and the file.
  std::filesystem::remove(file);
  auto next = fresh();
  EXPECT_FALSE(must(next.step(database_, at(1'900'000'000'002))));
  EXPECT_EQ(in_file(), newest());
}

TEST_P(LogTest, NothingIsSignedOverALogThatWasChanged) {
  tamper(url_, "UPDATE log_leaf SET logged_ms = logged_ms + 1 WHERE leaf_index = 3");
  world_.round(database_);
  auto log = fresh();
  const auto refused = log.step(database_, at(1'900'000'000'000));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::corrupt);
  EXPECT_EQ(newest().size, 6u);
  Log other{"other/log", key(), world_.checkpoint_file()};
  EXPECT_EQ(other.step(database_, at(1)).error().code, base::ErrorCode::conflict);
  Log stranger{kOrigin, crypto::SigningKey::generate().value(), world_.checkpoint_file()};
  EXPECT_EQ(stranger.step(database_, at(1)).error().code, base::ErrorCode::conflict);
}

// As if somebody had put the database back to where it stood `leaves` leaves ago: clean in itself.
std::string cut_back(std::uint64_t leaves) {
  const auto n = std::to_string(leaves);
  return "DELETE FROM checkpoint WHERE tree_size > " + n + "; DELETE FROM log_leaf WHERE leaf_index >= " + n +
         "; UPDATE stream SET logged_seq = COALESCE((SELECT MAX(committed_seq) FROM log_leaf WHERE "
         "log_leaf.agent_id = stream.agent_id AND log_leaf.epoch = stream.epoch), 0)";
}

TEST_P(LogTest, ADatabaseThatWasCutBackIsNotSigned) {
  const auto kept = contents(world_.checkpoint_file());
  for (const std::uint64_t left : {4, 2, 0}) {
    auto running = fresh();
    EXPECT_EQ(running.step(database_, at(1'900'000'000'000)).has_value(), left == 4);
    tamper(url_, cut_back(left));
    auto started = fresh();
    for (auto* log : {&running, &started}) {
      for (int interval = 0; interval < 2; ++interval) {
        const auto refused = log->step(database_, at(1'900'000'000'000));
        ASSERT_FALSE(refused) << left;
        EXPECT_EQ(refused.error().code, base::ErrorCode::corrupt);
        EXPECT_NE(refused.error().message.find("over 6 leaves was signed"), std::string::npos)
            << refused.error().message;
        EXPECT_NE(refused.error().message.find(world_.checkpoint_file().string() + " away"),
                  std::string::npos);
      }
    }
    EXPECT_EQ(contents(world_.checkpoint_file()), kept) << "the only witness";
    auto options = world_.options();
    options.kept = {{.source = "checkpoint.txt", .checkpoint = in_file()}};
    EXPECT_EQ(told(verify(url_, options)), "log_rewritten leaf " + std::to_string(left) + " size 6\n");
  }
}

TEST_P(LogTest, ALogOfTheSameLengthOrLongerWithOtherLeavesIsNotSigned) {
  const auto kept = contents(world_.checkpoint_file());
  auto running = fresh();
  must(running.step(database_, at(1'900'000'000'000)));
  tamper(url_, cut_back(0));
  // Whoever has the key signs another log, without the file.
  const auto elsewhere = folder_ / "elsewhere.txt";
  for (const bool longer : {false, true}) {
    Log forger{kOrigin, key(), elsewhere};
    while (longer || must(forger.step(database_, at(1'900'000'000'000)))) {
      if (longer || newest().size >= 6) break;
      world_.round(database_);
    }
    if (longer) {
      world_.round(database_);
      must(forger.step(database_, at(1'900'000'000'000)));
    }
    EXPECT_EQ(newest().size, longer ? 8u : 6u);
    auto started = fresh();
    for (auto* log : {&running, &started}) {
      const auto refused = log->step(database_, at(1'900'000'000'000));
      ASSERT_FALSE(refused);
      EXPECT_EQ(refused.error().code, base::ErrorCode::corrupt);
      EXPECT_NE(refused.error().message.find("those of the database are others"), std::string::npos);
    }
    EXPECT_EQ(contents(world_.checkpoint_file()), kept);
  }
}

TEST_P(LogTest, AfterABackupWasPutBackTheFileIsMovedAway) {
  tamper(url_, cut_back(4));
  EXPECT_FALSE(fresh().step(database_, at(1'900'000'000'000)));
  std::filesystem::rename(world_.checkpoint_file(), folder_ / "kept.txt");
  auto log = fresh();
  EXPECT_TRUE(must(log.step(database_, at(1'900'000'000'000))));
  EXPECT_EQ(in_file(), newest());
  EXPECT_EQ(said(), "");
}

TEST_P(LogTest, AFileThatIsNoCheckpointOfThisLogProvesNothing) {
  const Checkpoint longer{.origin = kOrigin, .size = 99, .root = {}, .signed_at = at(1)};
  auto other_origin = longer;
  other_origin.origin = "other/log";
  const std::string table[] = {"", "garbage", sign_checkpoint(longer, crypto::SigningKey::generate().value()),
                               sign_checkpoint(other_origin, key())};
  for (const auto& note : table) {
    std::ofstream{world_.checkpoint_file()} << note;
    auto log = fresh();
    EXPECT_FALSE(must(log.step(database_, at(1'900'000'000'000)))) << note;
    EXPECT_EQ(in_file(), newest());
  }
}

TEST_P(LogTest, TheKeeperPutsDownWhatIsThereWhenItEnds) {
  world_.round(database_);
  {
    Keeper keeper{must(store::Connection::open(url_)), fresh(), std::chrono::hours{1},
                  timing::system_clock()};
  }
  EXPECT_EQ(newest().size, 8u);
  EXPECT_EQ(said(), "");
}

TEST(LogSize, MoreStreamsThanFitIntoOneTransactionAreSeveralCheckpoints) {
  const auto url = support::migrated_sqlite_url();
  auto database = must(store::Connection::open(url));
  must(store::migrate(database, at(0)));
  std::string sql;
  for (int i = 0; i < Log::kLeavesMax + 1; ++i) {
    const auto id = std::to_string(10'000 + i) + std::string(27, '0');
    sql += "INSERT INTO stream (agent_id, epoch, committed_seq, head) VALUES ('" + id + "', 1, 1, '" +
           std::string(64, 'a') + "');";
  }
  tamper(url, sql);
  const auto file = std::filesystem::path{testing::TempDir()} / ("many." + std::to_string(::getpid()));
  Log log{kOrigin, crypto::SigningKey::from_seed(std::string(32, 'z')).value(), file};
  EXPECT_TRUE(must(log.step(database, at(1))));
  std::int64_t checkpoints = 0;
  must(database.read([&](store::Transaction& tx) -> base::Status {
    auto rows = must(store::audit_checkpoints(tx));
    for (store::AuditCheckpoint row; must(rows.next(row));) ++checkpoints;
    EXPECT_EQ(must(store::newest_checkpoint(tx))->tree_size, Log::kLeavesMax + 1);
    return {};
  }));
  EXPECT_EQ(checkpoints, 2);
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace collector::proof
