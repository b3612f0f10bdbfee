// A mail template in a file, and one of the collector's.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "collector/mail/message.h"
#include "collector/mail/template.h"
#include "collector/store/connection.h"
#include "common/base/result.h"

namespace collector::commands {

// invalid_argument, with the known ones, for a name that is none.
[[nodiscard]] base::Result<mail::Kind> mail_kind(const std::string& name);

// Read and checked. not_found if it cannot be read; invalid_argument, with the file's name, for what cannot
// be used.
[[nodiscard]] base::Result<mail::TemplateTexts> read_mail_template(const std::string& file, mail::Kind kind);

struct HeldTemplate {
  std::int64_t version = 0;  // 0: it comes with the program.
  mail::TemplateTexts texts;
};

// The version that was named, or the one that holds now, of the language as somebody typed it. not_found if
// there is none, invalid_argument for no language.
[[nodiscard]] base::Result<HeldTemplate> held_template(store::Transaction& tx, mail::Kind kind,
                                                       const std::string& typed,
                                                       std::optional<std::int64_t> version);

}  // namespace collector::commands
