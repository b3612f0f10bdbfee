#include "collector/commands/verify.h"

#include <boost/json.hpp>
#include <fstream>

#include "collector/commands/evidence.h"
#include "collector/commands/log_key.h"
#include "collector/proof/checkpoint.h"
#include "collector/proof/log.h"
#include "collector/store/agents.h"
#include "collector/store/records.h"
#include "collector/store/session.h"
#include "common/record/batch.h"
#include "common/record/chain.h"
#include "tests/collector/commands/desk.h"
#include "tests/collector/store/small_world.h"

namespace collector::commands {
namespace {

namespace json = boost::json;
using store::must;
using testing::Values;

class VerifyCommandTest : public DeskTest {
 protected:
  // One agent with one batch of three records, in the log.
  void tell_evidence() {
    auto place = workspace();
    const auto key = must(crypto::SigningKey::from_seed(std::string(32, 'a')));
    record::AgentId agent;
    agent.value.fill('\x11');
    const std::vector<std::string> bodies{"one", "two", "three"};
    const auto batch = must(record::make_batch(
        {.agent = agent, .epoch = 1, .first_seq = 1, .prev_head = record::kChainStart}, bodies, key));
    must(place.database.transaction([&](store::Transaction& t) -> base::Status {
      const auto token = must(store::create_token(
          t,
          {.secret_hash = "s", .workstation = "anna-pc", .created = store::at(1), .expires = store::at(2)}));
      auto row = store::agent_row(token, std::string{agent.bytes()});
      row.workstation = "anna-pc";
      row.record_key = key.public_key().bytes();
      must(store::enrol(t, row));
      std::vector<store::NewRecord> records;
      record::Chain chain{agent, 1, 1, record::kChainStart};
      for (const auto& body : bodies) {
        records.push_back({.hash = std::string{chain.append(body).bytes()}, .body = body});
      }
      must(store::append_batch(t,
                               {.agent_id = std::string{agent.bytes()},
                                .epoch = 1,
                                .first_seq = 1,
                                .prev_head = batch.prev_head(),
                                .head = batch.head(),
                                .key_id = batch.key_id(),
                                .sig = batch.sig(),
                                .received = store::at(7)},
                               records));
      return {};
    }));
    step();
  }
  void step() {
    auto place = workspace();
    proof::Log log{place.config.proof_origin, must(load_or_make_log_key(place.config)),
                   checkpoint_file(place.config)};
    must(log.step(place.database, store::at(8)));
  }
  Ran verify(VerifyCommandOptions options) {
    options.config = config();
    return ran([&](auto& out, auto& err) { return run_verify(options, out, err); });
  }
  // Something the guards of the database do not forbid.
  void move_watermark() {
    auto place = workspace();
    must(place.database.transaction([&](store::Transaction& t) -> base::Status {
      store::BatchRow row = store::batch_row(std::string(16, '\x11'), 4);
      must(store::append_batch(t, row, {{.hash = "h", .body = "b"}}));
      return {};
    }));
  }
};
INSTANTIATE_TEST_SUITE_P(On, VerifyCommandTest, Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(VerifyCommandTest, CleanIsZero) {
  EXPECT_EQ(verify({}).code, 0) << "nothing is there yet";
  tell_evidence();
  auto done = verify({});
  EXPECT_EQ(done.code, 0) << done.out << done.err;
  EXPECT_NE(done.out.find("Everything fits: 3 records in 1 batches of 1 streams, 2 leaves and 1 checkpoints "
                          "of the log, 2 changes by people."),
            std::string::npos)
      << done.out;
  done = verify({.agent = "anna-pc", .json = true});
  EXPECT_EQ(done.code, 0) << done.err;
  const auto value = json::parse(done.out);
  EXPECT_EQ(value.at("clean"), true);
  EXPECT_EQ(value.at("records"), 3);
  EXPECT_EQ(value.at("changes"), nullptr) << "they are of no agent";
  EXPECT_EQ(json::parse(verify({.json = true}).out).at("changes"), 2);
  EXPECT_TRUE(value.at("findings").as_array().empty());
}

TEST_P(VerifyCommandTest, WhatIsWrongIsNamedAndThree) {
  tell_evidence();
  move_watermark();
  auto done = verify({});
  EXPECT_EQ(done.code, kSomethingIsWrong);
  EXPECT_NE(done.out.find("batch_other_key  anna-pc ("), std::string::npos) << done.out;
  EXPECT_NE(done.out.find("epoch 1, record 4"), std::string::npos) << done.out;
  done = verify({.json = true});
  EXPECT_EQ(done.code, kSomethingIsWrong);
  const auto value = json::parse(done.out);
  EXPECT_EQ(value.at("clean"), false);
  const auto& finding = value.at("findings").at(0);
  EXPECT_EQ(finding.at("kind"), "batch_other_key");
  EXPECT_EQ(finding.at("workstation"), "anna-pc");
  EXPECT_EQ(finding.at("agent").as_string(), std::string(32, '1'));
  EXPECT_EQ(finding.at("epoch"), 1);
  EXPECT_EQ(finding.at("seq"), 4);
  EXPECT_EQ(finding.at("batch"), 2);
  EXPECT_EQ(finding.at("leaf"), nullptr);
}

TEST_P(VerifyCommandTest, AChangeByAPersonThatWasEditedIsNamed) {
  tell_evidence();
  {
    auto place = workspace();
    must(place.database.transaction([&](store::Transaction& t) -> base::Status {
      t.session().script(GetParam() == store::Dialect::sqlite ? "DROP TRIGGER change_no_update"
                                                              : "ALTER TABLE change DISABLE TRIGGER USER");
      t.session().script("UPDATE change SET who = 'nobody' WHERE number = 2");
      return {};
    }));
  }
  const auto text = verify({});
  EXPECT_EQ(text.code, kSomethingIsWrong);
  EXPECT_NE(text.out.find("change_changed  change 2\n  change 2 was changed"), std::string::npos) << text.out;
  const auto value = json::parse(verify({.json = true}).out);
  EXPECT_EQ(value.at("findings").at(0).at("kind"), "change_changed");
  EXPECT_EQ(value.at("findings").at(0).at("change"), 2);
  EXPECT_EQ(verify({.agent = "anna-pc"}).code, 0) << "only its records";
  // A bundle of all agents has it, too.
  const auto keys = ran([&](auto& out, auto& err) { return run_evidence_keys(config(), out, err); });
  const auto bundle = folder_ / "everything.evidence";
  const auto exported = ran([&](auto& out, auto& err) {
    return run_evidence_export({.config = config(), .file = bundle, .agent = ""}, out, err);
  });
  EXPECT_NE(exported.out.find("2 changes by people"), std::string::npos) << exported.out;
  const auto done = verify({.bundle = bundle, .keys = file("keys.txt", keys.out), .json = true});
  EXPECT_EQ(done.code, kSomethingIsWrong);
  EXPECT_EQ(json::parse(done.out).at("findings").at(0).at("change"), 2);
}

TEST_P(VerifyCommandTest, WhatCannotBeCheckedIsOne) {
  tell_evidence();
  const auto bad = file("bad.txt", "hello\n");
  const std::pair<VerifyCommandOptions, std::string> table[] = {
      {{.agent = "ben-pc"}, "no agent has the id or workstation 'ben-pc'"},
      {{.checkpoints = {bad}}, "bad.txt: "},
      {{.checkpoints = {folder_ / "none.txt"}}, "none.txt"},
      {{.keys = bad}, "bad.txt: line 1"},
      {{.keys = folder_ / "none.txt"}, "none.txt"},
      {{.bundle = folder_ / "none.evidence"}, "--keys FILE"},
  };
  for (const auto& [options, said] : table) {
    const auto done = verify(options);
    EXPECT_EQ(done.code, 1) << said;
    EXPECT_NE(done.err.find(said), std::string::npos) << done.err;
  }
}

TEST_P(VerifyCommandTest, ACheckpointOfAnotherKeyIsAFinding) {
  tell_evidence();
  const auto stranger = proof::sign_checkpoint(
      {.origin = must(load_config(config())).proof_origin, .size = 1, .root = {}, .signed_at = store::at(1)},
      must(crypto::SigningKey::generate()));
  const auto done = verify({.checkpoints = {file("other.txt", stranger)}});
  EXPECT_EQ(done.code, kSomethingIsWrong);
  EXPECT_NE(done.out.find("checkpoint_signature"), std::string::npos) << done.out;
}

TEST_P(VerifyCommandTest, TheCheckpointBesideTheDatabaseIsLookedAt) {
  tell_evidence();
  const auto place = workspace();
  const auto key = must(load_or_make_log_key(place.config));
  // As if the database had been put back to an earlier state.
  std::ofstream{checkpoint_file(place.config)} << proof::sign_checkpoint(
      {.origin = place.config.proof_origin, .size = 5, .root = {}, .signed_at = store::at(1)}, key);
  const auto done = verify({});
  EXPECT_EQ(done.code, kSomethingIsWrong);
  EXPECT_NE(done.out.find("log_rewritten"), std::string::npos) << done.out;
}

TEST_P(VerifyCommandTest, ABundleIsCheckedWithPublicKeysAlone) {
  tell_evidence();
  const auto keys = ran([&](auto& out, auto& err) { return run_evidence_keys(config(), out, err); });
  ASSERT_EQ(keys.code, 0) << keys.err;
  const auto keys_file = file("keys.txt", keys.out);
  const auto bundle = folder_ / "all.evidence";
  const auto exported = ran([&](auto& out, auto& err) {
    return run_evidence_export({.config = config(), .file = bundle, .agent = "anna-pc"}, out, err);
  });
  ASSERT_EQ(exported.code, 0) << exported.err;
  EXPECT_NE(exported.out.find("3 records of 1 agents, 2 leaves of the log and no changes"), std::string::npos)
      << exported.out;
  const auto kept = checkpoint_file(workspace().config);
  std::filesystem::rename(folder_ / "desk" / "pki", folder_ / "away");
  auto done = verify({.checkpoints = {kept}, .bundle = bundle, .keys = keys_file});
  EXPECT_EQ(done.code, 0) << done.out << done.err;
  EXPECT_NE(done.out.find("one agent alone"), std::string::npos) << done.out;
  EXPECT_NE(done.out.find("The changes by people were not looked at"), std::string::npos) << done.out;
  std::filesystem::resize_file(bundle, std::filesystem::file_size(bundle) - 1);
  done = verify({.bundle = bundle, .keys = keys_file});
  EXPECT_EQ(done.code, kSomethingIsWrong);
  EXPECT_NE(done.out.find("bundle_damaged"), std::string::npos) << done.out;
  EXPECT_EQ(verify({.agent = "anna-pc", .bundle = bundle, .keys = keys_file}).code, 1);
}

TEST(LogOrigin, IsTheFirstHostThatCanBeAName) {
  EXPECT_EQ(origin_of({"collector.example.com", "192.0.2.1"}), "collector.example.com/log");
  EXPECT_EQ(origin_of({"2001:db8::1", "desk"}), "desk/log");
  EXPECT_EQ(origin_of({}), "deskledger.local/log");
}

}  // namespace
}  // namespace collector::commands
