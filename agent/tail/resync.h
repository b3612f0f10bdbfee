// Finding the place in a file whose content is not what it was.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "agent/tail/file.h"
#include "agent/tail/position.h"
#include "common/base/result.h"

namespace agent::tail {

// How AnyDesk cuts: a write that takes the file above `limit_bytes` leaves its
// last `keep_bytes` (traces.md section 1.5, measured). Tests use smaller ones.
struct CutShape {
  std::uint64_t limit_bytes = 1'048'576;
  std::uint64_t keep_bytes = 943'719;
};

// What one look reads at most; of a larger file only the end. AnyDesk's files
// have 1 MiB and perhaps a hole.
inline constexpr std::uint64_t kLookBytesMax = 16 * 1024 * 1024;
// After so many looks that do not agree the follower goes on with the last one.
inline constexpr int kLooksMax = 50;

// A cut may be in progress while we look: AnyDesk rewrites the file from front
// to back and then truncates it. So a look counts only if a later one shows the
// same bytes (more may have been appended); that nothing was found counts only
// if the file did not grow either. Owned by one follower.
class Resync {
 public:
  explicit Resync(CutShape cut) : cut_(cut) {}

  struct Finding {
    std::optional<std::uint64_t> offset;  // Where to go on; none: the anchor is gone.
    std::string anchor;                   // The bytes before `offset`.
    std::uint64_t size = 0;               // Of the file at the last look.
    bool settled = true;                  // False: the looks never agreed.
  };

  // Nothing: look again later, after a moment. `size_seen`: the largest size the
  // file had while `from` was valid, 0 if unknown.
  [[nodiscard]] base::Result<std::optional<Finding>> look(ReadableFile& file, const Position& from,
                                                          std::uint64_t size_seen);

  // Forgets what was seen: the file is empty.
  void restart();

 private:
  struct Seen {
    std::uint64_t size = 0;
    std::size_t hash = 0;
  };

  // The bytes from `start_` on; nothing if the file became shorter meanwhile.
  [[nodiscard]] base::Result<std::optional<std::string>> content(ReadableFile& file, std::uint64_t size);

  CutShape cut_;
  std::uint64_t start_ = 0;
  std::optional<Seen> seen_;
  int looks_ = 0;
};

// Whether the first line of a file is the rest of a cut one: a cut leaves the LF
// of the line that caused it at exactly byte keep_bytes - 1 (traces.md section
// 1.5), or in UTF-16LE, which nobody has measured, the second half of that LF.
[[nodiscard]] base::Result<bool> starts_mid_line(ReadableFile& file, CutShape cut);

}  // namespace agent::tail
