// A template as a file that people keep and edit:
//
//   {"name":"Evening","version":3,"rule":{...},"contract":{"model":"prepaid","duration":"12m"}}
//
// What stands under "contract" is for collector/directory/agreement.h to understand.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "collector/rating/rule.h"
#include "collector/rule_text/set_field.h"

namespace collector::rule_text {

struct TemplateText {
  std::string name;
  // The version that was edited: what has become newer since may not be lost. Absent: whatever is newest.
  std::optional<std::int64_t> version;
  rating::Rule rule;
  // What contracts that are made from it agree, each as people type it; absent: as the newest version says.
  std::optional<std::vector<Field>> contract = {};
};

// For people: with line ends and blanks.
std::string template_text(const TemplateText& text);

// invalid_argument as read_rule(), if there is no name or no rule, or if something of "contract" is neither
// text nor a whole number nor true or false.
[[nodiscard]] base::Result<TemplateText> read_template(std::string_view text);

}  // namespace collector::rule_text
