#include "agent/process/pidfd.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace agent::process {

namespace {

// The kernel's interface of include/uapi/linux/pidfd.h, which Debian 12 does not have yet: the first version
// of the structure, 64 bytes, which every later kernel accepts.
struct Info {
  std::uint64_t mask = 0;
  std::uint64_t cgroup_id = 0;
  std::uint32_t pid = 0, thread_group = 0, parent = 0;
  std::uint32_t real_uid = 0, real_gid = 0, effective_uid = 0, effective_gid = 0;
  std::uint32_t saved_uid = 0, saved_gid = 0, file_system_uid = 0, file_system_gid = 0;
  std::int32_t exit_status = 0;
};
static_assert(sizeof(Info) == 64);

constexpr std::uint64_t kInfoExit = 1U << 3;               // PIDFD_INFO_EXIT
constexpr unsigned long kGetInfo = _IOWR(0xFF, 11, Info);  // PIDFD_GET_INFO

}  // namespace

std::expected<Pidfd, int> Pidfd::open(std::uint32_t pid) {
  const auto descriptor = ::syscall(SYS_pidfd_open, static_cast<pid_t>(pid), 0);
  if (descriptor < 0) return std::unexpected{errno};
  return Pidfd{static_cast<int>(descriptor)};
}

Pidfd::~Pidfd() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool Pidfd::ended() const {
  pollfd poll{.fd = descriptor_, .events = POLLIN, .revents = 0};
  return ::poll(&poll, 1, 0) == 1;
}

Pidfd::Exit Pidfd::exit() const {
  Info info;
  info.mask = kInfoExit;
  // ENOTTY before 6.13. 6.13 and 6.14 leave the bit out, and fail with ESRCH once the parent has asked.
  if (::ioctl(descriptor_, kGetInfo, &info) != 0) return {.told = Told::never, .wait_status = 0};
  if ((info.mask & kInfoExit) == 0) return {.told = Told::not_yet, .wait_status = 0};
  return {.told = Told::yes, .wait_status = info.exit_status};
}

}  // namespace agent::process
