// In which order a customer's contracts are used up.

#pragma once

#include <tuple>

#include "collector/directory/nouns.h"

namespace collector::directory {

inline bool in_force(const Contract& contract, timing::UtcMs moment) {
  return contract.valid_from <= moment && (!contract.valid_to || moment < *contract.valid_to);
}

// Whether a session may come to the contract without a person putting it there.
inline bool takes_sessions(Model model) {
  return model != Model::recurring && model != Model::project_fixed && model != Model::project_hourly;
}

// Smaller is sooner: the one that ends first, one without an end last; then the one that began first; then
// the one that was entered first.
inline auto burn_order(const Contract& contract) {
  return std::tuple{!contract.valid_to.has_value(), contract.valid_to.value_or(timing::UtcMs{}),
                    contract.valid_from, contract.id};
}

}  // namespace collector::directory
