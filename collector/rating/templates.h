// The templates that exist before anybody has made one.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "collector/rating/rule.h"

namespace collector::rating {

struct BuiltInTemplate {
  std::string name;
  std::string about;  // One sentence for people.
  Rule rule;
};

// "standard" first: it is the default of every new installation. The others
// are its three variants: "standard-after", "standard-every", "plain".
const std::vector<BuiltInTemplate>& built_in_templates();

// The template of that name; not_found, naming the nearest one, if there is none.
[[nodiscard]] base::Result<BuiltInTemplate> built_in_template(std::string_view name);

}  // namespace collector::rating
