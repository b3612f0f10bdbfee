// Where in a changed file is what we read last? Pure.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace agent::tail {

// Less than this at the head of a cut file is no proof, and neither is more without the time of a line.
inline constexpr std::size_t kAnchorHeadMin = 32;
// In the middle of a file a damaged anchor must keep this much, and be unique.
inline constexpr std::size_t kAnchorPieceMin = 64;

struct AnchorSearch {
  std::string_view content;     // The file, or its last part.
  bool from_file_start = true;  // `content` begins at offset 0 of the file.
  std::string_view anchor;
  std::int64_t own_place = 0;       // Index in `content` where the anchor used to end; may be outside.
  std::int64_t shift_expected = 0;  // By how much one cut would move it to the front.
};

struct Place {
  std::size_t end = 0;  // Index in `content` behind everything we have read.
  // False: only case 5 fits. If the file is still growing it may be a copy in
  // progress, so this counts only for a file at rest.
  bool sure = true;
};

// The place behind everything we have read, or nothing.
//
// 1. The anchor at its own place: nothing happened, or a rewrite from front to
//    back has not come here. What follows it is what followed it before, so
//    this wins even if a copy of the anchor stands further in front.
// 2. The whole anchor elsewhere; of several, which must hold the time of a line,
//    the one whose shift is nearest to that of a single cut, and of equal ones
//    the later.
// 3. The cut went through the anchor: its longest end (>= kAnchorHeadMin) with
//    which the file begins.
// 4. Bytes in front of the last line were overwritten (a writer filled a hole):
//    the anchor's last line (at least kAnchorPieceMin bytes), if it occurs once.
// 5. A power loss took back what we had already read (traces.md section 9.2):
//    the anchor's beginning, if it occurs once; behind it only NULs, the end of
//    the file or new lines follow.
//
// In 3, 4 and 5 what is found again must hold the time of a line, because the
// rest of a line comes again and again. A cut so near behind our place that only
// the rest of the last line is left therefore counts as a gap.
//
// An anchor shorter than kAnchorHeadMin counts at its own place only; an empty
// one is nowhere.
std::optional<Place> find_anchor(const AnchorSearch& search);

// Whether `piece` holds the time of a line: raw bytes, or text.
bool has_time(std::string_view piece);

// What must stand twice: text, or a few bytes of it in front of a hole. A hole
// repeats itself and says nothing alone.
enum class Repeated { text, text_or_hole };

// True if `content` is in the middle of a cut by `shift` bytes: the tail was
// copied to the front up to some place and not yet truncated, so that the bytes
// before that place stand a second time behind it.
bool is_half_cut(std::string_view content, std::uint64_t shift, Repeated repeated);

}  // namespace agent::tail
