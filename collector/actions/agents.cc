#include "collector/actions/agents.h"

#include <boost/json.hpp>

#include "common/base/hex.h"

namespace collector::actions {

namespace {

namespace json = boost::json;
using base::ErrorCode;
using base::fail;

std::string state_of(const store::AgentRow& agent) {
  return agent.revoked ? "revoked" : agent.quarantined ? "quarantine" : "enrolled";
}

base::Result<store::AgentRow> found_agent(store::Transaction& tx, const std::string& agent_id) {
  auto agent = store::find_agent(tx, agent_id);
  if (!agent) return std::unexpected{agent.error()};
  if (!*agent) return fail(ErrorCode::not_found, "there is no agent " + base::to_hex(agent_id));
  return **std::move(agent);
}

// People call an agent by its workstation; the id says which one it was.
base::Status note_agent(store::Transaction& tx, const Actor& actor, std::string action,
                        const store::AgentRow& before, const store::AgentRow& after) {
  const auto text = [](const store::AgentRow& agent) {
    json::object value{{"agent", base::to_hex(agent.agent_id)}, {"state", state_of(agent)}};
    if (!agent.quarantine_reason.empty()) value["quarantine_reason"] = agent.quarantine_reason;
    return json::serialize(value);
  };
  return note(tx, actor, std::move(action), "agent", before.workstation, text(before), text(after));
}

}  // namespace

base::Status revoke_agent(store::Transaction& tx, const Actor& actor, const std::string& agent_id) {
  const auto agent = found_agent(tx, agent_id);
  if (!agent) return std::unexpected{agent.error()};
  if (agent->revoked) return {};
  if (const auto done = store::revoke(tx, agent_id, actor.now); !done) return std::unexpected{done.error()};
  auto after = *agent;
  after.revoked = actor.now;
  return note_agent(tx, actor, "revoke", *agent, after);
}

base::Status release_agent(store::Transaction& tx, const Actor& actor, const std::string& agent_id) {
  const auto agent = found_agent(tx, agent_id);
  if (!agent) return std::unexpected{agent.error()};
  if (!agent->quarantined) {
    return fail(ErrorCode::conflict, "agent " + base::to_hex(agent_id) + " is in no quarantine");
  }
  if (const auto done = store::release(tx, agent_id); !done) return std::unexpected{done.error()};
  auto after = *agent;
  after.quarantined.reset();
  after.quarantine_reason.clear();
  return note_agent(tx, actor, "release", *agent, after);
}

base::Result<std::int64_t> create_token(store::Transaction& tx, const Actor& actor,
                                        const store::NewToken& token) {
  const auto id = store::create_token(tx, token);
  if (!id) return std::unexpected{id.error()};
  json::object after{{"label", token.label},
                     {"workstation", token.workstation},
                     {"uses_max", token.uses_max},
                     {"expires_utc", timing::to_rfc3339(token.expires)}};
  if (token.replaces) after["replaces_agent"] = base::to_hex(*token.replaces);
  if (auto noted = note(tx, actor, "create", "token", std::to_string(*id), "", json::serialize(after));
      !noted) {
    return std::unexpected{noted.error()};
  }
  return *id;
}

base::Status revoke_token(store::Transaction& tx, const Actor& actor, std::int64_t token_id) {
  const auto token = store::find_token_numbered(tx, token_id);
  if (!token) return std::unexpected{token.error()};
  if (!*token) {
    return fail(ErrorCode::not_found, "there is no token " + std::to_string(token_id));
  }
  if ((*token)->revoked) return {};
  if (const auto done = store::revoke_token(tx, token_id, actor.now); !done) {
    return std::unexpected{done.error()};
  }
  const auto text = [&](bool revoked) {
    return json::serialize(
        json::object{{"label", (*token)->label}, {"uses", (*token)->uses}, {"revoked", revoked}});
  };
  return note(tx, actor, "revoke", "token", std::to_string(token_id), text(false), text(true));
}

}  // namespace collector::actions
