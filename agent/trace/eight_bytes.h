// Eight bytes of text at a time: what every line of a trace needs is searched and checked in whole words.
//
// Plain integers, so that it is as quick on every processor. Byte i of a word is
// the i-th of the text: all systems the product is built for are little-endian.

#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace agent::trace {

static_assert(std::endian::native == std::endian::little);

// `text` must have eight bytes.
inline std::uint64_t eight_bytes(const char* text) {
  std::uint64_t word;
  std::memcpy(&word, text, sizeof word);
  return word;
}

consteval std::uint64_t eight_bytes_of(std::string_view text) {
  std::uint64_t word = 0;
  for (std::size_t i = 8; i-- > 0;) word = word << 8 | static_cast<unsigned char>(text.at(i));
  return word;
}

inline constexpr std::uint64_t kEightBlanks = eight_bytes_of("        ");
inline constexpr std::uint64_t kEightZeros = eight_bytes_of("00000000");
inline constexpr std::uint64_t kHighBits = 0x8080'8080'8080'8080;

// Where the first byte of `text` at or behind `at` is that is no blank; its size if there is none.
inline std::size_t behind_blanks(std::string_view text, std::size_t at) {
  for (; at + 8 <= text.size(); at += 8) {
    const std::uint64_t others = eight_bytes(text.data() + at) ^ kEightBlanks;
    if (others != 0) return at + static_cast<std::size_t>(std::countr_zero(others)) / 8;
  }
  while (at < text.size() && text[at] == ' ') ++at;
  return at;
}

// Where the first blank of `text` at or behind `at` is; its size if there is none.
inline std::size_t next_blank(std::string_view text, std::size_t at) {
  for (; at + 8 <= text.size(); at += 8) {
    const std::uint64_t others = eight_bytes(text.data() + at) ^ kEightBlanks;
    // The lowest bit that is set stands in the first byte that is zero; those above it may be wrong.
    const std::uint64_t zeros = (others - 0x0101'0101'0101'0101) & ~others & kHighBits;
    if (zeros != 0) return at + static_cast<std::size_t>(std::countr_zero(zeros)) / 8;
  }
  while (at < text.size() && text[at] != ' ') ++at;
  return at;
}

// How many digits `word` begins with, 0 to 8.
inline unsigned digits_in_front(std::uint64_t word) {
  const std::uint64_t values = word ^ kEightZeros;
  const std::uint64_t others = ((values + 0x7676'7676'7676'7676) | values) & kHighBits;
  return static_cast<unsigned>(std::countr_zero(others)) / 8;
}

// The number of the first `digits` bytes of `word`, 1 to 8, which must be digits.
inline std::uint32_t number_in_front(std::uint64_t word, unsigned digits) {
  std::uint64_t values = (word ^ kEightZeros) << (64 - 8 * digits);  // Zeros in front change no number.
  values = values * 10 + (values >> 8);
  values = (values & 0x00FF'00FF'00FF'00FF) * 100 + (values >> 16 & 0x00FF'00FF'00FF'00FF);
  values = (values & 0x0000'FFFF'0000'FFFF) * 10'000 + (values >> 32 & 0x0000'FFFF'0000'FFFF);
  return static_cast<std::uint32_t>(values);
}

// Eight bytes that follow a pattern such as "00 00:00": where it has '0' any
// digit may stand, elsewhere its own byte.
class DigitPattern {
 public:
  consteval explicit DigitPattern(std::string_view pattern) : pattern_{eight_bytes_of(pattern)} {
    for (std::size_t i = 8; i-- > 0;) carry_ = carry_ << 8 | (pattern[i] == '0' ? 0x76U : 0x7FU);
  }

  // The digits' values, a byte each; 0 for the other bytes, if they are right.
  constexpr std::uint64_t values(std::uint64_t word) const { return word ^ pattern_; }
  // Has one of kHighBits if the word of these values does not follow the pattern.
  constexpr std::uint64_t wrong(std::uint64_t values) const { return (values + carry_) | values; }

 private:
  std::uint64_t pattern_ = 0;
  std::uint64_t carry_ =
      0;  // Reaches a byte's high bit if its value is above 9, or above 0 where no digit is.
};

// The number of two digits that begins in byte `at` of `values`.
class DigitPairs {
 public:
  constexpr explicit DigitPairs(std::uint64_t values) : pairs_{values * 10 + (values >> 8)} {}
  constexpr unsigned at(unsigned byte) const { return static_cast<unsigned>(pairs_ >> (8 * byte)) & 0xFF; }

 private:
  std::uint64_t pairs_;
};

}  // namespace agent::trace
