// A rule as one line of JSON, as it is stored, shown and noted; rule_json.h says how it looks.

#pragma once

#include <string>
#include <string_view>

#include "collector/rating/rule.h"

namespace collector::rule_text {

// Of what a person may hand in. A rule with everything in it has some 20 KB.
inline constexpr std::size_t kTextBytesMax = 1'000'000;

// Equal rules give equal texts.
std::string rule_text(const rating::Rule& rule);

// The rule of a text: what rule_text() gave, byte for byte, or what a person wrote; fields that are left out
// are those of Rule{}. invalid_argument with the place if it is no JSON, else with the field.
[[nodiscard]] base::Result<rating::Rule> read_rule(std::string_view text);

// The weights alone: work types, grades and bands.
std::string weights_text(const rating::Rule& rule);
// Lays weights over `rule`, whose other fields are there already.
[[nodiscard]] base::Result<rating::Rule> with_weights(rating::Rule rule, std::string_view text);

}  // namespace collector::rule_text
