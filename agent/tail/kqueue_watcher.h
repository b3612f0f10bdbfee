// The macOS watcher. Untried on macOS: its test runs it on Linux over a double of
// kqueue that is written from the manual page (tests/support/kqueue).

#pragma once

#include <sys/types.h>

#include <map>
#include <memory>
#include <set>
#include <string>

#include "agent/tail/watcher.h"

namespace agent::tail {

// Holds a descriptor for each file and each folder (EVFILT_VNODE of kqueue(2)).
// kqueue tells that a folder has changed and not what, so the names that matter,
// folders and *.trace, are compared with those of before.
class KqueueWatcher final : public Watcher {
 public:
  // resource_exhausted, unavailable: the kernel gives no queue.
  [[nodiscard]] static base::Result<std::unique_ptr<KqueueWatcher>> create();
  ~KqueueWatcher() override;
  KqueueWatcher(const KqueueWatcher&) = delete;
  KqueueWatcher& operator=(const KqueueWatcher&) = delete;

  [[nodiscard]] base::Waitable waitable() const override { return queue_; }
  [[nodiscard]] base::Status watch(const std::string& path) override;
  [[nodiscard]] base::Status watch_folder(const std::string& folder) override;
  Changes drain() override;

 private:
  struct Node {
    std::string path;
    dev_t device = 0;
    ino_t inode = 0;
    bool folder = false;
    std::set<std::string> names = {};  // Of a folder: those that matter.
  };
  using Nodes = std::map<int, Node>;  // By descriptor.

  explicit KqueueWatcher(int queue) : queue_{queue} {}

  [[nodiscard]] base::Status arm(const std::string& path);
  [[nodiscard]] base::Status arm_folder(std::string folder);
  [[nodiscard]] base::Result<bool> add(const std::string& path, bool folder);
  Nodes::iterator close(Nodes::iterator node);
  void note(Node& node, unsigned flags, Changes& changes);
  void arm_all();

  int queue_;
  std::set<std::string> paths_;    // What the caller asked for.
  std::set<std::string> folders_;  // The same.
  Nodes nodes_;
  std::map<std::string, int> descriptors_;  // By path.
  bool rearm_ = false;                      // Something came or went: arm all again.
};

}  // namespace agent::tail
