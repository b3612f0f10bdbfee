#include "collector/proof/agent_book.h"

#include "common/base/hex.h"

namespace collector::proof {

std::string AgentBook::workstation(const std::string& agent) const {
  if (const auto known = agents_.find(agent); known != agents_.end()) return known->second.workstation;
  if (keys_ == nullptr) return {};
  const auto kept = keys_->agents.find(agent);
  return kept == keys_->agents.end() ? std::string{} : kept->second.workstation;
}

std::variant<AgentBook::Checked, Finding> AgentBook::find(const std::string& agent) const {
  Finding finding{.kind = Kind::agent_unknown, .agent = agent, .workstation = workstation(agent)};
  const auto refuse = [&](std::string what) {
    finding.what = std::move(what);
    return finding;
  };
  const auto id = record::AgentId::from_hex(agent);
  if (!id || id->hex() != agent) return refuse("'" + agent + "' is no agent's id");
  const auto known = agents_.find(agent);
  if (known == agents_.end()) return refuse("no agent with this id is enrolled, but there are rows of it");
  const auto key = crypto::PublicKey::from_bytes(known->second.record_key);
  if (!known->second.damaged.empty() || !key) {
    finding.kind = Kind::agent_key_changed;
    return refuse("the agent's record key was changed: it is no key");
  }
  if (keys_ == nullptr) return Checked{.id = *id, .key = *key};
  const auto kept = keys_->agents.find(agent);
  if (kept == keys_->agents.end()) return refuse("the agent is not among the kept keys");
  if (kept->second.key != *key) {
    finding.kind = Kind::agent_key_changed;
    finding.expected = base::to_hex(kept->second.key.bytes());
    finding.found = base::to_hex(key->bytes());
    return refuse("the agent's record key is not the one that was kept");
  }
  return Checked{.id = *id, .key = *key};
}

std::vector<Finding> AgentBook::findings() const {
  std::vector<Finding> all;
  for (const auto& [id, agent] : agents_) {
    auto checked = find(id);
    if (auto* finding = std::get_if<Finding>(&checked)) all.push_back(std::move(*finding));
  }
  return all;
}

}  // namespace collector::proof
