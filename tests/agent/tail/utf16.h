// UTF-16LE bytes for tests.

#pragma once

#include <string>
#include <string_view>

#include "common/base/utf8.h"

namespace agent::tail::testing {

inline constexpr std::string_view kByteOrderMark = "\xff\xfe";

inline std::string utf16_bytes(std::u16string_view units) {
  std::string bytes;
  for (const char16_t unit : units) {
    bytes.push_back(static_cast<char>(unit & 0xff));
    bytes.push_back(static_cast<char>(unit >> 8));
  }
  return bytes;
}

// The character at the front of well-formed `utf8`, taken away.
inline char32_t next_character(std::string_view& utf8) {
  const std::size_t length = base::utf8_length(utf8);
  const auto byte = [&](std::size_t i) { return char32_t{static_cast<unsigned char>(utf8[i])}; };
  char32_t character = length == 1 ? byte(0) : byte(0) & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) character = (character << 6) | (byte(i) & 0x3f);
  utf8.remove_prefix(length);
  return character;
}

// Of well-formed UTF-8.
inline std::string utf16_bytes(std::string_view utf8) {
  std::u16string units;
  while (!utf8.empty()) {
    const char32_t character = next_character(utf8);
    if (character < 0x10000) {
      units.push_back(static_cast<char16_t>(character));
    } else {
      units.push_back(static_cast<char16_t>(0xd800 + ((character - 0x10000) >> 10)));
      units.push_back(static_cast<char16_t>(0xdc00 + ((character - 0x10000) & 0x3ff)));
    }
  }
  return utf16_bytes(units);
}

}  // namespace agent::tail::testing
