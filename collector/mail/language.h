// The language of a mail: how its numbers, dates and durations are written. Pure.

#pragma once

#include <string_view>

namespace collector::mail {

// Letters and digits in groups with '-' between them, such as "en", "el" or "pt-BR"; at most 35 bytes.
bool is_language(std::string_view tag);

}  // namespace collector::mail
