// Files in memory, some of them closed to us, and a record of what was opened.

#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "tests/agent/tail/memory_files.h"

namespace agent::discovery::testing {

class ClosedFiles final : public tail::FileSystem {
 public:
  tail::testing::MemoryFiles files;
  std::vector<std::string> closed;  // Paths; what is below them is closed, too.
  std::vector<std::string> opened;  // In order, also those refused.

  base::Result<std::unique_ptr<tail::ReadableFile>> open(const std::string& path) override {
    opened.push_back(path);
    if (is_closed(path)) return base::fail(base::ErrorCode::permission_denied, "opening " + path);
    return files.open(path);
  }
  base::Result<tail::FileState> look_up(const std::string& path) override {
    if (is_closed(path)) return base::fail(base::ErrorCode::permission_denied, "looking at " + path);
    return files.look_up(path);
  }
  base::Result<std::vector<std::string>> list(const std::string& folder) override {
    if (is_closed(folder)) return base::fail(base::ErrorCode::permission_denied, "listing " + folder);
    return files.list(folder);
  }

 private:
  bool is_closed(const std::string& path) const {
    return std::ranges::any_of(closed, [&](const std::string& folder) {
      return path == folder || path.starts_with(folder + files.separator);
    });
  }
};

}  // namespace agent::discovery::testing
