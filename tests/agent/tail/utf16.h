// UTF-16LE bytes for tests.

#pragma once

#include <string>
#include <string_view>

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

// Of ASCII only.
inline std::string utf16_bytes(std::string_view ascii) {
  return utf16_bytes(std::u16string{ascii.begin(), ascii.end()});
}

}  // namespace agent::tail::testing
