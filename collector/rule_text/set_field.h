// One field of a rule as people set it on a command line: "grace_s=0", "max_charge_min=none",
// "work_types.travel=0.5", "bands.Evening=weekdays 17:00-24:00 x1.5".

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "collector/rating/rule.h"

namespace collector::rule_text {

// "none" takes away: the cap, a work type, a grade, a band. A band that is new comes behind the others; one
// that is there keeps its place. invalid_argument with the field and what it may be. What only fits together
// with other fields, and ranges, are left to rating::check(), so that several can be set one after another.
[[nodiscard]] base::Status set_field(rating::Rule& rule, std::string_view assignment);

struct Field {
  std::string name;  // "grace_s", "bands.Evening".
  std::string value;

  bool operator==(const Field&) const = default;
};

// All of a rule, in order: setting them on Rule{} gives the rule again.
std::vector<Field> fields_of(const rating::Rule& rule);

}  // namespace collector::rule_text
