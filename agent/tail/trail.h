// The last lines handed out, as hashes: what proves our place in a file that has
// lost more than the anchor.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace agent::tail {

// Some 30 KiB of a trace. A power cut blanks up to 2,772 bytes of it (traces.md section 9.2).
inline constexpr std::size_t kTrailLinesMax = 256;
// So many lines in a row are proof, if one of them holds its time.
inline constexpr std::size_t kTrailProofLines = 3;

// A value.
class Trail {
 public:
  Trail() = default;
  explicit Trail(std::vector<std::uint32_t> hashes) : hashes_(std::move(hashes)) {}

  // `line`: as it is handed out.
  void add(std::string_view line);
  // Of the last <= kTrailLinesMax lines, the oldest first.
  [[nodiscard]] std::span<const std::uint32_t> hashes() const;

  friend bool operator==(const Trail& a, const Trail& b);

 private:
  std::vector<std::uint32_t> hashes_;  // Up to twice as many, so that old ones leave seldom.
};

// The index in `content` (the file, or its last part) behind the newest line of
// the trail that still stands there. Nothing: none is proved, or the lines that
// prove it stand at two places.
//
// Every line in front of the index, back to the oldest one of the proof, was
// handed out, and no line behind it is proved to be. If what follows is half a
// line in front of a hole, the index is at the hole: a power cut took the rest.
std::optional<std::size_t> find_trail(std::string_view content, const Trail& trail);

}  // namespace agent::tail
