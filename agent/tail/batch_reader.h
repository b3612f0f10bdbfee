// Reads a whole file or stream line by line: constant memory, no position, no
// resynchronisation. For `parse`, where nobody writes to the file meanwhile. The
// encoding is sniffed as in a follower.

#pragma once

#include <cstdint>
#include <istream>
#include <string>
#include <vector>

#include "agent/tail/counters.h"
#include "agent/tail/file.h"
#include "agent/tail/line_splitter.h"
#include "common/base/result.h"

namespace agent::tail {

inline constexpr std::size_t kBatchBlockBytes = 256 * 1024;

// `next_block(std::span<char>)` returns Result<size_t>, 0 at the end. A last line
// without LF is handed out with partial = true. Calls `on_line(const Line&)`;
// the text is valid during the call only.
template <class NextBlock, class OnLine>
[[nodiscard]] base::Result<Counters> read_blocks(NextBlock&& next_block, OnLine&& on_line) {
  Counters counters;
  std::vector<char> buffer(kBatchBlockBytes);
  LineSplitter splitter{0, false};
  const auto count = [&](const Line& line) {
    ++counters.lines;
    counters.overlong_lines += line.overlong ? 1 : 0;
    on_line(line);
  };
  for (;;) {
    const base::Result<std::size_t> got = next_block(std::span<char>{buffer});
    if (!got) return std::unexpected{got.error()};
    if (*got == 0) break;
    splitter.feed(std::string_view{buffer.data(), *got}, count);
    counters.bytes += *got;
  }
  splitter.finish(count);
  counters.nul_bytes = splitter.take_nul_bytes();
  return counters;
}

template <class OnLine>
[[nodiscard]] base::Result<Counters> read_file(ReadableFile& file, OnLine&& on_line) {
  std::uint64_t at = 0;
  const auto next_block = [&](std::span<char> into) {
    auto got = file.read_at(at, into);
    if (got) at += *got;
    return got;
  };
  return read_blocks(next_block, on_line);
}

// unavailable: the stream broke.
template <class OnLine>
[[nodiscard]] base::Result<Counters> read_stream(std::istream& in, OnLine&& on_line) {
  const auto next_block = [&](std::span<char> into) -> base::Result<std::size_t> {
    in.read(into.data(), static_cast<std::streamsize>(into.size()));
    if (in.bad()) return base::fail(base::ErrorCode::unavailable, "reading lines from a stream");
    return static_cast<std::size_t>(in.gcount());
  };
  return read_blocks(next_block, on_line);
}

}  // namespace agent::tail
