// Which remote IDs are registered, for agents that must know (capture.unregistered).

#pragma once

#include <deskledger/v1/wire.pb.h>

#include <cstdint>
#include <string>
#include <vector>

#include "common/crypto/ed25519.h"
#include "common/record/agent_id.h"

namespace collector::net {

// The answer to an agent that holds the list `known_version`: the digests of `addresses`, or unchanged, or
// too_many above record::kTerminalsMax. `addresses` may hold one address in several spellings.
deskledger::v1::Terminals tell_terminals(const std::vector<std::string>& addresses,
                                         std::uint64_t known_version);

// Writes the collector's signature for `agent` into an answer that is complete otherwise.
void sign_terminals(deskledger::v1::Terminals& told, const record::AgentId& agent,
                    const crypto::SigningKey& key);

}  // namespace collector::net
