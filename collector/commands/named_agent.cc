#include "collector/commands/named_agent.h"

#include "common/base/hex.h"

namespace collector::commands {

base::Result<store::AgentRow> named_agent(store::Transaction& tx, const std::string& name) {
  const auto agents = store::list_agents(tx);
  if (!agents) return std::unexpected{agents.error()};
  std::vector<store::AgentRow> found;
  for (const auto& agent : *agents) {
    if (base::to_hex(agent.agent_id) == name) return agent;
    if (agent.workstation == name && !agent.revoked) found.push_back(agent);
  }
  if (found.size() == 1) return found.front();
  return base::fail(
      base::ErrorCode::not_found,
      found.empty() ? "no agent has the id or workstation '" + name + "'; see: deskledger-collector agents"
                    : "several agents have the workstation '" + name + "'; give the agent's id");
}

}  // namespace collector::commands
