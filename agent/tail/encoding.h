// Is a file 8-bit text or UTF-16LE? Told from its first bytes. Pure.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace agent::tail {

// Traces are 8-bit; one third party has seen them as UTF-16LE, and the text
// files beside them are on Windows (traces.md section 1.4). A file that is cut in
// place keeps its encoding, but not its byte order mark, and after an odd cut
// its characters begin at odd offsets (AnyDesk keeps 943,719 bytes, section 1.5).
enum class Encoding : std::uint8_t {
  undecided = 0,
  eight_bit = 1,  // UTF-8 or whatever else: handed on as it is.
  utf16le = 2,    // With or without byte order mark.
};

constexpr std::string_view to_string(Encoding encoding) {
  switch (encoding) {
    case Encoding::undecided: return "undecided";
    case Encoding::eight_bit: return "8-bit";
    case Encoding::utf16le: return "UTF-16LE";
  }
  return "unknown";
}

struct Sniffed {
  Encoding encoding = Encoding::undecided;
  // UTF-16LE only: the first byte (that is not NUL) is the second half of a
  // character whose first half was cut away.
  bool half_first = false;

  friend bool operator==(const Sniffed&, const Sniffed&) = default;
};

enum class Rest {
  follows,  // More bytes are there, or may come at any time.
  not_now,  // The end of a file that may grow.
  none,     // No more will come.
};

// So many bytes behind NULs at the beginning are 8-bit text if they show no sign
// of UTF-16LE.
inline constexpr std::size_t kSniffBytesMax = 1024;

// `first`: what a file begins with, or what follows a cut or a gap; NULs at the
// beginning tell nothing. The first sign counts and the bytes behind it do not,
// so that more bytes never change a decision:
//
// - A byte order mark at the beginning, or two characters that have a NUL behind
//   each, as all ASCII has in UTF-16LE and holes have not: UTF-16LE.
// - A line that has 16 ASCII characters in a row: 8-bit. A line feed alone says
//   nothing, that byte is also half of U+4E0A, nor does little text before it.
// - kSniffBytesMax bytes: 8-bit.
//
// Else undecided: ask again with the same bytes and more. At the end of a file
// that may grow a whole line of ASCII is 8-bit, however short; of one that will
// not all is that shows no sign.
Sniffed sniff(std::string_view first, Rest rest);

}  // namespace agent::tail
