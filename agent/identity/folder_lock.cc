#include "agent/identity/folder_lock.h"

#ifdef _WIN32
#include <windows.h>
#else
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#endif

namespace agent::identity {

using base::ErrorCode;
using base::fail;

#ifdef _WIN32

base::Result<FolderLock> FolderLock::take(const std::filesystem::path& directory) {
  const auto path = directory / "identity.lock";
  const HANDLE handle =
      CreateFileW(path.c_str(), GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr,
                  OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr);
  if (handle == INVALID_HANDLE_VALUE) {
    return fail(ErrorCode::permission_denied,
                "cannot open " + path.string() + ": Windows error " + std::to_string(GetLastError()));
  }
  // Closing the handle unlocks.
  FolderLock lock{reinterpret_cast<std::intptr_t>(handle)};
  OVERLAPPED from_the_start{};
  if (LockFileEx(handle, LOCKFILE_EXCLUSIVE_LOCK, 0, 1, 0, &from_the_start) == 0) {
    return fail(ErrorCode::unavailable,
                "cannot lock " + path.string() + ": Windows error " + std::to_string(GetLastError()));
  }
  return lock;
}

FolderLock::~FolderLock() {
  if (handle_ != -1) CloseHandle(reinterpret_cast<HANDLE>(handle_));
}

#else

base::Result<FolderLock> FolderLock::take(const std::filesystem::path& directory) {
  const auto path = directory / "identity.lock";
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return fail(ErrorCode::permission_denied,
                "cannot open " + path.string() + ": " + std::generic_category().message(errno));
  }
  FolderLock lock{descriptor};
  while (::flock(descriptor, LOCK_EX) != 0) {
    if (errno == EINTR) continue;
    return fail(ErrorCode::unavailable,
                "cannot lock " + path.string() + ": " + std::generic_category().message(errno));
  }
  return lock;
}

FolderLock::~FolderLock() {
  if (handle_ >= 0) ::close(static_cast<int>(handle_));
}

#endif

}  // namespace agent::identity
