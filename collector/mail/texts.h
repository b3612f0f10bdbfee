// The three parts of a template as one file that a person edits, and the templates that come with the
// program.

#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "collector/mail/message.h"
#include "collector/mail/template.h"
#include "common/base/result.h"

namespace collector::mail {

inline constexpr std::size_t kTextsBytesMax = kParts * kPartBytesMax + 1024;

// The lines "=== subject ===", "=== text ===" and "=== html ===", in this order, each above its part; above
// the first one only empty lines and such that begin with '#', and a byte order mark. invalid_argument, "line
// 3: ...", for a file without one of them, with one twice or out of order, or with something else above.
[[nodiscard]] base::Result<TemplateTexts> read_texts(std::string_view file);

// What read_texts reads as the same texts, if no line in them looks like one of those three.
std::string write_texts(const TemplateTexts& texts);

// English first.
std::span<const std::string_view> shipped_languages();

// What comes with the program; nothing for another language. "el-GR" is another one here.
std::optional<TemplateTexts> shipped_texts(Kind kind, std::string_view language);

}  // namespace collector::mail
