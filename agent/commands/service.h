// `service install|uninstall|start|stop|status`, and `run --service`: the agent as a service of the system.

#pragma once

#include <cstddef>
#include <iosfwd>

#include "agent/commands/run.h"

namespace agent::commands {

enum class ServiceAction { install, uninstall, start, stop, status };

// `install` registers `run --service` with the options of `options`; paths are made absolute, because a
// service starts in another folder. The others take no options. 0, or 1 with a reason.
int run_service(ServiceAction action, const RunOptions& options, std::ostream& out, std::ostream& err);

// What a service says goes to agent.log in its data folder: this many bytes, and as often before.
inline constexpr std::size_t kServiceLogBytes = std::size_t{1} << 20;
inline constexpr std::size_t kServiceLogFiles = 3;

// `run` below the service manager, which asks it to stop. 1 with a reason if it is not the service manager
// who started this process; what happens later is told to the log and to the service manager.
int run_agent_as_service(const RunOptions& options, std::ostream& err);

}  // namespace agent::commands
