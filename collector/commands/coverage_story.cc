#include "collector/commands/coverage_story.h"

#include <algorithm>
#include <boost/json.hpp>

#include "collector/commands/stored_json.h"
#include "collector/commands/zones.h"
#include "collector/directory/burn_order.h"
#include "collector/ledger/entry.h"
#include "collector/ledger/lot.h"
#include "collector/rating/money.h"
#include "collector/store/ledger_past.h"

namespace collector::commands {

namespace json = boost::json;

namespace {

using directory::Contract;
using directory::Model;

std::int64_t number_in(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  return found != nullptr && found->is_int64() ? found->get_int64() : 0;
}

// The reason without the contract's name in front, which stands above it.
std::string without_name(std::string text, const std::string& name) {
  const auto front = "'" + name + "': ";
  return text.starts_with(front) ? text.substr(front.size()) : text;
}

// Whether what is in the lot can be used at that moment; the contract's own stock always can.
base::Result<bool> is_open(const std::string& name, const Contract& contract, timing::UtcMs at) {
  if (name.empty()) return true;
  const auto lot = ledger::lot_from(name);
  if (!lot) return std::unexpected{lot.error()};
  const auto begin = start_of_day_in_zone(lot->first_day, contract.time_zone);
  if (!begin) return std::unexpected{begin.error()};
  const auto end = start_of_day_in_zone(ledger::plus_days(lot->last_day, 1), contract.time_zone);
  if (!end) return std::unexpected{end.error()};
  return *begin <= at && at < *end;
}

// Nothing of a contract that sells nothing in advance, or was not in force.
base::Result<std::vector<ToldCondition>> left_of(store::Transaction& tx, const Contract& contract,
                                                 timing::UtcMs at, const std::string& tie) {
  const bool of_money = contract.model == Model::prepaid_money;
  const bool sells = of_money || contract.model == Model::prepaid || contract.terms.included_min > 0;
  std::vector<ToldCondition> told;
  if (!sells || !directory::in_force(contract, at)) return told;
  const std::string unit = of_money ? contract.terms.currency : std::string{ledger::kMinutes};
  const auto accounts = store::left_before(tx, contract.id, at, tie);
  if (!accounts) return std::unexpected{accounts.error()};
  std::int64_t left = 0;
  for (const auto& account : *accounts) {
    if (account.unit != unit) continue;
    const auto open = is_open(account.lot, contract, at);
    if (!open) return std::unexpected{open.error()};
    if (*open) left += account.quantity;
  }
  const auto text = of_money ? rating::money_text(left, unit) : std::to_string(left);
  told.push_back(
      {.condition = "left",
       .holds = left > 0,
       .why =
           text + " " + unit + " were left before it" +
           (left > 0 ? "" : "; when nothing is left: " + std::string{to_string(contract.terms.exhaustion)})});
  return told;
}

}  // namespace

base::Result<CoverageStory> load_coverage(store::Transaction& tx, const store::AttributionRow& attribution,
                                          const directory::Directory& directory, timing::UtcMs at,
                                          const std::string& tie) {
  CoverageStory story;
  for (const auto& step : stored_objects(attribution.steps)) {
    const bool holds = string_in(step, "mark") == "pass";
    auto why = string_in(step, "detail");
    if (string_in(step, "what") == "terminal")
      story.customer.push_back({.condition = "terminal", .holds = holds, .why = std::move(why)});
    if (string_in(step, "what") != "coverage") continue;
    const auto id = number_in(step, "contract");
    if (story.contracts.empty() || story.contracts.back().contract_id != id) {
      const auto contract = std::ranges::find(directory.contracts, id, &Contract::id);
      story.contracts.push_back(
          {.contract_id = id,
           .name = contract == directory.contracts.end() ? "contract " + std::to_string(id) : contract->name,
           .covers = attribution.contract_id == id,
           .conditions = {}});
    }
    auto& contract = story.contracts.back();
    contract.conditions.push_back({.condition = string_in(step, "condition"),
                                   .holds = holds,
                                   .why = without_name(std::move(why), contract.name)});
  }
  for (auto& one : story.contracts) {
    const auto contract = std::ranges::find(directory.contracts, one.contract_id, &Contract::id);
    if (contract == directory.contracts.end()) continue;
    const auto left = left_of(tx, *contract, at, tie);
    if (!left) return std::unexpected{left.error()};
    one.conditions.insert(one.conditions.end(), left->begin(), left->end());
  }
  return story;
}

}  // namespace collector::commands
