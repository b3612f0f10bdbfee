// What nearly every command needs first: the configuration, and the database
// it names, brought up to this program's schema.

#pragma once

#include <filesystem>
#include <string>

#include "collector/commands/config.h"
#include "collector/store/connection.h"
#include "common/base/result.h"

namespace collector::commands {

struct Workspace {
  Config config;
  store::Connection database;
};

// Reads the configuration, opens the database and migrates it. A database
// newer than this program is conflict: nothing may touch it.
[[nodiscard]] base::Result<Workspace> open_workspace(const std::filesystem::path& config_file);

// `attempted: message` to `err`, and the exit code of a command that failed: 1.
int report(std::ostream& err, const base::Error& error);

}  // namespace collector::commands
