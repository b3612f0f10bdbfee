// One process as Linux's /proc shows it (proc(5)).

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace agent::process {

struct Stat {
  char state = '?';               // 'Z', 'X': it has ended and waits for its parent to ask.
  std::uint64_t start_ticks = 0;  // Since boot: tells a process from a later one with the same pid.
  // The wait status, once it has ended; 0 also for those who may not trace the process.
  int exit_status = 0;
};

// The text of /proc/<pid>/stat. Nothing if it is not one: the program's name in it is free, the rest is not.
std::optional<Stat> parse_stat(std::string_view text);

// Nothing if the process does not exist or is hidden from us (mount option hidepid).
std::optional<Stat> stat_of(std::uint32_t pid);

// Asks the executable file's link; where we may not read that, the short name and then the command line,
// which are the process's own words. Nothing if it may tell us none of them.
std::optional<bool> runs_program(std::uint32_t pid, std::string_view stem);

}  // namespace agent::process
