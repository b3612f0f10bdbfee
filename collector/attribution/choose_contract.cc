#include "collector/attribution/choose_contract.h"

#include <algorithm>

#include "collector/attribution/capture.h"
#include "collector/directory/burn_order.h"

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
  return day_text(contract.start_day) + " to " +
         (contract.end_day ? day_text(*contract.end_day) : std::string{"open end"}) + ", " +
         contract.time_zone;
}

Condition takes(const Contract& contract) {
  const bool holds = directory::takes_sessions(contract.model);
  const std::string model{directory::to_string(contract.model)};
  const char* const why = holds ? " takes sessions"
                          : contract.model == directory::Model::recurring
                              ? " takes no sessions"
                              : " takes only the sessions that a person puts there";
  return {.condition = "takes_sessions", .holds = holds, .why = model + why};
}

Condition active(const Contract& contract, timing::UtcMs moment) {
  const bool holds = directory::in_force(contract, moment);
  return {.condition = "active",
          .holds = holds,
          .why = moment_text(moment) +
                 (holds                          ? " is one of its days, "
                  : moment < contract.valid_from ? " is before its first day, "
                                                 : " is after its last day, ") +
                 term_text(contract)};
}

Condition named_by_person(const Contract& contract, std::int64_t named) {
  const bool holds = contract.id == named;
  return {.condition = "named",
          .holds = holds,
          .why = holds ? "a person put the session there" : "a person put the session to another contract"};
}

// Of the contract at `place` of those that could be used.
Condition in_order(std::size_t place, std::size_t of, const std::string& first) {
  const std::string why = of == 1      ? "the only one that can be used"
                          : place == 0 ? "the first of " + std::to_string(of) +
                                             ": it ends first; among equals, the oldest is used first"
                                       : "used after '" + first + "'";
  return {.condition = "first_in_order", .holds = place == 0, .why = why};
}

}  // namespace

bool Coverage::covers() const {
  return std::ranges::all_of(conditions, &Condition::holds);
}

std::vector<Coverage> weigh_contracts(std::int64_t customer_id, timing::UtcMs moment,
                                      const std::optional<std::int64_t>& named,
                                      const directory::Directory& directory) {
  std::vector<Coverage> all;
  for (const auto& contract : directory.contracts) {
    if (contract.customer_id == customer_id) all.push_back({.contract = &contract, .conditions = {}});
  }
  std::ranges::sort(all, {}, [](const Coverage& one) { return directory::burn_order(*one.contract); });
  std::vector<Coverage*> usable;
  for (auto& [contract, conditions] : all) {
    conditions.push_back(named ? named_by_person(*contract, *named) : takes(*contract));
    conditions.push_back(active(*contract, moment));
  }
  if (named) return all;
  for (auto& one : all) {
    if (one.covers()) usable.push_back(&one);
  }
  for (std::size_t i = 0; i < usable.size(); ++i) {
    usable[i]->conditions.push_back(in_order(i, usable.size(), usable.front()->contract->name));
  }
  return all;
}

const Coverage* chosen(const std::vector<Coverage>& coverages) {
  const auto at = std::ranges::find_if(coverages, &Coverage::covers);
  return at == coverages.end() ? nullptr : &*at;
}

void tell(const std::vector<Coverage>& coverages, Steps& steps) {
  for (const auto& [contract, conditions] : coverages) {
    for (const auto& one : conditions) {
      steps.push_back({.what = "coverage",
                       .detail = "'" + contract->name + "': " + one.why,
                       .mark = one.holds ? Mark::pass : Mark::fail,
                       .condition = one.condition,
                       .contract_id = contract->id});
    }
  }
  const auto* const covering = chosen(coverages);
  steps.push_back({.what = "contract",
                   .detail = covering != nullptr ? "'" + covering->contract->name + "' covers it"
                             : coverages.empty() ? "the customer has no contract"
                                                 : "none of the customer's contracts covers it",
                   .mark = covering != nullptr ? Mark::pass : Mark::fail});
}

}  // namespace collector::attribution
