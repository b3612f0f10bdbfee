// What a person decides about who may speak: agents, and the tokens that enrol them.

#pragma once

#include <cstdint>

#include "collector/actions/actor.h"
#include "collector/store/agents.h"
#include "common/base/result.h"

namespace collector::actions {

// Nothing more is taken from the agent; its records stay. One that is revoked stays as it is, and nothing is
// noted. not_found if there is none with that id.
[[nodiscard]] base::Status revoke_agent(store::Transaction& tx, const Actor& actor,
                                        const std::string& agent_id);

// Out of quarantine: its batches are taken again. conflict if it is in none, not_found if there is none.
[[nodiscard]] base::Status release_agent(store::Transaction& tx, const Actor& actor,
                                         const std::string& agent_id);

// Its number. What is noted has no secret, and no hash of one.
[[nodiscard]] base::Result<std::int64_t> create_token(store::Transaction& tx, const Actor& actor,
                                                      const store::NewToken& token);

// It enrols nobody any more. One that is revoked stays as it is, and nothing is noted. not_found if there is
// none with that number.
[[nodiscard]] base::Status revoke_token(store::Transaction& tx, const Actor& actor, std::int64_t token_id);

}  // namespace collector::actions
