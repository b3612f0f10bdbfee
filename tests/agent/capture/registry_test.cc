// What leaves the workstation of sessions with terminals that nobody owns.

#include "agent/capture/registry.h"

#include <deskledger/v1/fact.pb.h>
#include <gmock/gmock.h>

#include "agent/seal/fact.h"
#include "common/record/terminal_digest.h"

namespace {

using namespace agent::capture;
using testing::ElementsAre;
using testing::IsEmpty;

Telling telling(const std::string& key, const std::string& id, std::int64_t boot_ms = 0) {
  agent::session::Snapshot snapshot;
  snapshot.key = key;
  snapshot.remote_id = id;
  return {.key = key,
          .remote_id = id,
          .body = agent::seal::fact_of(snapshot, {.utc = {}, .boot_ms = boot_ms, .utc_offset_min = 0})};
}

std::string told_id(const std::string& body) {
  deskledger::v1::Fact fact;
  EXPECT_TRUE(fact.ParseFromString(body));
  EXPECT_EQ(fact.session().remote_id_withheld(), fact.session().remote_id().empty());
  return fact.session().remote_id();
}

std::vector<std::string> told_ids(const std::vector<std::string>& bodies) {
  std::vector<std::string> ids;
  for (const std::string& body : bodies) ids.push_back(told_id(body));
  return ids;
}

const std::vector<std::uint64_t> kBakery{record::terminal_digest("410100201")};

TEST(Registry, TellsAsTheAdministratorChose) {
  struct Row {
    Unregistered policy;
    bool list;
    const char* id;
    std::vector<std::string> want;
  };
  for (const Row& row : {Row{Unregistered::report, false, "410100201", {"410100201"}},
                         {Unregistered::report, true, "999", {"999"}},
                         {Unregistered::anonymous, true, "410100201", {"410100201"}},
                         {Unregistered::anonymous, true, "999", {""}},
                         {Unregistered::anonymous, false, "410100201", {""}},
                         {Unregistered::ignore, true, "410100201", {"410100201"}},
                         {Unregistered::ignore, true, "999", {}},
                         {Unregistered::ignore, false, "410100201", {}},
                         {Unregistered::ignore, true, "", {}}}) {
    Registry registry{row.policy};
    std::vector<std::string> bodies;
    if (row.list) registry.set_terminals(7, kBakery, bodies);
    registry.tell(telling("k", row.id), bodies);
    EXPECT_EQ(told_ids(bodies), row.want) << row.id << row.list;
    EXPECT_EQ(registry.withheld(), row.want == std::vector<std::string>{row.id} ? 0u : 1u);
  }
}

TEST(Registry, TellsInFullWhatIsRegisteredLater) {
  for (const auto policy : {Unregistered::anonymous, Unregistered::ignore}) {
    Registry registry{policy};
    std::vector<std::string> bodies;
    registry.tell(telling("a", "410100201", 1), bodies);
    registry.tell(telling("b", "999"), bodies);
    registry.tell(telling("a", "410100201", 2), bodies);
    bodies.clear();
    registry.set_terminals(7, kBakery, bodies);
    EXPECT_THAT(bodies, ElementsAre(telling("a", "410100201", 2).body)) << "the newest fact, once";
    EXPECT_EQ(registry.kept(), 1u);
    EXPECT_EQ(registry.version(), 7u);
    bodies.clear();
    registry.set_terminals(8, kBakery, bodies);
    EXPECT_THAT(bodies, IsEmpty());
  }
}

TEST(Registry, SurvivesARestart) {
  Registry before{Unregistered::ignore};
  std::vector<std::string> bodies;
  before.set_terminals(7, kBakery, bodies);
  before.tell(telling("b", "999"), bodies);
  Registry registry{Unregistered::ignore};
  ASSERT_TRUE(registry.load(before.save_terminals(), before.save_kept()));
  EXPECT_EQ(registry.version(), 7u);
  registry.tell(telling("a", "410100201"), bodies);
  registry.set_terminals(8, {record::terminal_digest("999")}, bodies);
  EXPECT_THAT(told_ids(bodies), ElementsAre("410100201", "999"));
}

TEST(Registry, DropsTheOldestOfTooManyAndCountsIt) {
  Registry registry{Unregistered::ignore};
  std::vector<std::string> bodies;
  for (std::size_t i = 0; i < Registry::kKeptMax + 3; ++i)
    registry.tell(telling(std::to_string(i), "999"), bodies);
  EXPECT_EQ(registry.kept(), Registry::kKeptMax);
  EXPECT_EQ(registry.dropped(), 3u);
}

TEST(Registry, RefusesDamagedMemories) {
  Registry registry{Unregistered::ignore};
  EXPECT_EQ(registry.load("\xff", "").error().code, base::ErrorCode::corrupt);
  EXPECT_EQ(registry.load("", "\xff").error().code, base::ErrorCode::corrupt);
}

}  // namespace
