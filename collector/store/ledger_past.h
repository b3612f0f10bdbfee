// What a contract's ledger said at an earlier point of its history. It costs as much as the contract has
// entries: for looking back, not for running.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/store/connection.h"
#include "collector/store/ledger.h"
#include "common/timing/utc.h"

namespace collector::store {

// What the accounts held when this entry of the contract had been written.
[[nodiscard]] base::Result<std::vector<LineRow>> accounts_after(Transaction& transaction,
                                                                std::int64_t contract_id,
                                                                std::int64_t entry_id);

// The accounts `left` as they stand now, by the dates of the entries, before a charge of that moment and tie
// (store/charges.h): of entries of the same moment those of no charge count, and those of charges that come
// first.
[[nodiscard]] base::Result<std::vector<LineRow>> left_before(Transaction& transaction,
                                                             std::int64_t contract_id, timing::UtcMs at,
                                                             const std::string& tie);

// The entry that reverses this one; nothing if none does.
[[nodiscard]] base::Result<std::optional<std::int64_t>> find_reversal(Transaction& transaction,
                                                                      std::int64_t entry_id);

}  // namespace collector::store
