// Each command by which a person changes something else than master data and sessions is a link of the chain
// of changes: with who, what it was before and after, and why; never with a secret.

#include <boost/json.hpp>

#include "collector/commands/agent_change.h"
#include "collector/commands/ca.h"
#include "collector/commands/mail.h"
#include "collector/commands/person.h"
#include "collector/commands/token.h"
#include "collector/commands/verify.h"
#include "collector/identity/pki.h"
#include "collector/store/agents.h"
#include "collector/store/changes.h"
#include "collector/store/mails.h"
#include "collector/store/session.h"
#include "collector/store/users.h"
#include "tests/collector/commands/desk.h"

namespace collector::commands {
namespace {

namespace json = boost::json;
using store::must;

class AuditTest : public DeskTest {
 protected:
  using Changes = std::vector<store::Change>;

  // Oldest first.
  Changes all() {
    auto place = workspace();
    Changes changes;
    must(place.database.read([&](store::Transaction& t) -> base::Status {
      for (auto& row : must(store::list_changes(t, {.limit = 1'000}))) {
        changes.insert(changes.begin(), std::move(row.change));
      }
      return {};
    }));
    return changes;
  }
  // What the command added to the chain. Everything it added is by this person.
  Changes noted(const std::function<int(std::ostream&, std::ostream&)>& command, int code = 0) {
    const auto before = all().size();
    const auto done = ran(command);
    EXPECT_EQ(done.code, code) << done.out << done.err;
    out_ = done.out;
    auto changes = all();
    changes.erase(changes.begin(), changes.begin() + static_cast<std::ptrdiff_t>(before));
    for (const auto& change : changes) EXPECT_EQ(change.who, this_person());
    return changes;
  }
  static std::string words(const Changes& changes) {
    std::string text;
    for (const auto& one : changes) {
      text += one.action + " " + one.object + " " + one.key + ": " + one.before + " -> " + one.after + " (" +
              one.why + ")\n";
    }
    return text;
  }
  template <class Work>
  void write(Work work) {
    auto place = workspace();
    must(place.database.transaction([&](store::Transaction& t) -> base::Status {
      work(t);
      return {};
    }));
  }

  std::string out_;
};
INSTANTIATE_TEST_SUITE_P(On, AuditTest, testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(AuditTest, InitNotesTheAdministratorWithoutTheHash) {
  const auto changes = all();
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].who, this_person());
  EXPECT_EQ(changes[0].action + " " + changes[0].object + " " + changes[0].key, "create user admin");
  EXPECT_EQ(changes[0].after, R"({"name":"admin","role":"administrator"})");
  EXPECT_EQ(changes[1].action + " " + changes[1].object + " " + changes[1].key, "create template standard");
  const auto done = ran([&](auto& out, auto& err) { return run_verify({.config = config()}, out, err); });
  EXPECT_EQ(done.code, 0) << done.out;
  EXPECT_NE(done.out.find(", 2 changes by people."), std::string::npos) << done.out;
}

TEST_P(AuditTest, Tokens) {
  auto changes = noted([&](auto& out, auto& err) {
    return run_token_create({.config = config(), .uses = 3, .label = "floor 2", .reason = "new machines"},
                            out, err);
  });
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].action + " " + changes[0].object + " " + changes[0].key, "create token 1");
  EXPECT_EQ(changes[0].why, "new machines");
  const auto after = json::parse(changes[0].after);
  EXPECT_EQ(after.at("label"), "floor 2");
  EXPECT_EQ(after.at("uses_max"), 3);
  EXPECT_EQ(changes[0].after.find(out_.substr(0, 20)), std::string::npos) << "the secret";
  const auto revoke = [&](std::int64_t token) {
    return [&, token](std::ostream& out, std::ostream& err) {
      return run_token_revoke({.config = config(), .token = token, .reason = "lost"}, out, err);
    };
  };
  EXPECT_EQ(words(noted(revoke(1))), R"(revoke token 1: {"label":"floor 2","uses":0,"revoked":false} -> )"
                                     R"({"label":"floor 2","uses":0,"revoked":true} (lost))"
                                     "\n");
  EXPECT_EQ(words(noted(revoke(1))), "") << "it was already";
  EXPECT_EQ(words(noted(revoke(9), 1)), "");
}

TEST_P(AuditTest, Agents) {
  tell_story();
  const std::string id = std::string(15, '\0') + '\x01';
  const std::string hex = "00000000000000000000000000000001";
  write([&](store::Transaction& t) {
    EXPECT_TRUE(must(store::quarantine(t, id, "two contents", store::at(7))));
  });
  const auto release = [&](bool yes) {
    return [&, yes](std::ostream& out, std::ostream& err) {
      return run_release({.config = config(), .agent = "anna-pc", .reason = "a look", .yes = yes}, out, err);
    };
  };
  EXPECT_EQ(words(noted(release(false), 1)), "");
  EXPECT_EQ(words(noted(release(true))),
            R"(release agent anna-pc: {"agent":")" + hex +
                R"(","state":"quarantine","quarantine_reason":"two contents"} -> {"agent":")" + hex +
                R"(","state":"enrolled"} (a look))"
                "\n");
  const auto token = noted([&](auto& out, auto& err) {
    return run_re_enrol({.config = config(), .agent = "anna-pc", .reason = "new disk"}, out, err);
  });
  ASSERT_EQ(token.size(), 1u);
  EXPECT_EQ(token[0].action + " " + token[0].object, "create token");
  EXPECT_EQ(json::parse(token[0].after).at("replaces_agent").as_string(), hex);
  EXPECT_EQ(token[0].why, "new disk");
  const auto revoke = [&](std::ostream& out, std::ostream& err) {
    return run_revoke({.config = config(), .agent = hex, .reason = "sold"}, out, err);
  };
  EXPECT_EQ(words(noted(revoke)), R"(revoke agent anna-pc: {"agent":")" + hex +
                                      R"(","state":"enrolled"} -> {"agent":")" + hex +
                                      R"(","state":"revoked"} (sold))"
                                      "\n");
  EXPECT_EQ(words(noted(revoke)), "") << "it was already";
}

