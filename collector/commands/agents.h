// `agents`: who is enrolled, when each was last heard, and what ingest counted. `agents revoke`: no more from
// this one.

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

struct RevokeOptions {
  std::filesystem::path config;
  std::string agent;  // Its id, or the name of its workstation if only one has it.
};
int run_revoke(const RevokeOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
