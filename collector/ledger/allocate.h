// Inside this room: one charge onto the contracts of its customer, by what each has left and what was agreed
// for when that does not suffice.

#pragma once

#include <vector>

#include "collector/ledger/entry.h"
#include "collector/ledger/plan.h"
#include "collector/ledger/stock.h"

namespace collector::ledger {

// One entry for each contract that takes a part at `at`, the charge's own contract first; or one entry of
// kind hold, and then nothing is taken. `holdings` has the charge's contract.
std::vector<Entry> allocate(const Charge& charge, timing::UtcMs at, std::vector<Holding>& holdings);

}  // namespace collector::ledger
