// The log takes the chain of changes in as it does streams, and a long chain costs no more than a short one.

#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "collector/proof/log.h"
#include "collector/store/log.h"
#include "common/base/hex.h"
#include "tests/collector/proof/world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::proof {
namespace {

using store::at;
using store::must;

std::string fresh_url(store::Dialect dialect) {
  return dialect == store::Dialect::sqlite ? support::migrated_sqlite_url()
                                           : support::migrated_postgres_url();
}

class ChangeChainTest : public testing::TestWithParam<store::Dialect> {
 protected:
  ChangeChainTest()
      : url_{fresh_url(GetParam())},
        folder_{own_folder("chain")},
        world_{url_, folder_},
        database_{must(store::Connection::open(url_))} {}
  ~ChangeChainTest() override { std::filesystem::remove_all(folder_); }

  Log fresh() {
    return Log{kOrigin, must(crypto::SigningKey::from_seed(std::string(32, 'z'))), world_.checkpoint_file()};
  }
  std::int64_t size() {
    std::int64_t size = 0;
    must(database_.read([&](store::Transaction& tx) -> base::Status {
      size = must(store::newest_checkpoint(tx)).value().tree_size;
      return {};
    }));
    return size;
  }
  std::string said() { return told(verify(url_, world_.options())); }

  std::string url_;
  std::filesystem::path folder_;
  World world_;
  store::Connection database_;
};
INSTANTIATE_TEST_SUITE_P(On, ChangeChainTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

constexpr auto kNow = std::int64_t{1'900'000'000'000};

TEST_P(ChangeChainTest, ItsHeadIsOneLeafOfAnIntervalHoweverManyChangesThereWere) {
  auto log = fresh();
  world_.note(database_, 100);
  EXPECT_TRUE(must(log.step(database_, at(kNow))));
  EXPECT_EQ(size(), 7);
  EXPECT_FALSE(must(log.step(database_, at(kNow)))) << "nothing moved";
  EXPECT_FALSE(must(fresh().step(database_, at(kNow)))) << "nor after a start";
  world_.note(database_, 1);
  world_.round(database_);
  EXPECT_TRUE(must(log.step(database_, at(kNow))));
  EXPECT_EQ(size(), 10) << "the chain and both streams";
  EXPECT_EQ(said(), "");
}

TEST_P(ChangeChainTest, AStepThatFailsAnywhereIsMadeUpFor) {
  const bool sqlite = GetParam() == store::Dialect::sqlite;
  if (!sqlite) {
    tamper(url_,
           "CREATE FUNCTION no() RETURNS trigger AS $$BEGIN RAISE EXCEPTION 'no'; END$$ LANGUAGE plpgsql");
  }
  for (const bool same_log : {true, false}) {
    for (const std::string what : {"INSERT ON log_leaf", "UPDATE ON change_state", "INSERT ON checkpoint"}) {
      auto log = fresh();
      const auto before = size();
      world_.note(database_, 2);
      tamper(url_, sqlite ? "CREATE TRIGGER stop BEFORE " + what + " BEGIN SELECT RAISE(ABORT, 'no'); END"
                          : "CREATE TRIGGER stop BEFORE " + what + " FOR EACH ROW EXECUTE FUNCTION no()");
      EXPECT_FALSE(log.step(database_, at(kNow))) << what;
      EXPECT_EQ(size(), before) << what;
      EXPECT_EQ(said(), "") << what;
      tamper(url_, sqlite ? "DROP TRIGGER stop" : "DROP TRIGGER stop ON " + what.substr(what.rfind(' ') + 1));
      if (!same_log) log = fresh();
      EXPECT_TRUE(must(log.step(database_, at(kNow)))) << what;
      EXPECT_EQ(size(), before + 1) << what;
      EXPECT_EQ(said(), "") << what;
    }
  }
}

// One statement for `n` changes behind the `first`, for one by one takes its time. `head`: theirs.
std::string many_changes(std::int64_t first, std::int64_t n, const std::string& text, std::string& head) {
  std::string values;
  for (auto number = first + 1; number <= first + n; ++number) {
    store::ChangeRow row{.number = number, .changed = at(kNow), .change = change_of(1), .hash = {}};
    row.change.after = text;
    head = std::string{chained(row, head).bytes()};
    const auto& says = row.change;
    values += (values.empty() ? "(" : ", (") + std::to_string(number) + ", " + std::to_string(kNow);
    for (const auto& cell : {says.who, says.action, says.object, says.key, says.before, says.after, says.why,
                             base::to_hex(head)}) {
      values += ", '" + cell + "'";
    }
    values += ")";
  }
  return "INSERT INTO change VALUES " + values +
         "; UPDATE change_state SET number = " + std::to_string(first + n) + ", head = '" +
         base::to_hex(head) + "'";
}

// Bytes of this process that were in memory at once, at most, since the last call of forget_peak().
std::int64_t peak_kb() {
  std::ifstream status{"/proc/self/status"};
  for (std::string word; status >> word;) {
    std::int64_t kb = 0;
    if (word == "VmHWM:" && status >> kb) return kb;
  }
  return -1;
}
void forget_peak() {
  std::ofstream{"/proc/self/clear_refs"} << "5";
}

// Under a sanitizer freed memory is kept, and the peak says nothing.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kKeepsWhatIsFreed = true;
#elif defined(__has_feature)
constexpr bool kKeepsWhatIsFreed = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool kKeepsWhatIsFreed = false;
#endif

class LongChain : public testing::TestWithParam<store::Dialect> {};
INSTANTIATE_TEST_SUITE_P(On, LongChain, testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(LongChain, TenThousandChangesAreCheckedWithFlatMemory) {
  constexpr int kChanges = 10'000;
  constexpr int kAtOnce = 1'000;
  constexpr std::size_t kTextBytes = 2'000;
  constexpr std::int64_t kPeakKbMax = 10 * 1024;  // They are twice as much.
  const auto url = fresh_url(GetParam());
  const auto folder = own_folder("long-chain");
  // In a process of its own, so that this one has never had as much memory.
  std::string head;
  const auto builder = ::fork();
  if (builder == 0) {
    World world{url, folder};
    auto database = must(store::Connection::open(url));
    for (int done = 0; done < kChanges; done += kAtOnce) {
      tamper(url, many_changes(done, kAtOnce, std::string(kTextBytes, 'x'), head));
      world.log(database);
    }
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(builder, &status, 0), builder);
  ASSERT_EQ(status, 0);

  const auto key = must(crypto::SigningKey::from_seed(std::string(32, 'z'))).public_key();
  forget_peak();
  const auto before = peak_kb();
  ASSERT_GT(before, 0);
  const auto report = verify(url, {.log = {.name = kOrigin, .key = key}});
  const auto grown = peak_kb() - before;
  EXPECT_EQ(told(report), "");
  EXPECT_EQ(report.counts.changes, kChanges);
  if (!kKeepsWhatIsFreed) {
    EXPECT_LT(grown, kPeakKbMax);
  }
  RecordProperty("peak_kb", static_cast<int>(grown));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace collector::proof
