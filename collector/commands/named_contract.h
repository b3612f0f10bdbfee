// A contract by its number, and what stands in its books.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "collector/directory/nouns.h"
#include "collector/store/connection.h"
#include "collector/store/ledger.h"
#include "common/base/result.h"

namespace collector::commands {

struct NamedContract {
  directory::Contract contract;
  directory::Customer customer;
};

// not_found, saying where the numbers are, if there is none.
[[nodiscard]] base::Result<NamedContract> named_contract(store::Transaction& tx, std::int64_t id);

// What is left of a prepaid contract, or due of any other, in words: "580 min left", "120 min and 200.00 EUR
// to bill", "used up: 20 min below zero".
std::string balance_text(const directory::Contract& contract, const std::vector<store::LineRow>& accounts);

}  // namespace collector::commands
