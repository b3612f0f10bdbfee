// base64 with padding (RFC 4648 section 4), as signed notes write their roots, keys and signatures.

#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace collector::proof {

std::string to_base64(std::string_view bytes);

// invalid_argument for any other character, a missing or superfluous '=', and bits left over that are not
// zero: each byte string has exactly one text.
[[nodiscard]] base::Result<std::string> from_base64(std::string_view text);

}  // namespace collector::proof
