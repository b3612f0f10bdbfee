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

// One thread. A wake-up is a hint: reading too often is harmless, so the run loop
// also reads everything at a slow, steady rate.
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
  // What changed since the last call. Never blocks.
  virtual Changes drain() = 0;
};

// Not waitable; says `everything` at each drain().
std::unique_ptr<Watcher> polling_watcher();

// inotify on Linux; where that is missing or refused, the polling one.
std::unique_ptr<Watcher> system_watcher();

}  // namespace agent::tail
