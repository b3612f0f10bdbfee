// `status`: is this workstation enrolled, connected, and is nothing missing?

#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>

namespace agent::commands {

struct StatusOptions {
  std::optional<std::filesystem::path> config;
  std::optional<std::filesystem::path> data_directory;  // Replaces the configuration's.
  bool json = false;
};

// 0; 1 if the workstation is not enrolled or its outbox cannot be read.
int run_status(const StatusOptions& options, std::ostream& out, std::ostream& err);

}  // namespace agent::commands
