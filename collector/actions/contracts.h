// What a person does to a contract's ledger: sells time or money, corrects, says that a project is done.
//
// Each is an entry of its own, noted in the chain of changes with the person's reason, and has the customer's
// ledgers planned anew from its moment on.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "collector/actions/actor.h"
#include "collector/directory/nouns.h"
#include "collector/ledger/entry.h"
#include "collector/store/directory.h"
#include "common/base/result.h"

namespace collector::actions {

// invalid_argument, naming the field: a name that is empty, terms that cannot be, days out of order, an
// unknown time zone, a model that bills money with a rule that has no rate.
[[nodiscard]] base::Status check_contract(const directory::Contract& contract,
                                          const store::StartOfDay& start_of_day);

// Adds the contract, or changes the one of that customer and name; its id, model, terms, days, time zone,
// template_id, rule and mail settings count. The errors of check_contract; conflict for terms that the ledger
// was written by (store/directory.h).
[[nodiscard]] base::Result<store::Put> put_contract(store::Transaction& tx, const Actor& actor,
                                                    const directory::Contract& contract,
                                                    const store::StartOfDay& start_of_day);

struct Sale {
  std::int64_t quantity = 0;  // Minutes, or the smallest unit of the contract's currency, by its model.
  // From which day on, in the contract's time zone; absent: from now on.
  std::optional<std::chrono::year_month_day> first_day = {};
  // The last day it can be used; absent: as long as the contract. Needs `first_day`.
  std::optional<std::chrono::year_month_day> last_day = {};
};

// invalid_argument, saying which field, unless the contract is prepaid and the days lie in its own and in
// order.
[[nodiscard]] base::Result<ledger::Entry> sell(store::Transaction& tx, const Actor& actor,
                                               const directory::Contract& contract, const Sale& sale,
                                               const store::StartOfDay& start_of_day);

// `quantity` of `unit` (minutes or the contract's currency) in the customer's favour, or below zero against
// him, now. invalid_argument without a reason, and for a unit that the contract's ledger does not have.
[[nodiscard]] base::Result<ledger::Entry> adjust(store::Transaction& tx, const Actor& actor,
                                                 const directory::Contract& contract, const std::string& unit,
                                                 std::int64_t quantity);

// The project's fee is due, now. invalid_argument for a contract of another model, conflict if it was said
// before.
[[nodiscard]] base::Result<ledger::Entry> complete(store::Transaction& tx, const Actor& actor,
                                                   const directory::Contract& contract);

}  // namespace collector::actions
