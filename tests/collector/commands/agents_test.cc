#include "collector/commands/agents.h"

#include <boost/json.hpp>

#include "collector/commands/agent_change.h"
#include "collector/commands/agent_show.h"
#include "collector/store/agents.h"
#include "collector/store/sessions.h"
#include "common/crypto/enroll_token.h"
#include "tests/collector/commands/desk.h"

namespace collector::commands {
namespace {

namespace json = boost::json;
using testing::Values;
DESK_SUITE(AgentsCommandTest);

TEST_P(AgentsCommandTest, TheFleetWithWhatWentWrong) {
  auto listed =
      ran([&](auto& out, auto& err) { return run_agents({.config = config(), .json = false}, out, err); });
  EXPECT_EQ(listed.code, 0);
  EXPECT_NE(listed.out.find("No agent is enrolled"), std::string::npos);
  tell_story();
  listed =
      ran([&](auto& out, auto& err) { return run_agents({.config = config(), .json = false}, out, err); });
  EXPECT_EQ(
      listed.out,
      "WORKSTATION  AGENT                             OS      VERSION  LAST SEEN (UTC)  STATE     GAPS "
      " UNDECODED"
      "  OUTCOMES\n"
      "anna-pc      00000000000000000000000000000001  debian  0.1.0    never            enrolled     1 "
      "         1"
      "  accepted 1\n"
      "\n"
      "anna-pc, ad.trace:\n"
      "  lines between 2026-11-16 07:03:02 and 07:05:40 UTC are missing (file_replaced, at least 8 bytes)\n"
      "From nobody we know: enroll_USED_TOKEN 1\n");
  listed =
      ran([&](auto& out, auto& err) { return run_agents({.config = config(), .json = true}, out, err); });
  const auto value = json::parse(listed.out);
  const auto& agent = value.at("agents").at(0);
  EXPECT_EQ(agent.at("workstation"), "anna-pc");
  EXPECT_EQ(agent.at("gaps"), 1);
  const auto& gap = agent.at("newest_gaps").at(0);
  EXPECT_EQ(gap.at("source"), "ad.trace");
  EXPECT_EQ(gap.at("from_utc"), "2026-11-16T07:03:02.000Z");
  EXPECT_EQ(gap.at("to_utc"), "2026-11-16T07:05:40.000Z");
  EXPECT_EQ(gap.at("bytes_lost_min"), 8);
  EXPECT_EQ(agent.at("undecoded"), 1);
  EXPECT_EQ(agent.at("outcomes").at("accepted"), 1);
  EXPECT_EQ(agent.at("revoked_utc"), nullptr);
  EXPECT_EQ(value.at("unknown").at("enroll_USED_TOKEN"), 1);
}

TEST_P(AgentsCommandTest, ManyGapsAreToldTraceByTraceAndTheNewestFirst) {
  tell_story();
  auto place = workspace();
  store::must(place.database.transaction([](store::Transaction& t) -> base::Status {
    for (std::int64_t record = 1; record <= 6; ++record) {  // The story's own gap is in the seventh.
      store::GapRow gap;
      gap.record_id = record;
      gap.agent_id = std::string(15, '\0') + '\x01';
      gap.source = record == 6 ? "other\x1b.trace" : "ad.trace";
      gap.cause = "anchor_not_found";
      gap.from = timing::from_rfc3339("2026-11-16T09:00:00Z").value() + std::chrono::minutes{record};
      store::must(store::add_gap(t, gap));
    }
    return {};
  }));
  const auto listed =
      ran([&](auto& out, auto& err) { return run_agents({.config = config(), .json = false}, out, err); });
  std::string expected = "anna-pc, ad.trace:\n";
  for (const char* minute : {"05", "04", "03", "02", "01"}) {
    expected +=
        std::string{"  lines after 2026-11-16 09:"} + minute + ":00 UTC are missing (anchor_not_found)\n";
  }
  expected += "  and 1 earlier; see: deskledger-collector agents --json\n\nanna-pc, other";
  EXPECT_NE(listed.out.find(expected), std::string::npos) << listed.out;
  EXPECT_EQ(listed.out.find('\x1b'), std::string::npos);
}

TEST_P(AgentsCommandTest, RevokingNamesOneAgent) {
  tell_story();
  const auto revoke = [&](const std::string& name) {
    return ran(
        [&](auto& out, auto& err) { return run_revoke({.config = config(), .agent = name}, out, err); });
  };
  auto done = revoke("ben-pc");
  EXPECT_EQ(done.code, 1);
  EXPECT_NE(done.err.find("no agent has the id or workstation 'ben-pc'"), std::string::npos);
  done = revoke("anna-pc");
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_NE(done.out.find("is revoked"), std::string::npos);
  EXPECT_NE(done.out.find("agents re-enrol 00000000000000000000000000000001"), std::string::npos)
      << "how to undo it";
  const auto listed =
      ran([&](auto& out, auto& err) { return run_agents({.config = config(), .json = false}, out, err); });
  EXPECT_NE(listed.out.find("revoked"), std::string::npos);
  EXPECT_EQ(revoke("anna-pc").code, 1) << "a revoked one is named by its id";
  EXPECT_EQ(revoke("00000000000000000000000000000001").code, 0);
}

class AgentChangeTest : public AgentsCommandTest {
 protected:
  static inline const std::string kAgent = std::string(15, '\0') + '\x01';

