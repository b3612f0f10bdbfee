// JSON lets a name stand twice in one object and leaves open which counts; where it says what people pay, it
// may not.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace collector::rule_text {

// The first name that stands a second time in its object; nothing if there is none, or the text is no JSON.
std::optional<std::string> key_twice(std::string_view json);

}  // namespace collector::rule_text
