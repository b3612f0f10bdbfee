#include "collector/attribution/choose_contract.h"

#include <algorithm>
#include <string>
#include <tuple>

namespace collector::attribution {

namespace {

using directory::Contract;

// `number` with at least `width` digits.
std::string padded(std::string number, std::size_t width) {
  return std::string(width - std::min(width, number.size()), '0') + number;
}

std::string day_text(std::chrono::year_month_day day) {
  return padded(std::to_string(static_cast<int>(day.year())), 4) + "-" +
         padded(std::to_string(static_cast<unsigned>(day.month())), 2) + "-" +
         padded(std::to_string(static_cast<unsigned>(day.day())), 2);
}

std::string term_text(const Contract& contract) {
  return "(" + day_text(contract.start_day) + " to " +
         (contract.end_day ? day_text(*contract.end_day) : std::string{"open end"}) + ")";
}

bool in_force(const Contract& contract, timing::UtcMs moment) {
  return contract.valid_from <= moment && (!contract.valid_to || moment < *contract.valid_to);
}

// The order in which contracts are used up: smaller is sooner.
auto burn_order(const Contract& contract) {
  return std::tuple{!contract.valid_to.has_value(), contract.valid_to.value_or(timing::UtcMs{}),
                    contract.valid_from, contract.id};
}

}  // namespace

const Contract* choose_contract(std::int64_t customer_id, timing::UtcMs moment,
                                const directory::Directory& directory, Steps& steps) {
  const Contract* chosen = nullptr;
  int candidates = 0;
  for (const auto& contract : directory.contracts) {
    if (contract.customer_id != customer_id) continue;
    const bool active = in_force(contract, moment);
    steps.push_back({.what = "contract",
                     .detail = "'" + contract.name + "' " + term_text(contract) +
                               (active ? " was in force on that day" : " was not in force on that day"),
                     .mark = active ? Mark::pass : Mark::fail});
    if (!active) continue;
    ++candidates;
    if (chosen == nullptr || burn_order(contract) < burn_order(*chosen)) chosen = &contract;
  }
  if (chosen == nullptr) {
    steps.push_back(
        {.what = "contract", .detail = "no contract was in force on that day", .mark = Mark::fail});
    return nullptr;
  }
  steps.push_back({.what = "contract",
                   .detail = "'" + chosen->name + "' was chosen because " +
                             (candidates == 1 ? "it is the only one"
                                              : "it ends first; among equals, the oldest is used first"),
                   .mark = Mark::pass});
  return chosen;
}

}  // namespace collector::attribution
