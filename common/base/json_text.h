// Text as a JSON string.

#pragma once

#include <string>
#include <string_view>

namespace base {

// `text` in double quotes, escaped as RFC 8259 demands. Bytes that are no valid
// UTF-8 become U+FFFD each, so that the result always is.
std::string json_quote(std::string_view text);

}  // namespace base
