#include "agent/commands/single.h"

#ifdef _WIN32
#include <windows.h>
#else
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#endif

namespace agent::commands {

using base::ErrorCode;
using base::fail;

#ifdef _WIN32

base::Result<Single> Single::take(const std::filesystem::path& directory) {
  const auto path = directory / "agent.lock";
  // No sharing at all: a second opener is refused.
  const HANDLE handle =
      CreateFileW(path.c_str(), GENERIC_WRITE, 0, nullptr, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr);
  if (handle == INVALID_HANDLE_VALUE) {
    const DWORD error = GetLastError();
    if (error == ERROR_SHARING_VIOLATION) {
      return fail(ErrorCode::conflict, "another agent runs with " + directory.string() + " already");
    }
    return fail(ErrorCode::permission_denied,
                "cannot open " + path.string() + ": Windows error " + std::to_string(error));
  }
  return Single{reinterpret_cast<std::intptr_t>(handle)};
}

base::Result<bool> is_taken(const std::filesystem::path& directory) {
  const auto path = directory / "agent.lock";
  const HANDLE handle =
      CreateFileW(path.c_str(), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                  OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr);
  if (handle != INVALID_HANDLE_VALUE) {
    CloseHandle(handle);
    return false;
  }
  const DWORD error = GetLastError();
  if (error == ERROR_SHARING_VIOLATION) return true;
  if (error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND) return false;
  return fail(ErrorCode::permission_denied,
              "cannot look at " + path.string() + ": Windows error " + std::to_string(error));
}

Single::~Single() {
  if (handle_ != -1) CloseHandle(reinterpret_cast<HANDLE>(handle_));
}

#else

base::Result<Single> Single::take(const std::filesystem::path& directory) {
  const auto path = directory / "agent.lock";
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return fail(ErrorCode::permission_denied,
                "cannot open " + path.string() + ": " + std::generic_category().message(errno));
  }
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    const int why = errno;
    ::close(descriptor);
    if (why != EWOULDBLOCK) {
      return fail(ErrorCode::unavailable,
                  "cannot lock " + path.string() + ": " + std::generic_category().message(why));
    }
    return fail(ErrorCode::conflict, "another agent runs with " + directory.string() + " already");
  }
  return Single{descriptor};
}

base::Result<bool> is_taken(const std::filesystem::path& directory) {
  const auto path = directory / "agent.lock";
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return false;
    return fail(ErrorCode::permission_denied,
                "cannot look at " + path.string() + ": " + std::generic_category().message(errno));
  }
  const bool taken = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(descriptor);
  return taken;
}

Single::~Single() {
  if (handle_ >= 0) ::close(static_cast<int>(handle_));
}

#endif

}  // namespace agent::commands
