#include "agent/tail/kqueue_watcher.h"

#include <fcntl.h>
#include <sys/event.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <system_error>
#include <utility>
#include <vector>

namespace agent::tail {

namespace {

constexpr unsigned kNotes = NOTE_WRITE | NOTE_EXTEND | NOTE_ATTRIB | NOTE_DELETE | NOTE_RENAME | NOTE_REVOKE;
constexpr unsigned kLeft = NOTE_DELETE | NOTE_RENAME | NOTE_REVOKE;

#ifdef O_EVTONLY
constexpr int kOpen = O_EVTONLY;  // Does not keep a volume from being unmounted.
#else
constexpr int kOpen = O_RDONLY;
#endif

std::unexpected<base::Error> fail_with(int error, const std::string& attempted) {
  const bool limit = error == EMFILE || error == ENFILE || error == ENOMEM;
  return base::fail(limit ? base::ErrorCode::resource_exhausted : base::ErrorCode::unavailable,
                    attempted + ": " + std::generic_category().message(error));
}

// "/a/b" -> "/a", "/a" -> "/", "/" and "a" -> "".
std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos || path == "/") return "";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// Folders and traces.
std::set<std::string> names_that_matter(const std::string& folder) {
  std::set<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator entry{folder, error}, end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    std::string name = entry->path().filename().string();
    if (name.find(".trace") != std::string::npos || entry->is_directory(ignored)) {
      names.insert(std::move(name));
    }
  }
  return names;
}

}  // namespace

base::Result<std::unique_ptr<KqueueWatcher>> KqueueWatcher::create() {
  const int queue = ::kqueue();
  if (queue < 0) return fail_with(errno, "starting kqueue");
  ::fcntl(queue, F_SETFD, FD_CLOEXEC);
  return std::unique_ptr<KqueueWatcher>{new KqueueWatcher{queue}};
}

KqueueWatcher::~KqueueWatcher() {
  for (const auto& [descriptor, node] : nodes_) ::close(descriptor);
  ::close(queue_);
}

base::Status KqueueWatcher::watch(const std::string& path) {
  paths_.insert(path);
  return arm(path);
}

base::Status KqueueWatcher::watch_folder(const std::string& folder) {
  folders_.insert(folder);
  return arm_folder(folder);
}

base::Status KqueueWatcher::arm_folder(std::string folder) {
  for (; !folder.empty(); folder = parent_of(folder)) {
    const auto added = add(folder, true);
    if (!added) return std::unexpected{added.error()};
    if (*added) break;
  }
  return {};
}

base::Status KqueueWatcher::arm(const std::string& path) {
  if (auto armed = arm_folder(parent_of(path)); !armed) return armed;
  // After the folder, so that a file created in between is not missed.
  const auto added = add(path, false);
  if (!added) return std::unexpected{added.error()};
  return {};
}

// False: not there, or closed to us.
base::Result<bool> KqueueWatcher::add(const std::string& path, bool folder) {
  if (descriptors_.contains(path)) return true;
  // A named pipe would keep us waiting without O_NONBLOCK.
  const int descriptor =
      ::open(path.c_str(), kOpen | O_CLOEXEC | O_NONBLOCK | (folder ? O_DIRECTORY : O_NOFOLLOW));
  if (descriptor < 0) {
    if (errno == EMFILE || errno == ENFILE) return fail_with(errno, "watching '" + path + "'");
    return false;
  }
  struct kevent event{};
  EV_SET(&event, static_cast<std::uintptr_t>(descriptor), EVFILT_VNODE, EV_ADD | EV_CLEAR, kNotes, 0,
         nullptr);
  struct stat state{};
  if (::kevent(queue_, &event, 1, nullptr, 0, nullptr) != 0 || ::fstat(descriptor, &state) != 0) {
    const int error = errno;
    ::close(descriptor);
    return fail_with(error, "watching '" + path + "'");
  }
  // Armed, then enumerated.
  nodes_[descriptor] = Node{.path = path,
                            .device = state.st_dev,
                            .inode = state.st_ino,
                            .folder = folder,
                            .names = folder ? names_that_matter(path) : std::set<std::string>{}};
  descriptors_[path] = descriptor;
  return true;
}

KqueueWatcher::Nodes::iterator KqueueWatcher::close(Nodes::iterator node) {
  descriptors_.erase(node->second.path);
  ::close(node->first);  // It leaves the queue by itself.
  return nodes_.erase(node);
}

// A watch that is refused now is tried again at the next change; until then the
// run loop's steady rate finds what happens there.
void KqueueWatcher::arm_all() {
  // A descriptor follows its file; we follow the name.
  for (auto node = nodes_.begin(); node != nodes_.end();) {
    struct stat now{};
    const bool stands = ::lstat(node->second.path.c_str(), &now) == 0 && now.st_dev == node->second.device &&
                        now.st_ino == node->second.inode;
    // A folder may be reached through a link.
    const bool linked = node->second.folder && ::stat(node->second.path.c_str(), &now) == 0 &&
                        now.st_dev == node->second.device && now.st_ino == node->second.inode;
    node = stands || linked ? std::next(node) : close(node);
  }
  for (const std::string& folder : folders_) static_cast<void>(arm_folder(folder));
  for (const std::string& path : paths_) static_cast<void>(arm(path));
}

Changes KqueueWatcher::drain() {
  Changes changes;
  std::array<struct kevent, 64> events{};
  const timespec at_once{};
  for (;;) {
    const int count = ::kevent(queue_, nullptr, 0, events.data(), static_cast<int>(events.size()), &at_once);
    for (int i = 0; i < count; ++i) {
      const auto& event = events[static_cast<std::size_t>(i)];
      const auto node = nodes_.find(static_cast<int>(event.ident));
      if (node != nodes_.end()) note(node->second, event.fflags, changes);
    }
    if (count < static_cast<int>(events.size())) break;
  }
  if (std::exchange(rearm_, false)) arm_all();
  return changes;
}

void KqueueWatcher::note(Node& node, unsigned flags, Changes& changes) {
  if ((flags & (kLeft | NOTE_ATTRIB)) != 0) rearm_ = true;
  if (!node.folder) {
    changes.paths.insert(node.path);
    return;
  }
  if ((flags & (kLeft | NOTE_ATTRIB)) != 0) changes.everything = true;
  auto names = names_that_matter(node.path);
  std::vector<std::string> changed;
  std::ranges::set_symmetric_difference(node.names, names, std::back_inserter(changed));
  for (const std::string& name : changed) {
    const std::string path = (node.path == "/" ? "" : node.path) + "/" + name;
    if (paths_.contains(path)) {
      changes.paths.insert(path);
    } else {
      changes.everything = true;
    }
    rearm_ = true;
  }
  node.names = std::move(names);
}

}  // namespace agent::tail
