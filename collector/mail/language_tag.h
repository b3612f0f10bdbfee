// The code of a language, "el" or "pt-BR": what may be one, and which of two are the same. Pure.
//
// As RFC 5646 has it upper and lower case say the same; what is kept and compared is in lower case.

#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace collector::mail {

// Letters and digits in groups with '-' between them, such as "en", "el" or "pt-BR"; at most 35 bytes.
bool is_language(std::string_view tag);

// "el" of "el-GR".
std::string_view primary(std::string_view tag);

// What was probably meant, as people write it: "el-GR" of "el_GR", " EL-gr " or "el_GR.UTF-8". Empty if no
// tag comes of it.
std::string nearest_language(std::string_view text);

// The tag in lower case. invalid_argument with the text and, if there is one, the nearest tag: "'el_GR' is no
// language such as en, el or pt-BR; did you mean el-GR?".
[[nodiscard]] base::Result<std::string> typed_language(std::string_view text);

// The tag in lower case; of what was kept before anybody checked it the nearest one; empty if there is none.
std::string kept_language(std::string_view text);

}  // namespace collector::mail