  template <class Work>
  void write(Work work) {
    auto place = workspace();
    store::must(place.database.transaction([&](store::Transaction& t) -> base::Status {
      work(t);
      return {};
    }));
  }
  void raise_alarm() {
    write([](store::Transaction& t) {
      store::must(store::add_alarm(t, {.agent_id = kAgent,
                                       .kind = "conflict",
                                       .epoch = 1,
                                       .seq = 3,
                                       .detail = "record 3 has two contents",
                                       .evidence = "signed",
                                       .raised = store::at(7)}));
      EXPECT_TRUE(store::must(store::quarantine(t, kAgent, "record 3 has two contents", store::at(7))));
    });
  }
  Ran show(bool as_json) {
    return ran([&](auto& out, auto& err) {
      return run_agent_show({.config = config(), .agent = "anna-pc", .json = as_json}, out, err);
    });
  }
  Ran release(bool yes) {
    return ran([&](auto& out, auto& err) {
      return run_release({.config = config(), .agent = "anna-pc", .yes = yes}, out, err);
    });
  }
};
INSTANTIATE_TEST_SUITE_P(On, AgentChangeTest, Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(AgentChangeTest, ShowTellsEverythingOfOneAgent) {
  tell_story();
  raise_alarm();
  const auto text = show(false);
  ASSERT_EQ(text.code, 0) << text.err;
  for (const char* line :
       {"Workstation   anna-pc\n", "Agent         00000000000000000000000000000001\n",
        "State         quarantine since 1970-01-01T00:00:00.007Z: record 3 has two contents\n",
        "Trusts        not told yet\n", "Epoch 1       stored up to record 7, head ",
        "conflict at epoch 1, record 3: record 3 has two contents\n", "Counted       accepted 1, last "}) {
    EXPECT_NE(text.out.find(line), std::string::npos) << line << "\n" << text.out;
  }
  const auto value = json::parse(show(true).out);
  EXPECT_EQ(value.at("streams").at(0).at("committed_seq"), 7);
  EXPECT_EQ(value.at("alarms").at(0).at("kind"), "conflict");
  EXPECT_EQ(value.at("record_key_id").as_string().size(), 64u);
  EXPECT_EQ(value.at("outcomes").at("accepted").at("n"), 1);
  const auto listed =
      ran([&](auto& out, auto& err) { return run_agents({.config = config(), .json = false}, out, err); });
  EXPECT_NE(listed.out.find("anna-pc is in quarantine, nothing is taken from it: record 3"),
            std::string::npos)
      << listed.out;
}

TEST_P(AgentChangeTest, ReleaseShowsTheAlarmsAndWantsAYes) {
  tell_story();
  EXPECT_EQ(release(true).code, 1) << "it is in no quarantine";
  raise_alarm();
  const auto preview = release(false);
  EXPECT_EQ(preview.code, 1);
  EXPECT_NE(preview.out.find("record 3 has two contents"), std::string::npos) << preview.out;
  EXPECT_NE(preview.err.find("Nothing was changed."), std::string::npos);
  EXPECT_EQ(json::parse(show(true).out).at("quarantined_utc"), "1970-01-01T00:00:00.007Z");
  const auto done = release(true);
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_NE(done.out.find("Released"), std::string::npos);
  EXPECT_EQ(json::parse(show(true).out).at("quarantined_utc"), nullptr);
}

TEST_P(AgentChangeTest, ReEnrolMakesATokenThatTakesTheAgentsPlace) {
  tell_story();
  const auto made = ran([&](auto& out, auto& err) {
    return run_re_enrol({.config = config(), .agent = "anna-pc", .ttl = "2h", .json = true}, out, err);
  });
  ASSERT_EQ(made.code, 0) << made.err;
  const auto value = json::parse(made.out);
  const auto token = store::must(crypto::EnrollToken::from_text(value.at("token").as_string()));
  write([&](store::Transaction& t) {
    const std::string hash{crypto::sha256(token.secret).bytes()};
    const auto row = store::must(store::find_token(t, hash)).value();
    EXPECT_EQ(row.workstation, "anna-pc");
    EXPECT_EQ(row.replaces, kAgent);
    EXPECT_EQ(row.uses_max, 1);
    EXPECT_EQ(row.expires - row.created, std::chrono::hours{2});
    EXPECT_FALSE(store::must(store::find_agent(t, kAgent))->revoked) << "until the token is used";
  });
}

}  // namespace
}  // namespace collector::commands
