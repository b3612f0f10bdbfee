// Who we are on this system, and what could let us read a file: for the mends
// that `doctor` names.

#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace agent::platform {

// The account this program runs as, as people write it.
std::string account();
// root; on Windows a member of the administrators with their rights, or the system itself.
bool is_administrator();

// The group, if any, whose members may read the file although others may not, and whose name is known.
// Windows: never.
std::optional<std::string> group_that_reads(const std::filesystem::path& file);

}  // namespace agent::platform
