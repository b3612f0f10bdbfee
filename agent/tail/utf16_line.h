// UTF-16LE bytes of one line in, UTF-8 out.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace agent::tail {

// A line ends at U+000A. Unpaired surrogates become U+FFFD, a byte order mark in
// front of a line goes.
//
// NULs are stripped as in 8-bit text. A hole may have any length, and a second
// writer goes on behind it at its own offset, so after U+0000 the next byte that
// is not NUL begins a character. Not told apart from that, and read wrongly up to
// the end of its line: a character of the form U+xx00 directly behind a hole, and
// a hole of one byte. Text whose characters begin one byte later than they should
// still ends at its line feed: it then shows as U+0A00, which is no character,
// and a NUL.
//
// At most kLineBytesMax + 1 bytes of text are kept. Not thread-safe.
class Utf16Line {
 public:
  struct Taken {
    std::size_t bytes = 0;
    bool ended = false;  // The last byte taken ended the line.
  };

  // Takes bytes up to the end of the line, or all.
  Taken take(std::string_view bytes);
  // Takes bytes of a line nobody wants: up to the first LF, wherever its
  // characters begin.
  Taken skip(std::string_view bytes);
  // No more will come: half a character becomes U+FFFD.
  void finish();

  // Never ends inside a character, neither as it is nor cut to kLineBytesMax.
  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] bool dropped() const { return dropped_; }  // There was more text than could be kept.
  [[nodiscard]] std::uint64_t nul_bytes() const { return nul_bytes_; }
  // The next line begins.
  void clear();

 private:
  Taken end_of_line(std::size_t bytes);
  std::size_t take_ascii(std::string_view bytes);
  void add_unit(char32_t unit);
  void add_character(char32_t character);
  void end_pair();

  std::string text_;
  bool dropped_ = false;
  std::uint64_t nul_bytes_ = 0;

  bool half_ = false;  // `low_` is the first byte of a character.
  unsigned char low_ = 0;
  bool in_hole_ = false;
  bool shifted_lf_ = false;      // The last unit was U+0A00.
  char32_t high_surrogate_ = 0;  // Waits for its second half; 0: none.
};

}  // namespace agent::tail
