// The private CA is replaced by hand, step by step.

#include "collector/commands/ca.h"

#include <boost/json.hpp>

#include "collector/commands/keep_trust.h"
#include "collector/commands/serve_parts.h"
#include "collector/identity/pki.h"
#include "collector/store/agents.h"
#include "common/timing/clock.h"
#include "tests/collector/commands/desk.h"

namespace collector::commands {
namespace {

namespace json = boost::json;
using store::must;

class CaCommandTest : public DeskTest {
 protected:
  using Command = int (*)(const CaOptions&, std::ostream&, std::ostream&);

  Ran go(Command command, CaOptions options = {}) {
    options.config = config();
    return ran([&](auto& out, auto& err) { return command(options, out, err); });
  }
  identity::PkiState pki() const { return must(identity::read_pki(folder_ / "desk/pki")); }
  // What the story's agent says of the CAs it trusts, and from which one the certificate is that it shows. It
  // was given a newer one.
  void agent_tells(const crypto::Digest& trust, const crypto::Certificate& authority) {
    auto place = workspace();
    must(place.database.transaction([&](store::Transaction& t) -> base::Status {
      const std::string id = std::string(15, '\0') + '\x01';
      must(store::note_hello(t, {.agent_id = id,
                                 .seen = timing::system_clock().utc(),
                                 .hostname = "anna-pc",
                                 .os = "debian",
                                 .version = "0.2",
                                 .trust_digest = std::string{trust.bytes()},
                                 .held_until = timing::system_clock().utc(),
                                 .held_authority = std::string{authority.digest().bytes()}}));
      must(store::note_certificate(t, id, timing::system_clock().utc() + std::chrono::days{9}));
      return {};
    }));
  }
};
INSTANTIATE_TEST_SUITE_P(On, CaCommandTest, testing::Values(store::Dialect::sqlite), store::dialect_name);

TEST_P(CaCommandTest, ARotationWaitsForTheAgents) {
  tell_story();
  const auto old = pki();
  auto shown = go(run_ca_show);
  EXPECT_NE(shown.out.find("No CA is being replaced"), std::string::npos) << shown.out;
  EXPECT_EQ(go(run_ca_switch).code, 1) << "out of turn";

  EXPECT_EQ(go(run_ca_rotate, {.preview = true}).code, 0);
  EXPECT_EQ(pki().rotation, identity::Rotation::whole) << "a preview changes nothing";
  auto done = go(run_ca_rotate);
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_NE(done.out.find("1 of 1 agents would be shut out by `ca switch` now"), std::string::npos)
      << done.out;
  EXPECT_NE(done.out.find("anna-pc"), std::string::npos);
  EXPECT_EQ(pki().rotation, identity::Rotation::announced);

  const auto refused = go(run_ca_switch);
  EXPECT_EQ(refused.code, 1);
  EXPECT_NE(refused.err.find("1 of 1 agents would be shut out; nothing was changed"), std::string::npos);
  EXPECT_NE(refused.err.find("anna-pc"), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("--leave-behind"), std::string::npos) << refused.err;
  EXPECT_EQ(pki().rotation, identity::Rotation::announced);

  agent_tells(pki().digest(), old.issuing);
  EXPECT_NE(go(run_ca_show).out.find("All 1 agents are ready. Next: deskledger-collector ca switch"),
            std::string::npos);
  done = go(run_ca_switch);
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(pki().rotation, identity::Rotation::switched);
  EXPECT_NE(pki().issuing.digest(), old.issuing.digest());

  EXPECT_EQ(go(run_ca_finish).code, 1) << "its certificate is still the former CA's";
  agent_tells(pki().digest(), pki().issuing);
  done = go(run_ca_finish);
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(pki().rotation, identity::Rotation::whole);
}

TEST_P(CaCommandTest, WhoIsLeftBehindIsAPersonsDecision) {
  tell_story();
  ASSERT_EQ(go(run_ca_rotate).code, 0);
  ASSERT_EQ(go(run_ca_switch, {.leave_behind = true}).code, 0);
  const auto value = json::parse(go(run_ca_show, {.json = true}).out);
  EXPECT_EQ(value.at("rotation"), "switched");
  EXPECT_EQ(value.at("agents"), 1);
  EXPECT_EQ(value.at("left_behind").at(0).at("workstation"), "anna-pc");
  EXPECT_EQ(value.at("authorities").at(0).at("role"), "issuing");
  EXPECT_EQ(value.at("authorities").at(1).at("role"), "former");
  ASSERT_EQ(go(run_ca_finish, {.leave_behind = true}).code, 0);
}

TEST_P(CaCommandTest, WhatIsAnnouncedCanBeCancelled) {
  ASSERT_EQ(go(run_ca_rotate).code, 0);
  const auto done = go(run_ca_cancel);
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(pki().rotation, identity::Rotation::whole);
  EXPECT_EQ(go(run_ca_cancel).code, 1);
}

TEST_P(CaCommandTest, ASwitchThatWasCutOffIsCompletedByTheSameCommand) {
  tell_story();
  const auto now = timing::system_clock().utc();
  ASSERT_EQ(go(run_ca_rotate).code, 0);
  agent_tells(pki().digest(), pki().issuing);
  const auto changes = must(identity::switch_over(folder_ / "desk/pki", now));
  must(identity::carry_out(std::span{changes}.first(1)));
  EXPECT_NE(go(run_ca_show).out.find("Complete it: deskledger-collector ca switch"), std::string::npos);
  auto refused = go(run_ca_finish, {.leave_behind = true});
  EXPECT_EQ(refused.code, 1) << "whatever a person wants";
  EXPECT_NE(refused.err.find("complete it with: ca switch"), std::string::npos) << refused.err;
  const auto done = go(run_ca_switch);
  EXPECT_EQ(done.code, 0) << done.err << ": nobody is shut out by what was begun already";
  EXPECT_TRUE(pki().is_complete());
  EXPECT_EQ(go(run_ca_finish).code, 1) << "its certificate is still the former CA's";
}

// A running collector completes what was cut off, but not while a person is at it.
TEST_P(CaCommandTest, ARunningCollectorKeepsOffAFolderThatIsBeingChanged) {
  const auto folder = folder_ / "desk/pki";
  const auto now = timing::system_clock().utc();
  ASSERT_EQ(go(run_ca_rotate).code, 0);
  const auto changes = must(identity::switch_over(folder, now));
  must(identity::carry_out(std::span{changes}.first(1)));
  {
    const auto lock = must(FileLock::take(folder / "ca.lock", "busy"));
    must(keep_port_certificate(folder, now));
    EXPECT_FALSE(pki().is_complete());
  }
  must(keep_port_certificate(folder, now));
  EXPECT_TRUE(pki().is_complete());
}

TEST_P(CaCommandTest, OnePersonAtATime) {
  const auto lock = must(FileLock::take(folder_ / "desk/pki/ca.lock", "busy"));
  const auto done = go(run_ca_rotate);
  EXPECT_EQ(done.code, 1);
  EXPECT_NE(done.err.find("is at work"), std::string::npos) << done.err;
}

// What a running collector does each half minute.
TEST_P(CaCommandTest, ARunningCollectorTakesTheFolderOver) {
  const auto folder = folder_ / "desk/pki";
  const auto now = timing::system_clock().utc();
  identity::CurrentTrust trust{must(identity::load_trust(folder))};
  EXPECT_FALSE(must(look_at_trust(trust, folder, now))) << "nothing changed";
  const auto first = trust.get();
  ASSERT_EQ(go(run_ca_rotate).code, 0);
  EXPECT_TRUE(must(look_at_trust(trust, folder, now)));
  EXPECT_EQ(trust.get()->trusted.size(), 2u);
  EXPECT_EQ(first->trusted.size(), 1u) << "whoever holds the former goes on with it";
  ASSERT_EQ(go(run_ca_switch).code, 0);
  EXPECT_TRUE(must(look_at_trust(trust, folder, now)));
  EXPECT_EQ(trust.get()->authority.certificate().digest(), pki().issuing.digest());
  EXPECT_TRUE(must(look_at_trust(trust, folder, now + std::chrono::days{600}))) << "the port's own runs out";
  EXPECT_FALSE(must(look_at_trust(trust, folder, now + std::chrono::days{600})));
  std::filesystem::remove(folder / "ca.key");
  const auto held = trust.get();
  EXPECT_FALSE(look_at_trust(trust, folder, now));
  EXPECT_EQ(trust.get(), held);
}

}  // namespace
}  // namespace collector::commands
