#include "collector/actions/contracts.h"

#include <algorithm>

#include "collector/actions/to_json.h"
#include "collector/ledger/lot.h"
#include "collector/store/ledger.h"
#include "collector/store/ledger_rows.h"

namespace collector::actions {

namespace {

using base::ErrorCode;
using base::fail;
using directory::Model;

base::Result<ledger::Entry> keep(store::Transaction& tx, const Actor& actor,
                                 const directory::Contract& contract, ledger::Entry entry,
                                 std::string action) {
  const auto id = store::add_entry(tx, store::row_of(entry, contract, actor.now), "");
  if (!id) return std::unexpected{id.error()};
  entry.id = *id;
  if (auto done = store::plan_again(tx, contract.customer_id, entry.at); !done)
    return std::unexpected{done.error()};
  auto noted =
      note(tx, actor, std::move(action), "contract", std::to_string(contract.id), "", json_text(entry));
  if (!noted) return std::unexpected{noted.error()};
  return entry;
}

base::Status check_days(const directory::Contract& contract, const Sale& sale) {
  if (sale.last_day && !sale.first_day)
    return fail(ErrorCode::invalid_argument, "the last day needs a first day");
  if (!sale.first_day) return {};
  if (*sale.first_day < contract.start_day || (contract.end_day && *sale.first_day > *contract.end_day)) {
    return fail(ErrorCode::invalid_argument, "the first day " + ledger::day_text(*sale.first_day) +
                                                 " is not one of the contract's, which begins on " +
                                                 ledger::day_text(contract.start_day));
  }
  if (sale.last_day && *sale.last_day < *sale.first_day) {
    return fail(ErrorCode::invalid_argument, "the last day is before the first day");
  }
  return {};
}

}  // namespace

base::Status check_contract(const directory::Contract& contract, const store::StartOfDay& start_of_day) {
  if (contract.name.empty()) return fail(ErrorCode::invalid_argument, "name is empty");
  if (contract.end_day && *contract.end_day < contract.start_day) {
    return fail(ErrorCode::invalid_argument, "end, " + ledger::day_text(*contract.end_day) +
                                                 ", is before start, " +
                                                 ledger::day_text(contract.start_day));
  }
  if (const auto begin = start_of_day(contract.start_day, contract.time_zone); !begin) {
    return fail(ErrorCode::invalid_argument,
                "time_zone '" + contract.time_zone + "' is no time zone such as Europe/Athens");
  }
  if (auto ok = directory::check(contract.model, contract.terms); !ok) return ok;
  if (const auto& partner = contract.partner;
      partner && partner->first_day && partner->last_day && *partner->last_day < *partner->first_day) {
    return fail(ErrorCode::invalid_argument, "partner_until, " + ledger::day_text(*partner->last_day) +
                                                 ", is before partner_from, " +
                                                 ledger::day_text(*partner->first_day));
  }
  const bool money = contract.model == Model::prepaid_money || contract.model == Model::hourly ||
                     contract.model == Model::project_hourly;
  if (money && contract.rule.rate_per_hour == 0 && contract.rule.base_fee == 0) {
    return fail(ErrorCode::invalid_argument, "the model " +
                                                 std::string{directory::to_string(contract.model)} +
                                                 " needs a template with rate_per_hour or base_fee; '" +
                                                 contract.template_name + "' has neither");
  }
  return {};
}

base::Result<store::Put> put_contract(store::Transaction& tx, const Actor& actor,
                                      const directory::Contract& contract,
                                      const store::StartOfDay& start_of_day) {
  if (auto ok = check_contract(contract, start_of_day); !ok) return std::unexpected{ok.error()};
  const auto before = store::load_directory(tx, start_of_day);
  if (!before) return std::unexpected{before.error()};
  const auto put = store::upsert_contract(tx, contract);
  if (!put || !put->changed) return put;
  const auto old = std::ranges::find(before->contracts, put->id, &directory::Contract::id);
  const auto owner = std::ranges::find(before->customers, contract.customer_id, &directory::Customer::id);
  const auto code = owner == before->customers.end() ? "" : owner->code;
  auto noted = note(tx, actor, put->created ? "create" : "change", "contract", std::to_string(put->id),
                    old == before->contracts.end() ? "" : json_text(*old, code), json_text(contract, code));
  if (!noted) return std::unexpected{noted.error()};
  if (const auto version = store::bump_directory_version(tx); !version)
    return std::unexpected{version.error()};
  return put;
}

base::Result<ledger::Entry> sell(store::Transaction& tx, const Actor& actor,
                                 const directory::Contract& contract, const Sale& sale,
                                 const store::StartOfDay& start_of_day) {
  if (contract.model != Model::prepaid && contract.model != Model::prepaid_money) {
    return fail(ErrorCode::invalid_argument, "contract " + std::to_string(contract.id) +
                                                 " is not prepaid: there is nothing to sell in advance");
  }
  if (auto ok = check_days(contract, sale); !ok) return std::unexpected{ok.error()};
  auto at = actor.now;
  if (sale.first_day) {
    const auto begin = start_of_day(*sale.first_day, contract.time_zone);
    if (!begin) return std::unexpected{begin.error()};
    at = *begin;
  }
  const auto lot =
      sale.last_day
          ? to_string(ledger::Lot{
                .origin = ledger::Origin::bought, .first_day = *sale.first_day, .last_day = *sale.last_day})
          : "";
  const std::string unit =
      contract.model == Model::prepaid_money ? contract.terms.currency : std::string{ledger::kMinutes};
  auto entry = ledger::grant(contract.id, at, unit, sale.quantity, lot, actor.why);
  if (!entry) return entry;
  return keep(tx, actor, contract, std::move(*entry), "sell");
}

base::Result<ledger::Entry> adjust(store::Transaction& tx, const Actor& actor,
                                   const directory::Contract& contract, const std::string& unit,
                                   std::int64_t quantity) {
  if (unit != ledger::kMinutes && unit != contract.terms.currency) {
    return fail(
        ErrorCode::invalid_argument,
        "the unit '" + unit + "' is neither min nor the contract's currency, " + contract.terms.currency);
  }
  if (contract.model == Model::prepaid_money && unit == ledger::kMinutes) {
    return fail(ErrorCode::invalid_argument,
                "the contract holds money: adjust it in " + contract.terms.currency);
  }
  auto entry = ledger::adjust(contract, actor.now, unit, quantity, actor.why);
  if (!entry) return entry;
  return keep(tx, actor, contract, std::move(*entry), "adjust");
}

base::Result<ledger::Entry> complete(store::Transaction& tx, const Actor& actor,
                                     const directory::Contract& contract) {
  if (contract.model != Model::project_fixed) {
    return fail(ErrorCode::invalid_argument, "contract " + std::to_string(contract.id) +
                                                 " is no project of one fee: nothing can be completed");
  }
  const auto entries = store::entries_of_contract(tx, contract.id);
  if (!entries) return std::unexpected{entries.error()};
  const auto kind = ledger::to_string(ledger::Kind::completion);
  if (std::ranges::find(*entries, kind, &store::EntryRow::kind) != entries->end()) {
    return fail(ErrorCode::conflict,
                "the project of contract " + std::to_string(contract.id) + " is completed already");
  }
  return keep(tx, actor, contract, ledger::complete(contract, actor.now, actor.why), "complete");
}

}  // namespace collector::actions
