// `agents show`: everything the collector knows about one agent.

#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

namespace collector::commands {

struct AgentShowOptions {
  std::filesystem::path config = {};
  std::string agent = {};  // Its id, or the name of its workstation if only one has it.
  bool json = false;
};
int run_agent_show(const AgentShowOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
