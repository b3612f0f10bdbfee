#include "collector/commands/token.h"

#include <boost/json.hpp>

#include "collector/commands/duration_text.h"
#include "collector/identity/pki.h"
#include "collector/store/agents.h"
#include "common/crypto/enroll_token.h"
#include "tests/collector/commands/desk.h"

namespace collector::commands {
namespace {

namespace json = boost::json;
using store::must;
DESK_SUITE(TokenCommandTest);

Ran create(TokenCreateOptions options) {
  return ran([&](auto& out, auto& err) { return run_token_create(options, out, err); });
}

TEST_P(TokenCommandTest, IsPrintedOnceAndKeptAsAHash) {
  const auto made = create({.config = config(), .workstation = "anna-pc"});
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_EQ(made.out.size(), 76u);
  const auto token = must(crypto::EnrollToken::from_text(made.out));
  EXPECT_EQ(token.ca_certificate, must(identity::read_pki(folder_ / "desk/pki")).issuing.digest());
  EXPECT_NE(made.err.find("for workstation anna-pc, once, until"), std::string::npos) << made.err;
  EXPECT_NE(made.err.find("deskledger-agent enroll --collector localhost:7443 --token"), std::string::npos)
      << made.err;
}

TEST_P(TokenCommandTest, ListTellsWhatEachMayStillDoAndNoSecret) {
  const auto empty =
      ran([&](auto& out, auto& err) { return run_token_list({.config = config()}, out, err); });
  EXPECT_NE(empty.out.find("token create"), std::string::npos);
  const auto first =
      create({.config = config(), .ttl = "7d", .uses = 250, .label = "second floor", .json = true});
  ASSERT_EQ(first.code, 0) << first.err;
  const auto made = json::parse(first.out);
  EXPECT_EQ(made.at("uses_max"), 250);
  ASSERT_EQ(create({.config = config(), .workstation = "anna-pc"}).code, 0);
  const auto revoked =
      ran([&](auto& out, auto& err) { return run_token_revoke({.config = config(), .token = 2}, out, err); });
  EXPECT_EQ(revoked.code, 0) << revoked.err;
  const auto unknown =
      ran([&](auto& out, auto& err) { return run_token_revoke({.config = config(), .token = 9}, out, err); });
  EXPECT_EQ(unknown.code, 1);
  EXPECT_NE(unknown.err.find("there is no token 9"), std::string::npos);

  const auto listed =
      ran([&](auto& out, auto& err) { return run_token_list({.config = config()}, out, err); });
  EXPECT_NE(listed.out.find(" 2                anna-pc        0/1  revoked  "), std::string::npos)
      << listed.out;
  EXPECT_NE(listed.out.find(" 1  second floor  (host name)  0/250  open     "), std::string::npos)
      << listed.out;
  EXPECT_EQ(listed.out.find("dlt1_"), std::string::npos);
  const auto as_json =
      ran([&](auto& out, auto& err) { return run_token_list({.config = config(), .json = true}, out, err); });
  const auto tokens = json::parse(as_json.out).at("tokens");
  EXPECT_EQ(tokens.at(0).at("state"), "revoked");
  EXPECT_EQ(tokens.at(1).at("state"), "open");
  EXPECT_EQ(tokens.at(1).at("uses_left"), 250);
  EXPECT_EQ(tokens.at(1).at("label"), "second floor");
  EXPECT_EQ(as_json.out.find("dlt1_"), std::string::npos);
  EXPECT_EQ(as_json.out.find("secret"), std::string::npos);
}

TEST_P(TokenCommandTest, WhatIsOddIsRefusedWithTheReason) {
  const struct {
    TokenCreateOptions options;
    std::string says;
  } rows[] = {
      {{.config = config(), .workstation = " "}, "a workstation needs a name"},
      {{.config = config(), .ttl = "soon"}, "'soon' is no length of time"},
      {{.config = config(), .uses = 2, .workstation = "anna-pc"}, "--workstation names one machine"},
      {{.config = config(), .label = std::string(256, 'x')}, "at most 255 bytes"},
      {{.config = folder_ / "nowhere.toml"}, "nowhere.toml"},
  };
  for (const auto& row : rows) {
    const auto done = create(row.options);
    EXPECT_EQ(done.code, 1) << row.says;
    EXPECT_NE(done.err.find(row.says), std::string::npos) << done.err;
    EXPECT_EQ(done.out, "") << row.says;
  }
}

TEST(DurationText, IsANumberAndAUnit) {
  using namespace std::chrono_literals;
  const struct {
    const char* text;
    std::chrono::minutes length;
  } rows[] = {{"1m", 1min}, {"15m", 15min}, {"2h", 2h}, {"7d", 7 * 24h}, {"365d", 365 * 24h}};
  for (const auto& row : rows) EXPECT_EQ(parse_duration(row.text), row.length) << row.text;
  for (const char* bad :
       {"", "m", "15", "0m", "-1h", "1.5h", "1 h", "15M", "366d", "99999999999999999999d", "h2"}) {
    EXPECT_FALSE(parse_duration(bad)) << bad;
  }
}

}  // namespace
}  // namespace collector::commands
