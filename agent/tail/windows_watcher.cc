#include "agent/tail/windows_watcher.h"

#include <string_view>
#include <utility>

#include "common/base/path.h"

namespace agent::tail {

namespace {

// So that somebody who changes folders without end cannot keep us.
constexpr int kRoundsMax = 8;

// "C:\a\b" -> "C:\a", "C:\a" -> "C:\", "C:\" and "a" -> "". Both separators count.
std::string parent_of(const std::string& path) {
  const std::size_t slash = path.find_last_of("/\\");
  if (slash == std::string::npos || slash + 1 == path.size()) return "";
  const bool root = slash == 0 || path[slash - 1] == ':';
  return path.substr(0, root ? slash + 1 : slash);
}

std::string child_of(const std::string& folder, const std::string& name) {
  const bool ends = folder.ends_with('\\') || folder.ends_with('/');
  return folder + (ends ? "" : "\\") + name;
}

bool is_folder(const std::string& path) {
  const DWORD attributes = ::GetFileAttributesW(base::path_of(path).wstring().c_str());
  return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
}

}  // namespace

base::Result<std::unique_ptr<WindowsWatcher>> WindowsWatcher::create() {
  const HANDLE event = ::CreateEventW(nullptr, TRUE, FALSE, nullptr);
  if (event == nullptr) {
    return base::fail(base::ErrorCode::unavailable,
                      "making an event: Windows error " + std::to_string(::GetLastError()));
  }
  return std::unique_ptr<WindowsWatcher>{new WindowsWatcher{event}};
}

WindowsWatcher::~WindowsWatcher() {
  folders_.clear();
  ::CloseHandle(event_);
}

std::string WindowsWatcher::key_of(const std::string& path) {
  std::string key = path;
  for (char& c : key) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '/') c = '\\';
  }
  return key;
}

base::Status WindowsWatcher::watch(const std::string& path) {
  files_.try_emplace(key_of(path), path);
  arm(path);
  set_event_if_ready();
  return {};
}

base::Status WindowsWatcher::watch_folder(const std::string& folder) {
  wanted_folders_.try_emplace(key_of(folder), folder);
  open_nearest(folder, Interest::names);
  set_event_if_ready();
  return {};
}

bool WindowsWatcher::open(const std::string& folder, Interest interest) {
  const std::string key = key_of(folder);
  const auto known = folders_.find(key);
  if (known != folders_.end() && known->second.folder->interest() >= interest) return true;
  auto opened = WindowsFolder::open(folder, interest, event_);
  if (!opened) return false;
  // Changes between the two are told by the old one, so nobody is asked to look if there are none.
  if (known != folders_.end() && known->second.folder->ready()) rearm_ = true;
  folders_.insert_or_assign(key, Open{.path = folder, .folder = std::move(opened)});
  return true;
}

void WindowsWatcher::open_nearest(std::string folder, Interest interest) {
  for (; !folder.empty() && !open(folder, interest); folder = parent_of(folder)) interest = Interest::names;
}

void WindowsWatcher::arm(const std::string& path) {
  const std::string folder = parent_of(path);
  open_nearest(folder, Interest::writes);
  open_nearest(parent_of(folder), Interest::names);
}

void WindowsWatcher::arm_all() {
  for (const auto& [key, folder] : wanted_folders_) open_nearest(folder, Interest::names);
  for (const auto& [key, path] : files_) arm(path);
}

// Arming one folder resets the event that another has just set.
void WindowsWatcher::set_event_if_ready() {
  bool ready = rearm_;
  for (const auto& [key, open] : folders_) ready = ready || open.folder->ready();
  if (ready) ::SetEvent(event_);
}

Changes WindowsWatcher::drain() {
  Changes changes;
  changes.everything = std::exchange(rearm_, false);
  // A round that armed nothing has reset the event before it looked, so no change is without it.
  bool armed = true;
  for (int round = 0; armed && round < kRoundsMax; ++round) {
    armed = false;
    ::ResetEvent(event_);
    for (auto& [key, open] : folders_) {
      if (!open.folder->ready()) continue;
      armed = true;
      const auto taken = open.folder->take();
      for (const FolderChange& change : taken.changes) note(open, change, changes);
      if (taken.overflow || taken.gone) rearm_ = true;
      if (taken.gone) closing_.insert(key);
    }
    for (const std::string& key : std::exchange(closing_, {})) folders_.erase(key);
    if (std::exchange(rearm_, false)) {
      changes.everything = true;
      armed = true;
      arm_all();
    }
  }
  if (armed) set_event_if_ready();
  return changes;
}

void WindowsWatcher::note(const Open& open, const FolderChange& change, Changes& changes) {
  const std::string path = child_of(open.path, change.name);
  const std::string key = key_of(path);
  if (const auto file = files_.find(key); file != files_.end()) {
    changes.paths.insert(file->second);
    return;
  }
  if (change.action == FILE_ACTION_REMOVED || change.action == FILE_ACTION_RENAMED_OLD_NAME) close_below(key);
  // Windows may tell the short name of a file instead of its long one.
  if (change.name.find('~') != std::string::npos) changes.everything = true;
  // Where writes are told, too, this says that an unwatched file was written or something in a folder
  // changed.
  if (change.action == FILE_ACTION_MODIFIED && open.folder->interest() == Interest::writes) return;
  if (key.find(".trace") != std::string::npos || is_folder(path)) rearm_ = true;
}

// The folder of this key, and those in it, have left their place.
void WindowsWatcher::close_below(const std::string& key) {
  const std::string inside = key + "\\";
  for (const auto& [other, open] : folders_) {
    if (other != key && !other.starts_with(inside)) continue;
    closing_.insert(other);
    rearm_ = true;
  }
}

}  // namespace agent::tail
