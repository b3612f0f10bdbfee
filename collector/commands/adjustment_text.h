// What came about a billed session after billing, for people and for programs.

#pragma once

#include <boost/json/array.hpp>
#include <string>
#include <vector>

#include "collector/store/adjustments.h"

namespace collector::commands {

// "2026-11-20T09:05:07.000Z comment changed after billing: would cost 25 min; mary released it ... (as
// agreed); posted 15 min more with entry 9". Foreign text in it is made safe for a terminal.
std::string adjustment_text(const store::AdjustmentStory& story);

boost::json::array adjustments_json(const std::vector<store::AdjustmentStory>& stories);

}  // namespace collector::commands
