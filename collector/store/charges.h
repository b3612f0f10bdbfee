// Charges: minutes from a rule, with the steps that led to them. Never changed;
// one for each ready attribution.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "collector/store/connection.h"
#include "common/timing/utc.h"

namespace collector::store {

struct ChargeRow {
  std::int64_t id = 0;  // Given by the store; grows.
  std::int64_t attribution_id = 0;
  std::int64_t session_id = 0;
  std::int64_t contract_id = 0;
  std::int64_t template_id = 0;  // The template version that was applied.
  std::int64_t rating_version = 0;
  std::int64_t seconds = 0;
  std::int64_t minutes = 0;
  std::string steps;  // Opaque to the store.
  timing::UtcMs created;
};

// Returns its id; conflict if the attribution has a charge already.
[[nodiscard]] base::Result<std::int64_t> add_charge(Transaction& transaction, const ChargeRow& charge);

// Oldest first.
[[nodiscard]] base::Result<std::vector<ChargeRow>> charges_of(Transaction& transaction,
                                                              std::int64_t session_id);

// Up to `limit` charges of the latest attribution of their session, without an
// entry in the ledger; oldest first. The session may still have an open entry
// of an earlier charge: see find_open_entry in ledger.h. A charge of the same
// minutes to the same contract as that entry is left out: it changes nothing.
// Post them in this order.
[[nodiscard]] base::Result<std::vector<ChargeRow>> charges_to_post(Transaction& transaction,
                                                                   std::int64_t limit);

}  // namespace collector::store
