// `agents list`: who is enrolled, when each was last heard, and what ingest counted.

#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

namespace collector::commands {

struct AgentsOptions {
  std::filesystem::path config;
  bool json = false;
};
int run_agents(const AgentsOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
