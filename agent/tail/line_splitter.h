// Blocks of raw bytes in, lines out. Shared by the follower and the batch reader.

#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "agent/tail/encoding.h"
#include "agent/tail/line.h"
#include "agent/tail/utf16_line.h"

namespace agent::tail {

// Splits at LF, strips a CR before it and every NUL. A line that lies whole in a
// block without NULs is handed out without a copy; others are put together in
// at most kLineBytesMax + 1 bytes of memory, however long a NUL hole in them is
// (104,950 bytes were seen, traces.md section 1.5). UTF-16LE becomes UTF-8 on the
// way; until the encoding is told, up to kSniffBytesMax bytes wait. The lines do
// not depend on where blocks begin and end. Not thread-safe.
class LineSplitter {
 public:
  // `offset`: logical offset of the first byte to be fed. `skip_first`: that
  // byte is in the middle of a line, which is dropped up to its LF.
  // `encoding`: if it is known already.
  LineSplitter(std::uint64_t offset, bool skip_first, Encoding encoding = Encoding::undecided)
      : line_start_(offset), at_(offset), skipping_(skip_first), encoding_(encoding) {}

  // `on_line(const Line&)` is called for each line that ends in `block`.
  template <class OnLine>
  void feed(std::string_view block, OnLine&& on_line) {
    switch (encoding_) {
      case Encoding::undecided: feed_undecided(block, on_line); return;
      case Encoding::eight_bit: feed_eight_bit(block, on_line); return;
      case Encoding::utf16le: feed_utf16(block, on_line); return;
    }
  }

  // The end of a file that may grow: decides about its encoding if what waits
  // allows it, so that a first short line does not wait for the next.
  template <class OnLine>
  void pause(OnLine&& on_line) {
    if (encoding_ == Encoding::undecided) decide(sniff(undecided_, Rest::not_now), on_line);
  }

  // The end of a file that is closed for good: hands out what follows the last
  // LF, if it has any byte that is not NUL.
  template <class OnLine>
  void finish(OnLine&& on_line) {
    if (encoding_ == Encoding::undecided) decide(sniff(undecided_, Rest::none), on_line);
    if (encoding_ == Encoding::utf16le && !skipping_) {
      wide_.finish();
      nul_bytes_ += wide_.nul_bytes();
      if (!wide_.text().empty()) hand_out(wide_.text(), wide_.dropped(), true, on_line);
    } else if (!kept_.empty()) {
      hand_out(kept_, dropped_, true, on_line);
    }
    start_line();
  }

  // Logical offset behind the last complete line (or behind what finish() took).
  [[nodiscard]] std::uint64_t line_start() const { return line_start_; }
  // The first line is still being skipped.
  [[nodiscard]] bool skipping() const { return skipping_; }
  [[nodiscard]] Encoding encoding() const { return encoding_; }
  // NUL bytes stripped since the last call.
  std::uint64_t take_nul_bytes() { return std::exchange(nul_bytes_, 0); }

 private:
  [[nodiscard]] bool in_pieces() const { return at_ != line_start_; }

  void start_line() {
    kept_.clear();
    wide_.clear();
    dropped_ = false;
    line_start_ = at_;
  }

  template <class OnLine>
  void feed_undecided(std::string_view block, OnLine&& on_line) {
    if (undecided_.empty()) {
      // A hole in front tells nothing and may be long.
      const std::size_t nuls = std::min(block.find_first_not_of('\0'), block.size());
      if (!skipping_) nul_bytes_ += nuls;
      at_ += nuls;
      block.remove_prefix(nuls);
    }
    undecided_ += block;
    decide(sniff(undecided_, Rest::follows), on_line);
  }

  template <class OnLine>
  void decide(Sniffed sniffed, OnLine&& on_line) {
    if (sniffed.encoding == Encoding::undecided) return;
    encoding_ = sniffed.encoding;
    const std::string bytes = std::exchange(undecided_, {});
    if (bytes.empty()) return;
    if (encoding_ == Encoding::eight_bit) return feed_eight_bit(bytes, on_line);
    const std::size_t half = sniffed.half_first ? 1 : 0;
    at_ += half;
    feed_utf16(std::string_view{bytes}.substr(half), on_line);
  }

  template <class OnLine>
  void feed_utf16(std::string_view block, OnLine&& on_line) {
    while (!block.empty()) {
      const Utf16Line::Taken taken = skipping_ ? wide_.skip(block) : wide_.take(block);
      at_ += taken.bytes;
      block.remove_prefix(taken.bytes);
      if (!taken.ended) return;
      nul_bytes_ += wide_.nul_bytes();
      if (!std::exchange(skipping_, false)) hand_out(wide_.text(), wide_.dropped(), false, on_line);
      start_line();
    }
  }

  template <class OnLine>
  void feed_eight_bit(std::string_view block, OnLine&& on_line) {
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
  Encoding encoding_;
  bool dropped_ = false;  // Bytes of the current line did not fit into kept_.
  std::uint64_t nul_bytes_ = 0;
  std::string kept_;  // The current line so far, without NULs.
  Utf16Line wide_;    // The same in a UTF-16LE file.
  // What was fed and not looked at: its encoding does not show yet. `at_` is in front of it.
  std::string undecided_;
};

}  // namespace agent::tail
