#include "collector/commands/contract_change.h"

#include <boost/json.hpp>
#include <ostream>

#include "collector/actions/contracts.h"
#include "collector/commands/moment.h"
#include "collector/commands/named_contract.h"
#include "collector/commands/person.h"
#include "collector/commands/workspace.h"
#include "collector/commands/zones.h"
#include "collector/rating/money.h"

namespace collector::commands {

namespace json = boost::json;
using base::ErrorCode;
using base::fail;
using directory::Contract;

namespace {

std::unexpected<base::Error> refuse(std::string what) {
  return fail(ErrorCode::invalid_argument, std::move(what));
}

// What an action did to a contract's books, told.
int tell(const NamedContract& found, const ledger::Entry& entry, const std::vector<store::LineRow>& accounts,
         bool as_json, std::ostream& out) {
  const auto balance = balance_text(found.contract, accounts);
  if (as_json) {
    out << json::serialize(json::object{{"entry", entry.id},
                                        {"kind", ledger::to_string(entry.kind)},
                                        {"contract", found.contract.id},
                                        {"at_utc", timing::to_rfc3339(entry.at)},
                                        {"balance", balance}})
        << '\n';
  } else {
    out << found.customer.name << ", " << found.contract.name << ": entry " << entry.id << " ("
        << ledger::to_string(entry.kind) << "), " << balance << '\n';
  }
  return 0;
}

// Does `act` with the contract in one transaction, and tells what came of it.
template <class Act>
int enter(const std::filesystem::path& config, std::int64_t contract_id, bool as_json, std::ostream& out,
          std::ostream& err, Act act) {
  auto workspace = open_workspace(config);
  if (!workspace) return report(err, workspace.error());
  NamedContract found;
  ledger::Entry entry;
  std::vector<store::LineRow> accounts;
  const auto done = workspace->database.transaction([&](store::Transaction& tx) -> base::Status {
    auto named = named_contract(tx, contract_id);
    if (!named) return std::unexpected{named.error()};
    found = std::move(*named);
    auto written = act(tx, found.contract);
    if (!written) return std::unexpected{written.error()};
    entry = std::move(*written);
    auto held = store::accounts_of(tx, contract_id);
    if (!held) return std::unexpected{held.error()};
    accounts = std::move(*held);
    return {};
  });
  if (!done) return report(err, done.error());
  return tell(found, entry, accounts, as_json, out);
}

// Minutes or an amount, exactly one of them; of which unit, and how much.
base::Result<std::pair<std::string, std::int64_t>> quantity(const Contract& contract,
                                                            const std::optional<std::int64_t>& minutes,
                                                            const std::optional<std::string>& amount) {
  if (minutes.has_value() == amount.has_value()) return refuse("give --minutes or --amount, one of the two");
  if (minutes) return std::pair{std::string{ledger::kMinutes}, *minutes};
  const auto money = rating::money_from(*amount, contract.terms.currency);
  if (!money) return std::unexpected{money.error()};
  return std::pair{contract.terms.currency, *money};
}

}  // namespace

int run_sell(const SellOptions& options, std::ostream& out, std::ostream& err) {
  return enter(options.config, options.contract, options.json, out, err,
               [&](store::Transaction& tx, const Contract& contract) -> base::Result<ledger::Entry> {
                 const auto sold = quantity(contract, options.minutes, options.amount);
                 if (!sold) return std::unexpected{sold.error()};
                 const bool of_money = contract.model == directory::Model::prepaid_money;
                 if (of_money != options.amount.has_value()) {
                   return refuse(of_money ? "the contract is of money: give --amount" : "give --minutes");
                 }
                 actions::Sale sale{.quantity = sold->second};
                 if (options.from) {
                   const auto day = parse_day(*options.from, "from");
                   if (!day) return std::unexpected{day.error()};
                   sale.first_day = *day;
                 }
                 if (options.until) {
                   const auto day = parse_day(*options.until, "until");
                   if (!day) return std::unexpected{day.error()};
                   sale.last_day = *day;
                 }
                 return actions::sell(tx, this_actor(options.reason), contract, sale, start_of_day_in_zone);
               });
}

int run_adjust(const AdjustOptions& options, std::ostream& out, std::ostream& err) {
  return enter(options.config, options.contract, options.json, out, err,
               [&](store::Transaction& tx, const Contract& contract) -> base::Result<ledger::Entry> {
                 const auto by = quantity(contract, options.minutes, options.amount);
                 if (!by) return std::unexpected{by.error()};
                 return actions::adjust(tx, this_actor(options.reason), contract, by->first, by->second);
               });
}

int run_complete(const CompleteOptions& options, std::ostream& out, std::ostream& err) {
  return enter(options.config, options.contract, options.json, out, err,
               [&](store::Transaction& tx, const Contract& contract) {
                 return actions::complete(tx, this_actor(options.reason), contract);
               });
}

}  // namespace collector::commands
