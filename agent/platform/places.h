// Where things live on this system, and what this system is.

#pragma once

#include <filesystem>
#include <string>

#include "agent/tail/sources.h"

namespace agent::platform {

// The agent's own folder: a service's when run by the system's administrator, the user's otherwise.
std::filesystem::path data_directory();
std::filesystem::path config_file();

std::string hostname();
// For people: "Debian GNU/Linux 12 (bookworm)".
std::string os_name();

tail::System system();
// What the default trace places depend on.
tail::Environment environment();

}  // namespace agent::platform
