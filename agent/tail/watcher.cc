#include "agent/tail/watcher.h"

#include <utility>

#ifdef __linux__
#include "agent/tail/inotify_watcher.h"
#elif defined(_WIN32)
#include "agent/tail/windows_watcher.h"
#elif defined(__APPLE__)
#include "agent/tail/kqueue_watcher.h"
#endif

namespace agent::tail {

namespace {

class PollingWatcher final : public Watcher {
 public:
  [[nodiscard]] base::Waitable waitable() const override { return base::kNotWaitable; }
  [[nodiscard]] base::Status watch(const std::string&) override { return {}; }
  [[nodiscard]] base::Status watch_folder(const std::string&) override { return {}; }
  Changes drain() override { return Changes{.everything = true, .paths = {}}; }
};

}  // namespace

std::unique_ptr<Watcher> polling_watcher() {
  return std::make_unique<PollingWatcher>();
}

std::unique_ptr<Watcher> system_watcher() {
#ifdef __linux__
  if (auto watcher = InotifyWatcher::create()) return std::move(*watcher);
#elif defined(_WIN32)
  if (auto watcher = WindowsWatcher::create()) return std::move(*watcher);
#elif defined(__APPLE__)
  if (auto watcher = KqueueWatcher::create()) return std::move(*watcher);
#endif
  return polling_watcher();
}

}  // namespace agent::tail
