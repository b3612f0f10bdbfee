// `status` and the refusals of `run` and `enroll`, in a folder of their own.

#include "agent/commands/status.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "agent/commands/enroll.h"
#include "agent/commands/run.h"
#include "agent/commands/single.h"
#include "agent/identity/identity.h"
#include "agent/outbox/outbox.h"
#include "agent/tail/position.h"
#include "common/crypto/enroll_token.h"

namespace {

using namespace agent::commands;
using testing::HasSubstr;
using testing::Not;

class DataFolder : public testing::Test {
 protected:
  DataFolder() {
    folder = std::filesystem::path{testing::TempDir()} /
             ("status_" + std::string{testing::UnitTest::GetInstance()->current_test_info()->name()});
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    config = folder / "agent.toml";
    std::ofstream{config} << "[capture]\ndefault_places = false\n";
  }
  ~DataFolder() override { std::filesystem::remove_all(folder); }

  void enrol() const {
    ASSERT_TRUE(agent::identity::save(folder, {.agent_id = id,
                                               .epoch = 1,
                                               .workstation = "WS-07\x1b[31m",
                                               .collector_host = "127.0.0.1",
                                               .collector_port = 9,
                                               .collector_key = {}}));
  }
  void fill_outbox() const {
    auto outbox = agent::outbox::Outbox::open(folder / "outbox.db", id, 1).value();
    const std::string position = agent::tail::encode(
        {.identity = {}, .offset = 40, .cut_bytes = 2, .anchor = "a", .mid_line = false, .drained = false});
    ASSERT_TRUE(outbox.append({"a", "b", "c"},
                              {{.name = "/var/log/\"x\".trace", .position = position, .builder = ""}},
                              {{"lines", 7}, {"gaps", 1}}));
    ASSERT_TRUE(outbox.acknowledge(1));
    ASSERT_TRUE(outbox.set_status("connection", "not connected: no\x1b[2J\nroute", timing::from_ms(0)));
  }
  struct Ran {
    int code = 0;
    std::string out, err;
  };
  Ran status(bool json) const {
    std::ostringstream out, err;
    const int code = run_status({.config = config, .data_directory = folder, .json = json}, out, err);
    return {code, out.str(), err.str()};
  }
  Ran run() const {
    std::ostringstream out, err;
    const int code = run_agent({.config = config, .data_directory = folder, .traces = {}}, out, err);
    return {code, out.str(), err.str()};
  }

  record::AgentId id = record::AgentId::from_hex("000102030405060708090a0b0c0d0e0f").value();
  std::filesystem::path folder, config;
};

TEST_F(DataFolder, StatusSaysThatNobodyIsEnrolled) {
  const Ran ran = status(false);
  EXPECT_EQ(ran.code, 1);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, HasSubstr("not enrolled"));
}

TEST_F(DataFolder, StatusOfAnAgentThatNeverRan) {
  enrol();
  const Ran ran = status(false);
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("never run"));
  EXPECT_THAT(ran.out, HasSubstr("none found yet"));
  EXPECT_THAT(ran.out, HasSubstr("0 sealed, 0 not acknowledged yet"));
  EXPECT_THAT(ran.out, HasSubstr("Open sessions\n  none\n"));
  EXPECT_EQ(status(true).code, 0);
}

TEST_F(DataFolder, StatusForPeople) {
  enrol();
  fill_outbox();
  const Ran ran = status(false);
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("Agent of 'WS-07 [31m'"));
  EXPECT_THAT(ran.out, HasSubstr("id          000102030405060708090a0b0c0d0e0f"));
  EXPECT_THAT(ran.out, HasSubstr("collector   127.0.0.1:9"));
  EXPECT_THAT(ran.out, HasSubstr("connection  not connected: no [2J route ("));
  EXPECT_THAT(ran.out, HasSubstr("3 sealed, 2 not acknowledged yet"));
  EXPECT_THAT(ran.out, HasSubstr("42 bytes read  /var/log/\"x\".trace"));
  EXPECT_THAT(ran.out, HasSubstr("7  lines read"));
  EXPECT_THAT(ran.out, HasSubstr("1  times lines were lost"));
  EXPECT_THAT(ran.out, Not(HasSubstr("\x1b"))) << "nothing foreign reaches the terminal";
}

