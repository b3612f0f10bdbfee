// What a person typed, made safe to store, search and show.

#pragma once

#include <string>
#include <string_view>

namespace collector::attribution {

// Valid UTF-8 without control characters: bytes that are no UTF-8 (overlong
// forms and surrogates included) become U+FFFD, every control character and
// every kind of white space (no-break, zero-width and line breaks included)
// becomes one blank. Nothing is joined or trimmed. Linear in the length.
std::string to_plain_text(std::string_view bytes);

// The same with runs of blanks joined to one and none at the ends.
std::string tidy(std::string_view plain);

}  // namespace collector::attribution
