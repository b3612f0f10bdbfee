// Bytes as lower-case hexadecimal text, and back.

#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace base {

std::string to_hex(std::string_view bytes);

// invalid_argument if `hex` has an odd length or a character that is no
// hexadecimal digit (upper and lower case are accepted).
[[nodiscard]] Result<std::string> from_hex(std::string_view hex);

}  // namespace base