TEST_F(DataFolder, StatusForPrograms) {
  enrol();
  fill_outbox();
  const Ran ran = status(true);
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out,
            "{\"agent\":\"000102030405060708090a0b0c0d0e0f\",\"workstation\":\"WS-07\\u001b[31m\","
            "\"collector\":\"127.0.0.1:9\",\"epoch\":1,\"records_sealed\":3,\"records_acknowledged\":1,"
            "\"records_pending\":2,\"counters\":{"
            "\"bytes\":0,\"connection_lines\":0,\"connection_matched\":0,\"connection_undecidable\":0,"
            "\"connection_unmatched\":0,\"cuts_survived\":0,\"facts_dropped\":0,\"facts_withheld\":0,"
            "\"fibers_dropped\":0,\"gaps\":1,\"lines\":7,\"lines_malformed\":0,"
            "\"lines_unknown\":0,\"nul_bytes\":0,\"overlong_lines\":0,\"process_ends\":0,"
            "\"rotations\":0,\"sessions_by_window\":0,\"states_unreadable\":0,\"unsettled\":0},"
            "\"unknown_messages\":{},"
            "\"notes\":{\"connection\":{\"value\":"
            "\"not connected: no\\u001b[2J\\nroute\",\"at_utc\":\"1970-01-01T00:00:00.000Z\"}},"
            "\"proof\":{},"
            "\"sources\":[{\"trace\":\"/var/log/\\\"x\\\".trace\",\"read_bytes\":42}],"
            "\"open_sessions\":[],\"last_sessions\":[],\"last_gaps\":[]}\n");
}

TEST_F(DataFolder, StatusHasTheCollectorsSignedWord) {
  enrol();
  fill_outbox();
  {
    auto outbox = agent::outbox::Outbox::open(folder / "outbox.db", id, 1).value();
    ASSERT_TRUE(outbox.acknowledge(2, timing::from_ms(0), "epoch=1 seq=2 head=0ab sig=12ef server_utc_ms=7"));
  }
  EXPECT_THAT(status(true).out,
              HasSubstr("\"proof\":{\"epoch\":1,\"seq\":2,\"head\":\"0ab\",\"sig\":\"12ef\","
                        "\"server_utc_ms\":7},"));
  const auto text = status(false).out;
  EXPECT_THAT(text, HasSubstr("signed by the"));
  EXPECT_THAT(text, Not(HasSubstr("12ef")));
}

TEST_F(DataFolder, StatusNamesADamagedOutbox) {
  enrol();
  std::ofstream{folder / "outbox.db"} << std::string(5000, 'x');
  const Ran ran = status(false);
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.err, HasSubstr("outbox"));
}

TEST_F(DataFolder, RunNeedsAnIdentity) {
  const Ran ran = run();
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.err, HasSubstr("not enrolled"));
}

TEST_F(DataFolder, RunIsAlone) {
  enrol();
  {
    const auto single = Single::take(folder);
    ASSERT_TRUE(single);
    const Ran ran = run();
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.err, HasSubstr("another agent runs"));
    EXPECT_EQ(Single::take(folder).error().code, base::ErrorCode::conflict);
  }
  EXPECT_TRUE(Single::take(folder)) << "let go of";
  EXPECT_EQ(Single::take(folder / "none").error().code, base::ErrorCode::permission_denied);
}

TEST_F(DataFolder, RunRefusesAnOutboxOfANewerAgent) {
  enrol();
  fill_outbox();
  {
    auto db = agent::outbox::open_database((folder / "outbox.db").string(), SQLITE_OPEN_READWRITE).value();
    ASSERT_TRUE(agent::outbox::execute(db.get(), "PRAGMA user_version=9"));
  }
  const Ran ran = run();
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.err, HasSubstr("newer agent"));
  EXPECT_EQ(agent::identity::load(folder).value().epoch, 1u) << "nothing was begun";
}

TEST_F(DataFolder, EnrollSaysWhatCannotBeRead) {
  const std::string token = crypto::EnrollToken::generate({}).value().text();
  const struct {
    std::string collector, token, says;
  } rows[] = {{"a b", token, "is no collector address"}, {"collector", "dlt1_x", "token"}};
  for (const auto& row : rows) {
    std::ostringstream out, err;
    EXPECT_EQ(
        run_enroll(
            {.config = config, .data_directory = folder, .collector = row.collector, .token = row.token}, out,
            err),
        2);
    EXPECT_THAT(err.str(), HasSubstr(row.says));
    EXPECT_THAT(err.str(), Not(HasSubstr(token)));
  }
}

}  // namespace
