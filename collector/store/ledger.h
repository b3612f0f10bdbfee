// The contracts' ledgers. Entries are never changed; a balance is their sum and
// a correction is one more entry.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/store/connection.h"
#include "common/timing/utc.h"

namespace collector::store {

struct EntryRow {
  std::int64_t id = 0;  // Given by the store; grows.
  std::int64_t contract_id = 0;
  std::string kind;          // "grant", "consumption", "accrual" or "reversal".
  std::int64_t minutes = 0;  // Signed.
  std::optional<std::int64_t> session_id;
  std::optional<std::int64_t> charge_id;
  std::optional<std::int64_t> reverses_entry_id;
  std::string reason;
  timing::UtcMs created;
};

struct BalanceRow {
  std::int64_t contract_id = 0;
  std::int64_t minutes = 0;  // The sum of its entries; 0 if it has none.
  std::int64_t entries = 0;  // How many.
};

// Returns its id. conflict if the charge is posted already, or the entry it
// reverses is reversed already.
[[nodiscard]] base::Result<std::int64_t> add_entry(Transaction& transaction, const EntryRow& entry);

// Both oldest first.
[[nodiscard]] base::Result<std::vector<EntryRow>> entries_of_contract(Transaction& transaction,
                                                                      std::int64_t contract_id);
[[nodiscard]] base::Result<std::vector<EntryRow>> entries_of_session(Transaction& transaction,
                                                                     std::int64_t session_id);

// The session's entry that counts: neither reversed nor a reversal.
[[nodiscard]] base::Result<std::optional<EntryRow>> find_open_entry(Transaction& transaction,
                                                                    std::int64_t session_id);

// One row for every contract, in order of contract_id.
[[nodiscard]] base::Result<std::vector<BalanceRow>> contract_balances(Transaction& transaction);

// Up to `limit` open entries of sessions whose latest attribution is no longer
// ready; oldest first.
[[nodiscard]] base::Result<std::vector<EntryRow>> entries_to_reverse(Transaction& transaction,
                                                                     std::int64_t limit);

}  // namespace collector::store
