#include "collector/actions/rerate.h"

#include <algorithm>
#include <boost/json.hpp>

#include "collector/actions/contracts.h"
#include "collector/actions/open_session.h"
#include "collector/directory/burn_order.h"
#include "collector/ledger/lot.h"
#include "collector/store/templates.h"

namespace collector::actions {

namespace json = boost::json;

using base::ErrorCode;
using base::fail;

namespace {

// The rule that the contract's sessions are to have; nothing if they keep theirs.
base::Result<std::optional<directory::Template>> rule_for(store::Transaction& tx,
                                                          const directory::Contract& contract,
                                                          const RerateScope& scope,
                                                          const store::StartOfDay& start_of_day) {
  auto rule = scope.rule;
  if (!rule && scope.newest_version) {
    auto newest = store::find_template(tx, contract.template_name);
    if (!newest) return std::unexpected{newest.error()};
    rule = std::move(*newest);
  }
  if (!rule) return std::nullopt;
  auto with_it = contract;
  with_it.rule = rule->rule;
  with_it.template_name = rule->name;
  if (auto fits = check_contract(with_it, start_of_day); !fits) {
    return fail("contract '" + contract.name + "'", fits.error());
  }
  return rule;
}

}  // namespace

base::Result<std::vector<store::ReratingRow>> plan_reratings(store::Transaction& tx, const RerateScope& scope,
                                                             const store::StartOfDay& start_of_day) {
  if (scope.last_day < scope.first_day) {
    return fail(ErrorCode::invalid_argument, "the last day, " + ledger::day_text(scope.last_day) +
                                                 ", is before the first, " +
                                                 ledger::day_text(scope.first_day));
  }
  const auto directory = store::load_directory(tx, start_of_day);
  if (!directory) return std::unexpected{directory.error()};
  const auto& customers = directory->customers;
  const auto customer = std::ranges::find_if(
      customers, [&](const directory::Customer& one) { return one.code == scope.customer; });
  if (scope.customer && customer == customers.end()) {
    return fail(ErrorCode::invalid_argument, "customer '" + *scope.customer + "': there is no such code");
  }
  std::vector<store::ReratingRow> rows;
  for (const auto& contract : directory->contracts) {
    if (scope.customer && contract.customer_id != customer->id) continue;
    if (scope.contract && contract.name != *scope.contract) continue;
    if (contract.model == directory::Model::recurring) continue;
    const auto from = start_of_day(scope.first_day, contract.time_zone);
    const auto to = start_of_day(ledger::plus_days(scope.last_day, 1), contract.time_zone);
    if (!from) return std::unexpected{from.error()};
    if (!to) return std::unexpected{to.error()};
    if (*to <= contract.valid_from || (contract.valid_to && *contract.valid_to <= *from)) continue;
    const auto rule = rule_for(tx, contract, scope, start_of_day);
    if (!rule) return std::unexpected{rule.error()};
    store::ReratingRow row;
    row.contract_id = contract.id;
    row.from = *from;
    row.to = *to;
    if (*rule) row.template_id = (*rule)->id;
    rows.push_back(row);
  }
  if (rows.empty()) {
    return fail(ErrorCode::invalid_argument,
                "no contract that takes sessions was in force in these days; see: deskledger-collector "
                "contracts list");
  }
  return rows;
}

base::Status rerate(store::Transaction& tx, const Actor& actor,
                    const std::vector<store::ReratingRow>& reratings) {
  if (auto said = need_reason(actor); !said) return said;
  for (auto row : reratings) {
    row.decided = actor.now;
    row.who = actor.who;
    row.why = actor.why;
    const auto id = store::add_rerating(tx, row);
    if (!id) return std::unexpected{id.error()};
    json::object after{{"rerating", *id},
                       {"from_utc", timing::to_rfc3339(row.from)},
                       {"to_utc", timing::to_rfc3339(row.to)}};
    after["template_id"] = row.template_id ? json::value(*row.template_id) : json::value(nullptr);
    const auto noted =
        note(tx, actor, "rerate", "contract", std::to_string(row.contract_id), "", json::serialize(after));
    if (!noted) return noted;
  }
  const auto version = store::bump_directory_version(tx);
  return version ? base::Status{} : std::unexpected{version.error()};
}

}  // namespace collector::actions
