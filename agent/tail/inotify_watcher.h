// The Linux watcher.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "agent/tail/watcher.h"

namespace agent::tail {

// Watches each file for writes, and its folder for files that come and go; a
// folder is not watched for writes, because /var/log would wake us all day. If
// a folder is missing, its nearest existing parent is watched until it comes.
// A file or folder that is closed to us is told by its folder (IN_ATTRIB) when it
// opens.
class InotifyWatcher final : public Watcher {
 public:
  // resource_exhausted, unavailable: the kernel gives no inotify instance.
  [[nodiscard]] static base::Result<std::unique_ptr<InotifyWatcher>> create();
  ~InotifyWatcher() override;
  InotifyWatcher(const InotifyWatcher&) = delete;
  InotifyWatcher& operator=(const InotifyWatcher&) = delete;

  [[nodiscard]] base::Waitable waitable() const override { return descriptor_; }
  [[nodiscard]] base::Status watch(const std::string& path) override;
  [[nodiscard]] base::Status watch_folder(const std::string& folder) override;
  Changes drain() override;

 private:
  explicit InotifyWatcher(int descriptor) : descriptor_(descriptor) {}

  [[nodiscard]] base::Status arm(const std::string& path);
  [[nodiscard]] base::Status arm_folder(std::string folder);
  void arm_all();
  [[nodiscard]] base::Result<bool> add(const std::string& path, std::uint32_t mask);
  void note(std::uint32_t mask, const std::string& watched, std::string_view name, Changes& changes);

  int descriptor_;
  std::set<std::string> paths_;         // What the caller asked for.
  std::set<std::string> folders_;       // The same.
  std::map<int, std::string> watched_;  // Files and folders by watch descriptor.
  bool rearm_ = false;                  // Something came or went: arm all paths again.
};

}  // namespace agent::tail
