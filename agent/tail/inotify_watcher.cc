#include "agent/tail/inotify_watcher.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace agent::tail {

namespace {

constexpr std::uint32_t kFileMask = IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF | IN_DONT_FOLLOW;
constexpr std::uint32_t kFolderMask = IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB |
                                      IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

std::unexpected<base::Error> fail_with(int error, const std::string& attempted) {
  const bool limit = error == ENOSPC || error == EMFILE || error == ENFILE || error == ENOMEM;
  return base::fail(limit ? base::ErrorCode::resource_exhausted : base::ErrorCode::unavailable,
                    attempted + ": " + std::generic_category().message(error));
}

// "/a/b" -> "/a", "/a" -> "/", "/" and "a" -> "".
std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos || path == "/") return "";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

base::Result<std::unique_ptr<InotifyWatcher>> InotifyWatcher::create() {
  const int descriptor = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (descriptor < 0) return fail_with(errno, "starting inotify");
  return std::unique_ptr<InotifyWatcher>{new InotifyWatcher{descriptor}};
}

InotifyWatcher::~InotifyWatcher() {
  ::close(descriptor_);
}

base::Status InotifyWatcher::watch(const std::string& path) {
  paths_.insert(path);
  return arm(path);
}

// False: not there, or closed to us.
base::Result<bool> InotifyWatcher::add(const std::string& path, std::uint32_t mask) {
  const int watch = ::inotify_add_watch(descriptor_, path.c_str(), mask);
  if (watch >= 0) {
    // The same inode has the same watch descriptor, so arming twice is harmless.
    watched_[watch] = path;
    return true;
  }
  if (errno == ENOENT || errno == ENOTDIR || errno == EACCES || errno == EPERM || errno == ELOOP)
    return false;
  return fail_with(errno, "watching '" + path + "'");
}

base::Status InotifyWatcher::watch_folder(const std::string& folder) {
  folders_.insert(folder);
  return arm_folder(folder);
}

base::Status InotifyWatcher::arm_folder(std::string folder) {
  for (; !folder.empty(); folder = parent_of(folder)) {
    const auto added = add(folder, kFolderMask);
    if (!added) return std::unexpected{added.error()};
    if (*added) break;
  }
  return {};
}

base::Status InotifyWatcher::arm(const std::string& path) {
  if (auto armed = arm_folder(parent_of(path)); !armed) return armed;
  // After the folder, so that a file created in between is not missed.
  const auto added = add(path, kFileMask);
  if (!added) return std::unexpected{added.error()};
  return {};
}

Changes InotifyWatcher::drain() {
  Changes changes;
  alignas(inotify_event) std::array<char, 16 * 1024> buffer;
  for (;;) {
    const auto got = ::read(descriptor_, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    std::size_t at = 0;
    while (at < static_cast<std::size_t>(got)) {
      inotify_event event;
      std::memcpy(&event, buffer.data() + at, sizeof event);
      const char* name = event.len == 0 ? "" : buffer.data() + at + sizeof event;
      at += sizeof event + event.len;
      if ((event.mask & IN_Q_OVERFLOW) != 0) {
        changes.everything = true;
        rearm_ = true;
        continue;
      }
      const auto watched = watched_.find(event.wd);
      if (watched == watched_.end()) continue;
      note(event.mask, watched->second, name, changes);
      if ((event.mask & IN_IGNORED) != 0) watched_.erase(event.wd);
    }
  }
  if (std::exchange(rearm_, false)) arm_all();
  return changes;
}

// A watch that is refused now is tried again at the next change; until then the
// run loop's steady rate finds what happens there.
void InotifyWatcher::arm_all() {
  for (const std::string& folder : folders_) static_cast<void>(arm_folder(folder));
  for (const std::string& path : paths_) static_cast<void>(arm(path));
}

void InotifyWatcher::note(std::uint32_t mask, const std::string& watched, std::string_view name,
                          Changes& changes) {
  if (name.empty()) {
    // The watched file or folder itself.
    if (paths_.contains(watched)) {
      changes.paths.insert(watched);
    } else {
      changes.everything = true;
    }
    rearm_ = rearm_ || (mask & IN_MODIFY) == 0;
    return;
  }
  const std::string path = (watched == "/" ? "" : watched) + "/" + std::string{name};
  if (paths_.contains(path)) {
    changes.paths.insert(path);
    rearm_ = true;
  } else if ((mask & IN_ISDIR) != 0 || name.find(".trace") != std::string_view::npos) {
    changes.everything = true;
    rearm_ = true;
  }
}

}  // namespace agent::tail
