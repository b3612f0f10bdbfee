// The columns of a trace line (traces.md §2.1), whatever the system and version that wrote it.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/timing/utc.h"

namespace agent::trace {

struct Header {
  timing::UtcMs at;
  bool fatal = false;  // Level "explode".
  std::string_view app;
  std::uint32_t pid = 0;
  std::uint32_t fiber = 0;  // 0: blank column.
  std::string_view module;  // Can be raw memory (§9.3): any bytes, even none.
  std::string_view message;
};

// The columns of `line`, which has no line end and no NUL; nothing if it does
// not follow the grammar: a separator, a continuation, a cut line, other text.
// A thread column may be absent (Windows), blank (macOS 5) or hold blanks
// (Linux); ids may be wider than their columns. Views point into `line`.
std::optional<Header> parse_header(std::string_view line);

}  // namespace agent::trace
