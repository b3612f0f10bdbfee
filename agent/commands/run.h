// `run`: follows the traces and streams what they tell, until it is told to stop.

#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "agent/platform/stop.h"

namespace agent::commands {

struct RunOptions {
  std::optional<std::filesystem::path> config;
  std::optional<std::filesystem::path> data_directory;  // Replaces the configuration's.
  std::vector<std::string>
      traces;  // If any: these patterns instead of the configuration's and the default places.
  platform::Stop* stop = nullptr;  // Who may ask it to stop, besides a signal.
};

// 0 on SIGINT, SIGTERM and when `stop` was asked; 1 with a reason if it cannot start (not enrolled, another
// agent runs), or if it had to end itself.
int run_agent(const RunOptions& options, std::ostream& out, std::ostream& err);

}  // namespace agent::commands
