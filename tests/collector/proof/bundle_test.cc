// A bundle that is not what was exported is named as such, whichever bit it is, and wherever it ends.

#include "collector/proof/bundle.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "collector/proof/bundle_file.h"
#include "tests/collector/proof/world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::proof {
namespace {

using store::must;

class BundleTest : public testing::Test {
 protected:
  BundleTest() {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    world_.emplace(url_, folder_);
    auto database = must(store::Connection::open(url_));
    world_->note(database, 3);
    world_->log(database);
    world_->note(database, 2);
    must(export_bundle(database, file(), {.origin = kOrigin, .created = store::at(7)}));
    options_ = world_->options();
    options_.keys = world_->keys();
  }
  ~BundleTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path file() const { return folder_ / "a.evidence"; }
  // One agent's alone: short enough to be checked once for each of its bytes.
  std::string short_one() {
    const auto path = folder_ / "short.evidence";
    auto database = must(store::Connection::open(url_));
    must(export_bundle(database, path,
                       {.origin = kOrigin, .agent = world_->sender(1).hex(), .created = store::at(7)}));
    return bytes(path);
  }
  static std::string bytes(const std::filesystem::path& path) {
    std::ifstream in{path, std::ios::binary};
    return std::string{std::istreambuf_iterator<char>{in}, {}};
  }
  Report check(const std::string& contents) {
    const auto path = folder_ / "changed.evidence";
    std::ofstream{path, std::ios::binary | std::ios::trunc} << contents;
    return must(verify_bundle(path, options_));
  }

  std::string url_ = support::migrated_sqlite_url();
  std::filesystem::path folder_ =
      std::filesystem::path{testing::TempDir()} / ("bundle." + std::to_string(::getpid()));
  std::optional<World> world_;
  VerifyOptions options_;
};

TEST_F(BundleTest, EveryCutIsFound) {
  const auto whole = short_one();
  ASSERT_EQ(told(check(whole)), "");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto report = check(whole.substr(0, size));
    ASSERT_FALSE(report.findings.empty()) << size;
    ASSERT_EQ(report.findings.front().kind, Kind::bundle_damaged) << size;
  }
  EXPECT_EQ(check(whole + "x").findings.front().kind, Kind::bundle_damaged);
  EXPECT_EQ(check(whole + whole).findings.front().kind, Kind::bundle_damaged);
}

TEST_F(BundleTest, EveryFlippedBitIsFound) {
  const auto whole = short_one();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    auto changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 1 << (i * 5 + 3) % 8);
    ASSERT_FALSE(check(changed).findings.empty()) << i;
  }
}

TEST_F(BundleTest, GarbageIsNamed) {
  EXPECT_EQ(check("").findings.front().kind, Kind::bundle_damaged);
  EXPECT_EQ(check(std::string(1000, '\xff')).findings.front().kind, Kind::bundle_damaged);
  EXPECT_EQ(check(std::string("\x80\x80\x80\x80\x08", 5)).findings.front().kind, Kind::bundle_damaged);
  EXPECT_EQ(check(std::string("\0\0\0\0", 4)).findings.front().kind, Kind::bundle_damaged);
}

// Somebody who can compute the digest at the end, but has no keys.
TEST_F(BundleTest, ItemsLeftOutOrMovedAreFound) {
  std::vector<v1::EvidenceItem> items;
  {
    auto reader = must(BundleReader::open(file()));
    for (v1::EvidenceItem item; reader.next(item);) items.push_back(item);
    EXPECT_EQ(reader.damage(), "");
  }
  const auto written = [&](const std::vector<v1::EvidenceItem>& all) {
    const auto path = folder_ / "forged.evidence";
    std::filesystem::remove(path);
    auto writer = must(BundleWriter::create(path));
    for (const auto& item : all) writer.add(item);
    must(writer.finish());
    return must(verify_bundle(path, options_));
  };
  ASSERT_EQ(told(written(items)), "");
  for (std::size_t i = 0; i < items.size(); ++i) {
    auto fewer = items;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    // An agent's row alone may be left out only with its streams.
    EXPECT_FALSE(written(fewer).findings.empty()) << i << " " << items[i].kind_case();
    auto twice = items;
    twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(i), items[i]);
    if (items[i].has_agent()) continue;  // The same row again says nothing else.
    EXPECT_FALSE(written(twice).findings.empty()) << i << " " << items[i].kind_case();
    if (i + 1 == items.size() || items[i].has_agent()) continue;
    auto swapped = items;
    std::swap(swapped[i], swapped[i + 1]);
    EXPECT_FALSE(written(swapped).findings.empty()) << i << " " << items[i].kind_case();
  }
}

TEST_F(BundleTest, ChangesCannotBeHiddenAsABundleOfOneAgent) {
  std::vector<v1::EvidenceItem> items;
  auto reader = must(BundleReader::open(file()));
  for (v1::EvidenceItem item; reader.next(item);) items.push_back(item);
  items.at(0).mutable_header()->set_agent(world_->sender(0).hex());
  const auto path = folder_ / "claimed.evidence";
  auto writer = must(BundleWriter::create(path));
  for (const auto& item : items) writer.add(item);
  must(writer.finish());
  const auto report = must(verify_bundle(path, options_));
  EXPECT_EQ(report.findings.at(0).kind, Kind::bundle_damaged);
  EXPECT_EQ(report.counts.changes, std::nullopt);
  EXPECT_EQ(must(verify_bundle(file(), options_)).counts.changes, 5);
}

TEST_F(BundleTest, IsPrivateAndNeverReplacesAFile) {
  struct stat status{};
  ASSERT_EQ(::stat(file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  auto database = must(store::Connection::open(url_));
  const auto again = export_bundle(database, file(), {.origin = kOrigin, .created = store::at(7)});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, base::ErrorCode::conflict);
  EXPECT_FALSE(
      export_bundle(database, folder_ / "no" / "where", {.origin = kOrigin, .created = store::at(7)}));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "a.evidence.part"));
}

TEST_F(BundleTest, NeedsKeysAndAFile) {
  EXPECT_EQ(verify_bundle(folder_ / "none", options_).error().code, base::ErrorCode::not_found);
  EXPECT_EQ(verify_bundle(folder_, options_).error().code, base::ErrorCode::not_found);
  EXPECT_EQ(verify_bundle(file(), world_->options()).error().code, base::ErrorCode::invalid_argument);
}

TEST_F(BundleTest, AnotherLogsKeyFitsNothing) {
  options_.log.key = crypto::SigningKey::generate().value().public_key();
  const auto report = check(bytes(file()));
  ASSERT_EQ(report.findings.size(), 5u) << "four checkpoints, and leaves that none covers";
  EXPECT_EQ(report.findings.front().kind, Kind::checkpoint_signature);
}

}  // namespace
}  // namespace collector::proof
