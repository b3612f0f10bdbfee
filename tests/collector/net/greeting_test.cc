// One row for each answer to a Hello, and what is kept of it.

#include "collector/net/greeting.h"

#include <gtest/gtest.h>

#include "tests/collector/store/small_world.h"

namespace collector::net {
namespace {

using deskledger::v1::Hello;
using deskledger::v1::Welcome;

store::AgentRow known() {
  auto row = store::agent_row(1, "0123456789abcdef");
  row.hostname = "anna-pc";
  row.os = "Linux";
  row.version = "0.1";
  return row;
}

tls::Peer peer(bool expired) {
  return {.common_name = {}, .certificate = {}, .not_after = timing::from_ms(0), .expired = expired};
}

TEST(Greeting, EachStateOfAnAgentHasItsAnswer) {
  auto revoked = known(), quarantined = known(), both = known();
  revoked.revoked = both.revoked = timing::from_ms(1);
  quarantined.quarantined = both.quarantined = timing::from_ms(1'000);
  quarantined.quarantine_reason = "conflict: record 3";
  const struct {
    std::optional<store::AgentRow> row;
    bool expired;
    Welcome::Outcome outcome;
    std::string detail;
    std::string_view counter;
  } table[] = {
      {known(), false, Welcome::ACCEPTED, "", ""},
      {known(), true, Welcome::RENEW_FIRST, "the certificate expired at 1970-01-01T00:00:00.000Z", ""},
      {std::nullopt, false, Welcome::UNKNOWN_AGENT, "this agent is not enrolled here", "hello_unknown_agent"},
      {revoked, false, Welcome::REVOKED, "this agent was revoked at 1970-01-01T00:00:00.001Z",
       "hello_revoked"},
      {quarantined, false, Welcome::QUARANTINED,
       "in quarantine since 1970-01-01T00:00:01.000Z: conflict: record 3", "hello_quarantined"},
      {quarantined, true, Welcome::QUARANTINED,
       "in quarantine since 1970-01-01T00:00:01.000Z: conflict: record 3", "hello_quarantined"},
      {both, false, Welcome::REVOKED, "this agent was revoked at 1970-01-01T00:00:00.001Z", "hello_revoked"},
  };
  for (const auto& row : table) {
    const auto verdict = judge(row.row, peer(row.expired));
    EXPECT_EQ(verdict.outcome, row.outcome) << row.detail;
    EXPECT_EQ(verdict.detail, row.detail);
    EXPECT_EQ(counter_of(verdict.outcome), row.counter);
    EXPECT_EQ(goes_on(verdict.outcome), row.counter.empty());
  }
}

TEST(Greeting, OnlyOurProtocolIsSpoken) {
  Hello hello;
  EXPECT_FALSE(judge_protocol(hello)) << "agents up to 0.1 do not say";
  hello.set_protocol(1);
  EXPECT_FALSE(judge_protocol(hello));
  for (const std::uint32_t other : {2u, UINT32_MAX}) {
    hello.set_protocol(other);
    const auto verdict = judge_protocol(hello);
    ASSERT_TRUE(verdict);
    EXPECT_EQ(verdict->outcome, Welcome::UNKNOWN_PROTOCOL);
    EXPECT_NE(verdict->detail.find("update the collector"), std::string::npos) << verdict->detail;
    EXPECT_EQ(counter_of(verdict->outcome), "hello_unknown_protocol");
  }
}

TEST(Greeting, WhatCannotBeKeptStaysAsItIsKnown) {
  const std::string digest(32, 'd'), long_name(256, 'x');
  const struct {
    std::string hostname, os, version, digest;
    std::string kept_hostname, kept_os, kept_version, kept_digest, odd;
  } table[] = {
      {"new-pc", "Windows", "0.2", digest, "new-pc", "Windows", "0.2", digest, ""},
      {"", "", "", "", "anna-pc", "Linux", "0.1", "", ""},
      {std::string(255, 'x'), "", "", "", std::string(255, 'x'), "Linux", "0.1", "", ""},
      {long_name, "\xff", std::string("a\0b", 3), "short", "anna-pc", "Linux", "0.1", "",
       "hostname, os, agent_version, trust_digest"},
      {"new-pc", "\xc0\x80", "0.2", digest, "new-pc", "Linux", "0.2", digest, "os"},
  };
  for (const auto& row : table) {
    Hello hello;
    // As the wire may carry it: a Protobuf parser refuses strings that are not UTF-8, so this is the second
    // lock.
    hello.set_hostname(row.hostname);
    hello.set_os(row.os);
    hello.set_agent_version(row.version);
    hello.set_trust_digest(row.digest);
    auto shown = peer(false);
    shown.authority = crypto::sha256("a CA");
    const auto told = heard(hello, known(), shown, timing::from_ms(7));
    EXPECT_EQ(told.row.agent_id, known().agent_id);
    EXPECT_EQ(told.row.seen, timing::from_ms(7));
    EXPECT_EQ(told.row.hostname, row.kept_hostname);
    EXPECT_EQ(told.row.os, row.kept_os);
    EXPECT_EQ(told.row.version, row.kept_version);
    EXPECT_EQ(told.row.trust_digest, row.kept_digest);
    EXPECT_EQ(told.row.held_until, shown.not_after);
    EXPECT_EQ(told.row.held_authority, shown.authority.bytes());
    EXPECT_EQ(told.odd, row.odd);
  }
}

}  // namespace
}  // namespace collector::net
