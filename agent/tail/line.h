// One physical line of a trace file, as agent/tail hands it on.

#pragma once

#include <cstdint>
#include <string_view>

namespace agent::tail {

struct Line {
  // Without LF, without a CR before it, without any NUL byte. Other bytes of an
  // 8-bit file are untouched: a trace is not always valid UTF-8 (traces.md §9.3).
  // Of a UTF-16LE file: the same line as UTF-8. Valid while the line is handed out.
  std::string_view text;
  // Logical offset of the line's first byte: its place in the file plus all
  // bytes that were cut away in front of it before. Never repeats in a source.
  std::uint64_t offset = 0;
  bool overlong = false;  // `text` would be longer than kLineBytesMax and is its beginning.
  bool partial = false;   // Not ended by LF; only when the file is closed for good (batch).
};

inline constexpr std::size_t kLineBytesMax = 64 * 1024;

}  // namespace agent::tail
