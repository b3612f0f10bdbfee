// An agent as people name it.

#pragma once

#include <string>

#include "collector/store/agents.h"
#include "common/base/result.h"

namespace collector::commands {

// By its id, or by the name of its workstation if one agent alone that is not revoked has it. not_found,
// saying what to do, otherwise.
[[nodiscard]] base::Result<store::AgentRow> named_agent(store::Transaction& tx, const std::string& name);

}  // namespace collector::commands
