// A rated charge in words, step by step, for the person who sells the contract.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/rating/rate.h"
#include "collector/rating/rule.h"

namespace collector::rating {

// One step of the reasoning, in order. `what` is a short stable key ("no charge",
// "stated time", "free time", "first block", "further blocks", "minimum", "cap",
// "band", "unweighted" (time that counts once), "work type", "grade", "charge", "price"); who keeps charges
// adds "not rated". `detail` is a sentence for people.
struct Step {
  std::string what;
  std::string detail;
  std::optional<std::int64_t> minutes_so_far;  // The charge after this step, if it is known by then.

  bool operator==(const Step&) const = default;
};

// How `rated` came about: `rule` and `input` are what it was rated with. The step
// "charge" says the minutes; "price" stands behind it if the rule knows money, with the currency, ISO 4217,
// if it is told.
std::vector<Step> explain(const Rule& rule, const Input& input, const Rated& rated,
                          std::string_view currency = "");

}  // namespace collector::rating
