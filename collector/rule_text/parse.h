// Inside this room only: text to a JSON value, strictly.

#pragma once

#include <boost/json/value.hpp>
#include <string_view>

#include "common/base/result.h"

namespace collector::rule_text {

// invalid_argument with line and column if it is no JSON, and for a name that stands twice.
[[nodiscard]] base::Result<boost::json::value> parse(std::string_view text);

}  // namespace collector::rule_text
