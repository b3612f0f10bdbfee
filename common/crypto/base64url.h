// base64url without padding (RFC 4648 section 5): bytes that survive a shell, a URL and a chat window.

#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace crypto {

std::string to_base64url(std::string_view bytes);

// invalid_argument for any other character, an impossible length, and bits left over that are not zero: each
// byte string has exactly one text.
[[nodiscard]] base::Result<std::string> from_base64url(std::string_view text);

}  // namespace crypto
