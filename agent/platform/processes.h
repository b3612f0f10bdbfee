// A one-time look at the programs that run, for `doctor`.

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace agent::platform {

struct RunningProgram {
  std::uint32_t pid = 0;
  std::string name;  // The program's file name, at most 15 bytes of it on Linux.
  // Its first argument if that is an option or a plain word, such as "--service" or "run"; empty: there is
  // none, the system does not tell, or it is something else. AnyDesk IDs are never kept.
  std::string role;
};

// All programs whose name begins with `stem` (lower case, whatever the name's case), by pid, without the
// caller. What may not be looked at is left out. `proc`: Linux only, where the process file system is; tests
// have their own.
std::vector<RunningProgram> running_programs(std::string_view stem,
                                             const std::filesystem::path& proc = "/proc");

}  // namespace agent::platform
