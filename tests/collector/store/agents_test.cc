#include "collector/store/agents.h"

#include "collector/store/users.h"
#include "tests/collector/store/small_world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::store {
namespace {

STORE_SUITE(AgentsTest);

TEST_P(AgentsTest, ATokenIsFoundAndUsedOnce) {
  const auto id = write([](Transaction& t) {
    return must(create_token(
        t, {.secret_hash = "hash", .workstation = "WS-1", .created = at(10), .expires = at(20)}));
  });
  EXPECT_EQ(read([](Transaction& t) { return must(find_token(t, "other")); }), std::nullopt);
  auto token = read([](Transaction& t) { return must(find_token(t, "hash")).value(); });
  EXPECT_EQ(token.id, id);
  EXPECT_EQ(token.workstation, "WS-1");
  EXPECT_EQ(token.created, at(10));
  EXPECT_EQ(token.expires, at(20));
  EXPECT_EQ(token.uses, 0);

  EXPECT_TRUE(write([&](Transaction& t) { return must(use_token(t, id)); }));
  token = read([](Transaction& t) { return must(find_token(t, "hash")).value(); });
  EXPECT_EQ(token.uses, 1);
  EXPECT_FALSE(write([&](Transaction& t) { return must(use_token(t, id)); })) << "it is for one use";
  EXPECT_EQ(refused([](Transaction& t) {
              return create_token(
                  t, {.secret_hash = "hash", .workstation = "WS-2", .created = at(1), .expires = at(2)});
            }),
            base::ErrorCode::conflict);
  EXPECT_EQ(refused([](Transaction& t) { return enrol(t, agent_row(99, "agent-3")); }),
            base::ErrorCode::conflict)
      << "a token that does not exist";
}

TEST_P(AgentsTest, AgentsComeBackAsTheyWere) {
  write([](Transaction& t) {
    for (const std::string name : {"b", "a"}) {
      auto row =
          agent_row(must(create_token(
                        t, {.secret_hash = name, .workstation = name, .created = at(1), .expires = at(2)})),
                    name);
      row.workstation = name;
      must(enrol(t, row));
    }
  });
  const auto agents = read([](Transaction& t) { return must(list_agents(t)); });
  ASSERT_EQ(agents.size(), 2u);
  EXPECT_EQ(agents[0].agent_id, "a");
  EXPECT_EQ(agents[1].agent_id, "b");
  const auto agent = read([](Transaction& t) { return must(find_agent(t, "a")).value(); });
  EXPECT_EQ(agent.workstation, "a");
  EXPECT_EQ(agent.token_id, 2);
  EXPECT_EQ(agent.record_key, "key of a");
  EXPECT_EQ(agent.hostname, "host");
  EXPECT_EQ(agent.os, "debian");
  EXPECT_EQ(agent.version, "0.1.0");
  EXPECT_EQ(agent.enrolled, at(5));
  EXPECT_EQ(agent.revoked, std::nullopt);
  EXPECT_EQ(agent.last_seen, std::nullopt);
  EXPECT_FALSE(read([](Transaction& t) { return must(find_agent(t, "c")); }));
}

TEST_P(AgentsTest, TheFirstRevocationStays) {
  write([](Transaction& t) {
    must(enrol(
        t, agent_row(must(create_token(
                         t, {.secret_hash = "h", .workstation = "WS", .created = at(1), .expires = at(2)})),
                     "a")));
  });
  EXPECT_FALSE(write([](Transaction& t) { return must(revoke(t, "nobody", at(50))); }));
  EXPECT_TRUE(write([](Transaction& t) { return must(revoke(t, "a", at(50))); }));
  EXPECT_TRUE(write([](Transaction& t) { return must(revoke(t, "a", at(60))); }));
  write([](Transaction& t) { must(touch_last_seen(t, "a", at(70))); });
  const auto agent = read([](Transaction& t) { return must(find_agent(t, "a")).value(); });
  EXPECT_EQ(agent.revoked, at(50));
  EXPECT_EQ(agent.last_seen, at(70));
}

TEST_P(AgentsTest, OutcomesAreCounted) {
  write([](Transaction& t) {
    must(count_outcome(t, "a", "accepted", "first", at(1)));
    must(count_outcome(t, "a", "accepted", "second", at(2)));
    must(count_outcome(t, "", "unknown_agent", "from nowhere", at(3)));
  });
  const auto counters = read([](Transaction& t) { return must(list_counters(t)); });
  ASSERT_EQ(counters.size(), 2u);
  EXPECT_EQ(counters[0].agent_id, "");
  EXPECT_EQ(counters[0].outcome, "unknown_agent");
  EXPECT_EQ(counters[1].agent_id, "a");
  EXPECT_EQ(counters[1].n, 2);
  EXPECT_EQ(counters[1].last, at(2));
  EXPECT_EQ(counters[1].last_detail, "second");
}

TEST_P(AgentsTest, UsersHaveNamesAndRoles) {
  const auto id =
      write([](Transaction& t) { return must(add_user(t, "ada", "administrator", "$argon2$x", at(9))); });
  const auto user = read([](Transaction& t) { return must(find_user(t, "ada")).value(); });
  EXPECT_EQ(user.id, id);
  EXPECT_EQ(user.name, "ada");
  EXPECT_EQ(user.role, "administrator");
  EXPECT_EQ(user.password_hash, "$argon2$x");
  EXPECT_EQ(user.created, at(9));
  EXPECT_FALSE(read([](Transaction& t) { return must(find_user(t, "Ada")); }));
  EXPECT_EQ(refused([](Transaction& t) { return add_user(t, "ada", "administrator", "y", at(9)); }),
            base::ErrorCode::conflict);
  EXPECT_EQ(refused([](Transaction& t) { return add_user(t, "bob", "king", "y", at(9)); }),
            base::ErrorCode::conflict);
}

}  // namespace
}  // namespace collector::store
