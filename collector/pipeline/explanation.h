// Reasons and steps as they are stored beside a result: JSON text that
// `explain` prints and that never needs this version of the program to be read.

#pragma once

#include <string>
#include <vector>

#include "collector/attribution/attribute.h"
#include "collector/rating/explain.h"
#include "common/base/result.h"

namespace collector::pipeline {

// ["unknown_terminal","no_comment"]
std::string reasons_to_json(const std::vector<attribution::ReviewReason>& reasons);
// [{"what":"technician","detail":"...","mark":"pass"}]; hints follow as what="hint". A condition of coverage
// says which one of which contract, too: {"what":"coverage",...,"condition":"active","contract":3}.
std::string steps_to_json(const attribution::Steps& steps, const std::vector<std::string>& hints);
// [{"what":"first block","detail":"...","minutes":10}]
std::string steps_to_json(const std::vector<rating::Step>& steps);

}  // namespace collector::pipeline
