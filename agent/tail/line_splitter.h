// Blocks of raw bytes in, lines out. Shared by the follower and the batch reader.

#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "agent/tail/line.h"

namespace agent::tail {

// Splits at LF, strips a CR before it and every NUL. A line that lies whole in a
// block without NULs is handed out without a copy; others are put together in
// at most kLineBytesMax + 1 bytes of memory, however long a NUL hole in them is
// (104,950 bytes were seen, traces.md section 1.5). Not thread-safe.
class LineSplitter {
 public:
  // `offset`: logical offset of the first byte to be fed. `skip_first`: that
  // byte is in the middle of a line, which is dropped up to its LF.
  LineSplitter(std::uint64_t offset, bool skip_first)
      : line_start_(offset), at_(offset), skipping_(skip_first) {}

  // `on_line(const Line&)` is called for each line that ends in `block`.
  template <class OnLine>
  void feed(std::string_view block, OnLine&& on_line) {
    const bool has_nul = std::memchr(block.data(), '\0', block.size()) != nullptr;
    while (!block.empty()) {
      const void* found = std::memchr(block.data(), '\n', block.size());
      if (found == nullptr) {
        if (!skipping_) keep(block, has_nul);
        at_ += block.size();
        return;
      }
      const auto length = static_cast<std::size_t>(static_cast<const char*>(found) - block.data());
      const std::string_view raw = block.substr(0, length);
      if (skipping_) {
        skipping_ = false;
      } else if (has_nul || in_pieces()) {
        keep(raw, has_nul);
        hand_out(kept_, dropped_, false, on_line);
      } else {
        hand_out(raw, false, false, on_line);
      }
      at_ += length + 1;
      block.remove_prefix(length + 1);
      start_line();
    }
  }

  // The end of a file that is closed for good: hands out what follows the last
  // LF, if it has any byte that is not NUL.
  template <class OnLine>
  void finish(OnLine&& on_line) {
    if (!kept_.empty()) hand_out(kept_, dropped_, true, on_line);
    start_line();
  }

  // Logical offset behind the last complete line (or behind what finish() took).
  [[nodiscard]] std::uint64_t line_start() const { return line_start_; }
  // Logical offset of the next byte to be fed.
  [[nodiscard]] std::uint64_t at() const { return at_; }
  // The first line is still being skipped.
  [[nodiscard]] bool skipping() const { return skipping_; }
  // NUL bytes in what was fed since the last call.
  std::uint64_t take_nul_bytes() { return std::exchange(nul_bytes_, 0); }

 private:
  [[nodiscard]] bool in_pieces() const { return at_ != line_start_; }

  void start_line() {
    kept_.clear();
    dropped_ = false;
    line_start_ = at_;
  }

  void keep(std::string_view piece, bool may_have_nul) {
    while (!piece.empty()) {
      std::size_t run = piece.size();
      if (may_have_nul) {
        if (const void* nul = std::memchr(piece.data(), '\0', piece.size()); nul != nullptr) {
          run = static_cast<std::size_t>(static_cast<const char*>(nul) - piece.data());
        }
      }
      // One byte more than a line may have: it can be the CR.
      const std::size_t room = kLineBytesMax + 1 - kept_.size();
      kept_.append(piece.substr(0, std::min(run, room)));
      dropped_ = dropped_ || run > room;
      piece.remove_prefix(run);
      const std::size_t nuls = std::min(piece.find_first_not_of('\0'), piece.size());
      nul_bytes_ += nuls;
      piece.remove_prefix(nuls);
    }
  }

  template <class OnLine>
  void hand_out(std::string_view text, bool cut, bool partial, OnLine&& on_line) {
    if (!cut && !partial && !text.empty() && text.back() == '\r') text.remove_suffix(1);
    const bool overlong = cut || text.size() > kLineBytesMax;
    if (overlong) text = text.substr(0, kLineBytesMax);
    on_line(Line{.text = text, .offset = line_start_, .overlong = overlong, .partial = partial});
  }

  std::uint64_t line_start_;
  std::uint64_t at_;
  bool skipping_;
  bool dropped_ = false;  // Bytes of the current line did not fit into kept_.
  std::uint64_t nul_bytes_ = 0;
  std::string kept_;  // The current line so far, without NULs.
};

}  // namespace agent::tail
