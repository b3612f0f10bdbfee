// Wakes the agent when a watched file or its folder changes.

#pragma once

#include <memory>
#include <set>
#include <string>

#include "common/base/result.h"
#include "common/base/waitable.h"

namespace agent::tail {

struct Changes {
  // Something that has no path here: a folder came or went, or the kernel's
  // queue overflowed. Expand the sources again and read all of them.
  bool everything = false;
  std::set<std::string> paths;  // Watched files that changed, came or went.
};

// One thread, which outlives it. A wake-up is a hint: reading too often is
// harmless, so the run loop also reads everything at a slow, steady rate. That
// rate is all there is for what no system tells: writes by another machine to a
// network home; and on Windows a writer's bytes may be told only when the cache
// is flushed or the file closed.
class Watcher {
 public:
  virtual ~Watcher() = default;
  // Signalled from when drain() has something to tell until it has told it, and
  // valid as long as this object; kNotWaitable: call drain() at the polling rate.
  [[nodiscard]] virtual base::Waitable waitable() const = 0;
  // From now on changes of the file at `path` (which need not exist, nor its
  // folders) are told, and new *.trace files in its folder as `everything`.
  // Twice is once. resource_exhausted: the system allows no more watches; the
  // path is then found by the steady rate only.
  [[nodiscard]] virtual base::Status watch(const std::string& path) = 0;
  // From now on folders and *.trace files that come to `folder`, leave it or
  // change their permissions are told as `everything`; see watch_places.h. While
  // it does not exist, its nearest parent stands for it. Twice is once. Errors as
  // above.
  [[nodiscard]] virtual base::Status watch_folder(const std::string& folder) = 0;
  // What changed since the last call. Never blocks.
  virtual Changes drain() = 0;
};

// Not waitable; says `everything` at each drain().
std::unique_ptr<Watcher> polling_watcher();

// inotify on Linux, ReadDirectoryChangesW on Windows, kqueue on macOS; where that
// is missing or refused, the polling one.
std::unique_ptr<Watcher> system_watcher();

}  // namespace agent::tail
