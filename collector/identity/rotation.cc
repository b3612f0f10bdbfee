#include "collector/identity/rotation.h"

namespace collector::identity {

namespace {

// Why the next step shuts this agent out; empty if it does not.
std::string reason_of(const PkiState& pki, const store::AgentRow& agent) {
  const auto knowledge = knowledge_of(pki, agent);
  if (knowledge == Knowledge::unknown) return "never told which CAs it trusts";
  if (pki.rotation == Rotation::announced) {
    return knowledge == Knowledge::current ? "" : "does not know the next CA yet";
  }
  if (knowledge == Knowledge::outdated) return "does not know the CA that issues now";
  // What it was given it may have lost: what it shows counts.
  if (agent.held_authority.empty()) return "has shown no certificate yet";
  if (agent.held_authority != pki.issuing.digest().bytes()) return "has a certificate of the former CA";
  return "";
}

}  // namespace

Knowledge knowledge_of(const PkiState& pki, const store::AgentRow& agent) {
  if (agent.trust_digest.empty()) return Knowledge::unknown;
  if (agent.trust_digest == pki.digest().bytes()) return Knowledge::current;
  const std::vector<crypto::Certificate> alone{pki.issuing};
  return agent.trust_digest == crypto::trust_digest(alone).bytes() ? Knowledge::issuing : Knowledge::outdated;
}

std::vector<LeftBehind> left_behind(const PkiState& pki, const std::vector<store::AgentRow>& agents) {
  std::vector<LeftBehind> left;
  if (pki.rotation == Rotation::whole) return left;
  for (const auto& agent : agents) {
    if (agent.revoked) continue;
    if (auto reason = reason_of(pki, agent); !reason.empty()) {
      left.push_back({.agent = agent, .reason = std::move(reason)});
    }
  }
  return left;
}

}  // namespace collector::identity
