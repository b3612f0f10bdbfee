#include <libproc.h>
#include <sys/proc.h>
#include <sys/sysctl.h>

#include <array>
#include <cerrno>
#include <cstddef>

#include "agent/process/process_info.h"

namespace agent::process {

std::expected<ProcessInfo, Seen> macos_process_info(std::uint32_t pid) {
  std::array<int, 4> name{CTL_KERN, KERN_PROC, KERN_PROC_PID, static_cast<int>(pid)};
  kinfo_proc info{};
  std::size_t size = sizeof info;
  if (::sysctl(name.data(), static_cast<unsigned>(name.size()), &info, &size, nullptr, 0) != 0) {
    return std::unexpected{errno == ESRCH ? Seen::gone : Seen::unknown};
  }
  // For a pid that nobody has it answers with nothing.
  if (size < sizeof info || info.kp_proc.p_stat == SZOMB) return std::unexpected{Seen::gone};
  const timeval& born = info.kp_proc.p_starttime;
  std::array<char, PROC_PIDPATHINFO_MAXSIZE> path{};
  const int length = ::proc_pidpath(static_cast<int>(pid), path.data(), path.size());
  return ProcessInfo{.program = length > 0 ? std::string{path.data(), static_cast<std::size_t>(length)}
                                           : std::string{info.kp_proc.p_comm},
                     .born = static_cast<std::uint64_t>(born.tv_sec) * 1'000'000U +
                             static_cast<std::uint64_t>(born.tv_usec)};
}

}  // namespace agent::process
