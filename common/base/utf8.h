// Text of unknown origin as well-formed UTF-8 (RFC 3629).

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace base {

// The length of the well-formed character at the beginning of `text`, 1 to 4;
// 0 if there is none (no surrogates, no overlong forms, nothing above
// U+10FFFF, nothing cut off). 0 for an empty text.
std::size_t utf8_length(std::string_view text);

bool is_utf8(std::string_view text);

// The same text with every byte that belongs to no character replaced by U+FFFD.
std::string to_valid_utf8(std::string_view text);

}  // namespace base
