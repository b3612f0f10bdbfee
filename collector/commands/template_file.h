// A file with a template in it.

#pragma once

#include <string>

#include "collector/rule_text/template_text.h"

namespace collector::commands {

// not_found if it cannot be read; invalid_argument, with the file's name, for what is no template.
[[nodiscard]] base::Result<rule_text::TemplateText> read_template_file(const std::string& file);

}  // namespace collector::commands
