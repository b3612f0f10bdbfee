// %ProgramData%\Deskledger, which no other user may prepare for us.

#pragma once

#include <filesystem>

#include "common/base/result.h"

namespace agent::platform {

// Makes `folder` for the system and the administrators alone, or gives the one there is that access list; the
// access list of what is in it already stays. conflict if it belongs to another user, who could have left an
// agent.toml or keys in it. Every user may make folders below %ProgramData%.
[[nodiscard]] base::Status make_program_folder(const std::filesystem::path& folder);

}  // namespace agent::platform
