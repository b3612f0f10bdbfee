// Which key an agent's records are checked with, and what is wrong about the agent itself.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>

#include "collector/proof/finding.h"
#include "collector/proof/keys.h"
#include "collector/store/audit.h"
#include "common/record/agent_id.h"

namespace collector::proof {

class AgentBook {
 public:
  // `keys` may be null: the agents' own rows are believed. Must outlive the book.
  explicit AgentBook(const Keys* keys) : keys_{keys} {}

  void add(store::AuditAgent agent) { agents_.insert_or_assign(agent.agent, std::move(agent)); }

  struct Checked {
    record::AgentId id;
    crypto::PublicKey key;
  };
  // The key, or why there is none, without epoch.
  std::variant<Checked, Finding> find(const std::string& agent) const;
  bool contains(const std::string& agent) const { return agents_.contains(agent); }
  std::string workstation(const std::string& agent) const;
  // Agents whose own row is not what was kept, though they may have no stream.
  std::vector<Finding> findings() const;

 private:
  const Keys* keys_;
  std::map<std::string, store::AuditAgent> agents_;
};

}  // namespace collector::proof
