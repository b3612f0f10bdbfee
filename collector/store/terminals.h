// Terminals as a history: whose an address was, and from when to when. The database itself refuses two owners
// at a time, another owner for a row, and the loss of a row.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "collector/directory/nouns.h"
#include "collector/store/directory.h"
#include "common/timing/utc.h"

namespace collector::store {

// All rows there ever were, in order of ids.
[[nodiscard]] base::Result<std::vector<directory::Terminal>> list_terminals(Transaction& transaction);

// The rows of an address in order of time; those withdrawn as mistakes at the end.
[[nodiscard]] base::Result<std::vector<directory::Terminal>> terminals_of_address(Transaction& transaction,
                                                                                  const std::string& address);

// A new row; its id. conflict if the address has an owner at any moment of the validity.
[[nodiscard]] base::Result<std::int64_t> add_terminal(Transaction& transaction,
                                                      const directory::Terminal& terminal);

// Description and validity of the row `terminal.id`; true if anything differed.
[[nodiscard]] base::Result<bool> change_terminal(Transaction& transaction,
                                                 const directory::Terminal& terminal);

// The row counts for nothing from now on, and stays readable.
[[nodiscard]] base::Status withdraw_terminal(Transaction& transaction, std::int64_t terminal_id,
                                             timing::UtcMs now);

// By customer, address and overlapping validity: a row of the same customer that
// overlaps is changed, bounds included. conflict if the address belongs to
// another customer at any moment of the validity, or to two rows of this one.
[[nodiscard]] base::Result<Put> upsert_terminal(Transaction& transaction,
                                                const directory::Terminal& terminal);

// A remote address for which sessions wait in review.
struct WaitingAddress {
  std::string address;
  std::int64_t sessions = 0;
  std::int64_t length_ms = 0;  // Of all of them together, where start and end are known.
  timing::UtcMs first;
  timing::UtcMs newest;
};

// The addresses of sessions in review for the reason of this code; the one with the newest session first.
[[nodiscard]] base::Result<std::vector<WaitingAddress>> addresses_in_review(Transaction& transaction,
                                                                            std::string_view reason,
                                                                            std::int64_t limit);

}  // namespace collector::store
