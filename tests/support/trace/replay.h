// Writes a trace to a live file as AnyDesk does (traces.md §1.5).

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace support::trace {

// AnyDesk's own limits.
inline constexpr std::uint64_t kHeadCutAtBytes = 1'048'576;
inline constexpr std::uint64_t kHeadCutKeepBytes = 943'719;

struct CutRule {
  std::uint64_t at_bytes = 0;    // 0: never.
  std::uint64_t keep_bytes = 0;  // Fewer than at_bytes.
};

// Appends to one file, made if it is not there. As soon as a write takes it
// above the limit, the last keep_bytes are written to its front, in the same
// inode, and the rest is cut off: it then begins in the middle of a line.
class LiveFile {
 public:
  LiveFile(std::string path, CutRule rule) : path_{std::move(path)}, rule_{rule} {}

  // unavailable: the file could not be written.
  [[nodiscard]] base::Status append(std::string_view bytes);

 private:
  [[nodiscard]] base::Status cut_head(std::uint64_t size);

  std::string path_;
  CutRule rule_;
};

}  // namespace support::trace