TEST_P(AuditTest, StepsOfTheCa) {
  const auto step = [&](auto command, bool preview, int code = 0) {
    auto changes = noted(
        [&](auto& out, auto& err) {
          return command({.config = config(), .preview = preview, .reason = "key was seen"}, out, err);
        },
        code);
    std::string text;
    for (const auto& one : changes) {
      EXPECT_EQ(one.object, "ca");
      EXPECT_EQ(one.why, "key was seen");
      text += one.action + " " + std::string{json::parse(one.before).at("rotation").as_string()} + " " +
              std::string{json::parse(one.after).at("rotation").as_string()};
    }
    return text;
  };
  EXPECT_EQ(step(run_ca_rotate, true), "");
  EXPECT_EQ(step(run_ca_switch, false, 1), "") << "out of turn";
  EXPECT_EQ(step(run_ca_rotate, false), "rotate none announced");
  EXPECT_EQ(step(run_ca_cancel, false), "cancel announced none");
  EXPECT_EQ(step(run_ca_rotate, false), "rotate none announced");
  EXPECT_EQ(step(run_ca_switch, false), "switch announced switched");
  EXPECT_EQ(step(run_ca_finish, false), "finish switched none");
}

TEST_P(AuditTest, AStepOfTheCaThatCannotBeNotedIsNotTaken) {
  write([](store::Transaction& t) { t.session().script("UPDATE change_state SET number = 1"); });
  const auto done = ran([&](auto& out, auto& err) { return run_ca_rotate({.config = config()}, out, err); });
  EXPECT_EQ(done.code, 1);
  EXPECT_NE(done.err.find("deskledger-collector verify"), std::string::npos) << done.err;
  EXPECT_EQ(must(identity::read_pki(workspace().config.pki_directory)).rotation, identity::Rotation::whole);
}

TEST_P(AuditTest, Mails) {
  tell_story();
  write([](store::Transaction& t) {
    t.session().script("UPDATE mail_batch SET closes_ms = 99999999999999, look_ms = 99999999999999");
    must(store::set_mail_state(
        t, 1, {.state = "failed", .attempts = 3, .next_try = store::at(1), .last_error = "x", .sent = {}}));
  });
  const auto flush = [&](std::ostream& out, std::ostream& err) {
    return run_mail_flush({.config = config(), .reason = "month's end"}, out, err);
  };
  EXPECT_EQ(words(noted(flush)), "flush mail :  -> {\"sessions\":1} (month's end)\n");
  const auto resend = [&](std::ostream& out, std::ostream& err) {
    return run_mail_resend({.config = config(), .mail = 1, .reason = "server was down"}, out, err);
  };
  EXPECT_EQ(words(noted(resend)),
            R"(resend mail 1: {"state":"failed"} -> {"state":"composed"} (server was down))"
            "\n");
  EXPECT_EQ(words(noted(resend)),
            R"(resend mail 1: {"state":"composed"} -> {"state":"composed"} (server was down))"
            "\n")
      << "it waits, and goes at once";
}

}  // namespace
}  // namespace collector::commands
