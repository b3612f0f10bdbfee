// Which files to watch: AnyDesk's own places on each system, and configured ones.

#pragma once

#include <string>
#include <vector>

#include "agent/tail/file.h"
#include "agent/tail/glob.h"

namespace agent::tail {

// gnu_linux: `linux` itself is a macro of the compiler.
enum class System { gnu_linux, macos, windows };

// What the patterns depend on. Empty values leave their patterns out.
struct Environment {
  std::string home;          // HOME of the agent itself; matters where it does not run as a service.
  std::string users;         // Windows: the folder of all profiles, for example C:\Users.
  std::string program_data;  // Windows: %ProgramData%.
  std::string app_data;      // Windows: %APPDATA% of the agent's own user.
  std::string system_root;   // Windows: %SystemRoot%.
};

// The patterns of traces.md sections 1.1 to 1.3, service and user files, custom
// clients included. Pure; no duplicates.
std::vector<std::string> default_patterns(System system, const Environment& environment);

LetterCase letter_case(System system);

// The paths that match now: sorted, each once. A path is the stable name of its
// source. Repeat it to find new files; a follower of a path outlives its file.
std::vector<std::string> expand_all(FileSystem& files, const std::vector<std::string>& patterns,
                                    LetterCase letters);

}  // namespace agent::tail
