#include "collector/commands/agents.h"

#include <boost/json.hpp>

#include "collector/commands/token.h"
#include "collector/store/agents.h"
#include "collector/store/sessions.h"
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
  const auto listed =
      ran([&](auto& out, auto& err) { return run_agents({.config = config(), .json = false}, out, err); });
  EXPECT_NE(listed.out.find("revoked"), std::string::npos);
  EXPECT_EQ(revoke("anna-pc").code, 1) << "a revoked one is named by its id";
  EXPECT_EQ(revoke("00000000000000000000000000000001").code, 0);
}

TEST_P(AgentsCommandTest, ATokenIsPrintedOnceAndKeptAsAHash) {
  const auto made = ran([&](auto& out, auto& err) {
    return run_token({.config = config(), .workstation = "anna-pc", .minutes = 5, .json = false}, out, err);
  });
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_EQ(made.out.substr(0, 5), "dlt1_");
  EXPECT_EQ(made.out.size(), 76u);
  const auto as_json = ran([&](auto& out, auto& err) {
    return run_token({.config = config(), .workstation = "anna-pc", .minutes = {}, .json = true}, out, err);
  });
  EXPECT_EQ(json::parse(as_json.out).at("workstation"), "anna-pc");
  EXPECT_EQ(ran([&](auto& out, auto& err) {
              return run_token({.config = config(), .workstation = " ", .minutes = 5, .json = false}, out,
                               err);
            }).code,
            1);
}

}  // namespace
}  // namespace collector::commands
