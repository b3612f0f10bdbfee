// How far a source was read, in a form that survives a restart of the agent.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/tail/encoding.h"
#include "agent/tail/file.h"
#include "agent/tail/trail.h"
#include "common/base/result.h"

namespace agent::tail {

// More than a power cut turns into NUL behind what was read (traces.md section 9.2: up to 2,772 bytes), and
// some whole lines before it.
inline constexpr std::size_t kAnchorBytesMax = 4096;

// A value. The anchor, not the identity, proves that a file is the one we read:
// AnyDesk cuts its files in place (traces.md section 1.5).
struct Position {
  FileIdentity identity;
  std::uint64_t offset = 0;     // In the file: behind the last complete line handed out.
  std::uint64_t cut_bytes = 0;  // Logical offset = offset + cut_bytes. Never makes it go back.
  std::string anchor;           // The last <= kAnchorBytesMax raw bytes before `offset`.
  bool mid_line = false;        // `offset` is in the middle of a line that is to be skipped.
  bool drained = false;         // The file was read to its end after it had left its path.
  // Of the lines in front of `offset`, which a cut leaves as it is; undecided:
  // no line was handed out yet, or the position is older than this field.
  Encoding encoding = Encoding::undecided;
  Trail trail = {};  // Of the lines in front of `offset`.

  [[nodiscard]] std::uint64_t logical() const { return offset + cut_bytes; }
};

// Versioned bytes with a checksum, at most kAnchorBytesMax + 4 * kTrailLinesMax + 64 of
// them. Version 1 had no encoding, version 2 no trail.
std::string encode(const Position& position);

// corrupt: not bytes that encode() of this or an older release wrote.
[[nodiscard]] base::Result<Position> decode(std::string_view bytes);

}  // namespace agent::tail
