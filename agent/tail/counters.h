// What the tail room counted in one source since it was opened.

#pragma once

#include <cstdint>

namespace agent::tail {

struct Counters {
  std::uint64_t lines = 0;           // Handed out, the overlong and partial ones included.
  std::uint64_t bytes = 0;           // Raw bytes consumed, NULs and line ends included.
  std::uint64_t cuts_survived = 0;   // The content moved forward and no byte was lost.
  std::uint64_t gaps = 0;            // Reported to the sink.
  std::uint64_t nul_bytes = 0;       // Stripped from lines.
  std::uint64_t overlong_lines = 0;  // Longer than kLineBytesMax.
  std::uint64_t unsettled = 0;       // Resynchronised although no two looks at the file agreed.
  std::uint64_t resyncs = 0;         // Times the content was not what the anchor promised.
  std::uint64_t rotations = 0;       // Went on in another file without a gap.
};

}  // namespace agent::tail
