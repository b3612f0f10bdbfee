// A template as a file that people keep and edit:
//
//   {"name":"Evening","version":3,"rule":{...}}

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "collector/rating/rule.h"

namespace collector::rule_text {

struct TemplateText {
  std::string name;
  // The version that was edited: what has become newer since may not be lost. Absent: whatever is newest.
  std::optional<std::int64_t> version;
  rating::Rule rule;
};

// For people: with line ends and blanks.
std::string template_text(const TemplateText& text);

// invalid_argument as read_rule(), or if there is no name or no rule.
[[nodiscard]] base::Result<TemplateText> read_template(std::string_view text);

}  // namespace collector::rule_text
