// What the system's tables tell of a process, where the kernel queue does not.

#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <string>

#include "agent/process/process_watch.h"

namespace agent::process {

struct ProcessInfo {
  std::string program;     // The path of its file, or the short name if that is closed to us.
  std::uint64_t born = 0;  // See Identity.
};

// Of the process that has this pid now. Without one: gone (also for one that has ended and waits for its
// parent to ask), or unknown.
using LookUp = std::function<std::expected<ProcessInfo, Seen>(std::uint32_t pid)>;

#ifdef __APPLE__
// proc_pidpath(3) and sysctl(3) KERN_PROC_PID. Never built, never tried: there was no macOS to do it on.
std::expected<ProcessInfo, Seen> macos_process_info(std::uint32_t pid);
#endif

}  // namespace agent::process
