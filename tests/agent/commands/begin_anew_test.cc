// `begin-anew` tells, then marks; nothing else is touched, and nothing at all while an agent runs.

#include "agent/commands/begin_anew.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "agent/commands/single.h"
#include "agent/identity/identity.h"
#include "agent/outbox/outbox.h"

namespace {

using namespace agent::commands;
using testing::HasSubstr;

class BeginAnew : public testing::Test {
 protected:
  BeginAnew() {
    folder = std::filesystem::path{testing::TempDir()} /
             ("begin_anew_" + std::string{testing::UnitTest::GetInstance()->current_test_info()->name()});
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    std::ofstream{folder / "agent.toml"} << "";
  }
  ~BeginAnew() override { std::filesystem::remove_all(folder); }

  void enrol() const {
    ASSERT_TRUE(agent::identity::save(folder, {.agent_id = id,
                                               .epoch = 1,
                                               .workstation = "WS-07",
                                               .collector_host = "127.0.0.1",
                                               .collector_port = 9,
                                               .collector_key = {}}));
  }
  void fill_outbox() const {
    auto outbox = open().value();
    ASSERT_TRUE(outbox.append({"a", "b", "c"}, {}, {}));
    ASSERT_TRUE(outbox.acknowledge(1));
  }
  base::Result<agent::outbox::Outbox> open() const {
    return agent::outbox::Outbox::open(folder / "outbox.db", id, 1);
  }
  int begin_anew(bool yes) {
    std::ostringstream told, refused;
    const int code = run_begin_anew({.config = folder / "agent.toml", .data_directory = folder, .yes = yes},
                                    told, refused);
    out = told.str();
    err = refused.str();
    return code;
  }

  record::AgentId id = record::AgentId::from_hex("000102030405060708090a0b0c0d0e0f").value();
  std::filesystem::path folder;
  std::string out, err;
};

TEST_F(BeginAnew, TellsFirstWhatItWouldDo) {
  enrol();
  fill_outbox();
  EXPECT_EQ(begin_anew(false), 0);
  EXPECT_THAT(out,
              HasSubstr("has sealed 3 records in epoch 1; 2 of them the collector has not acknowledged"));
  EXPECT_THAT(out, HasSubstr("Nothing was changed"));
  EXPECT_TRUE(open());
}

TEST_F(BeginAnew, MarksTheOutboxAndCanBeUndone) {
  enrol();
  fill_outbox();
  EXPECT_EQ(begin_anew(true), 0) << err;
  const auto refused = open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::corrupt)
      << "what the next start takes as the word to begin anew";
  EXPECT_THAT(refused.error().message, HasSubstr("begin-anew"));
  EXPECT_THAT(out, HasSubstr(".damaged"));
  std::filesystem::remove(folder / "outbox.db.damaged");
  const auto undone = open();
  ASSERT_TRUE(undone);
  EXPECT_EQ(undone->pending(), 2U);
}

TEST_F(BeginAnew, RefusesWhileAnAgentRuns) {
  enrol();
  fill_outbox();
  const auto running = Single::take(folder);
  ASSERT_TRUE(running);
  EXPECT_EQ(begin_anew(true), 1);
  EXPECT_THAT(err, HasSubstr("stop the agent first"));
  EXPECT_TRUE(open());
}

TEST_F(BeginAnew, SaysWhatIsMissing) {
  EXPECT_EQ(begin_anew(true), 1);
  EXPECT_THAT(err, HasSubstr("not enrolled"));
  enrol();
  EXPECT_EQ(begin_anew(true), 1);
  EXPECT_NE(err, "");
}

}  // namespace
