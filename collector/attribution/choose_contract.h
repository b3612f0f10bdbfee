// Which of a customer's contracts serves a session.

#pragma once

#include <cstdint>

#include "collector/attribution/step.h"
#include "collector/directory/nouns.h"

namespace collector::attribution {

// The contract of the customer that is in force at `moment` (the session's own
// date, whenever it arrived): the one that ends first, then the one that began
// first, then the one with the lowest id. A contract without an end is used
// last. Null if none is in force. Every contract of the customer appends a
// step. The pointer lives as long as the directory.
const directory::Contract* choose_contract(std::int64_t customer_id, timing::UtcMs moment,
                                           const directory::Directory& directory, Steps& steps);

}  // namespace collector::attribution
