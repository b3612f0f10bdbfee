// Which agents a change of the CA would shut out.

#pragma once

#include <string>
#include <vector>

#include "collector/identity/pki.h"
#include "collector/store/agents.h"

namespace collector::identity {

// How long after a change of the folder a running collector may go on with what it had.
inline constexpr std::chrono::seconds kTrustLook{30};

// What an agent knows of the CAs, by what it told when it last connected.
enum class Knowledge {
  current,   // All that are trusted now.
  issuing,   // The issuing one alone: it was not told of the other, or has dropped it already.
  outdated,  // Another set.
  unknown,   // It told nothing: it never connected, or is of 0.1.
};
Knowledge knowledge_of(const PkiState& pki, const store::AgentRow& agent);

struct LeftBehind {
  store::AgentRow agent;
  std::string reason;  // A few words.
};

// Of `agents`, those not revoked whom the next step (switch_over, finish) would shut out: they could not
// connect again before they are enrolled again. When no rotation is under way: none.
std::vector<LeftBehind> left_behind(const PkiState& pki, const std::vector<store::AgentRow>& agents);

}  // namespace collector::identity
