// The Windows watcher.

#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "agent/tail/watcher.h"
#include "agent/tail/windows_folder.h"

namespace agent::tail {

// Watches the folder of each file for writes, and the folder above it for names,
// as a handle follows a folder that is renamed. If a folder is missing, its
// nearest existing parent is watched until it comes. Paths compare without the
// case of ASCII letters; a path is told as it was given.
class WindowsWatcher final : public Watcher {
 public:
  // unavailable: Windows gives no event.
  [[nodiscard]] static base::Result<std::unique_ptr<WindowsWatcher>> create();
  ~WindowsWatcher() override;
  WindowsWatcher(const WindowsWatcher&) = delete;
  WindowsWatcher& operator=(const WindowsWatcher&) = delete;

  [[nodiscard]] base::Waitable waitable() const override { return event_; }
  [[nodiscard]] base::Status watch(const std::string& path) override;
  [[nodiscard]] base::Status watch_folder(const std::string& folder) override;
  Changes drain() override;

 private:
  struct Open {
    std::string path;  // As it was asked for.
    std::unique_ptr<WindowsFolder> folder;
  };
  using Folders = std::map<std::string, Open>;  // By the key of their path.

  explicit WindowsWatcher(HANDLE event) : event_{event} {}

  static std::string key_of(const std::string& path);
  bool open(const std::string& folder, Interest interest);
  void open_nearest(std::string folder, Interest interest);
  void arm(const std::string& path);
  void arm_all();
  void set_event_if_ready();
  void note(const Open& open, const FolderChange& change, Changes& changes);
  void close_below(const std::string& path);

  HANDLE event_;                              // Reset by hand, by drain().
  std::map<std::string, std::string> files_;  // What the caller asked for, by key.
  std::map<std::string, std::string> wanted_folders_;
  Folders folders_;
  std::set<std::string> closing_;  // Keys of folders that have gone or changed their names.
  bool rearm_ = false;             // Something came or went: arm all again.
};

}  // namespace agent::tail
