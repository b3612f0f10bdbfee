// A rule as a JSON value and back; rule_text.h has it as text.
//
// Every field is there, always in the same order, so that equal rules are equal texts:
//
//   {"free_s":30,"first_block_s":600,"grace_s":60,"increment_s":600,"boundary":"start","grace_scope":"first",
//    "min_charge_min":0,"max_charge_min":null,"round_group":"series","work_types":{"travel":"0.5"},
//    "grades":{"senior":"1.25"},
//    "bands":[{"name":"Evening","days":["mon","holidays"],"from":"17:00","to":"24:00","weight":"1.5"}],
//    "rate_per_hour":9000,"base_fee":0}
//
// Weights are text, because 1.1 is no number of a computer's; money is whole cents.

#pragma once

#include <boost/json/value.hpp>

#include "collector/rating/rule.h"

namespace collector::rule_text {

// Work types, grades and bands only.
boost::json::object weights_to_json(const rating::Rule& rule);
boost::json::object to_json(const rating::Rule& rule);

// The fields of `value` laid over `rule`; what is left out stays as it is, lists are replaced as a whole.
// invalid_argument with the field and what it may be: a field no rule has (with the nearest that it has), one
// of another type, and everything that rating::check() refuses.
[[nodiscard]] base::Result<rating::Rule> lay_over(rating::Rule rule, const boost::json::value& value);

// The names of all fields, in order.
const std::vector<std::string>& field_names();

// "... is no field of <what>; did you mean '...'?", or the names there are.
base::Error unknown_field(std::string_view what, std::string_view name,
                          const std::vector<std::string>& known);

}  // namespace collector::rule_text
