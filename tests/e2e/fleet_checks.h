// What must hold for many workstations at the end of a story, whatever happened to them on the way.

#pragma once

#include "tests/support/site/fleet.h"
#include "tests/support/site/sessions.h"

namespace e2e {

// Waits until exactly the sessions of all written traces have arrived, each once, and every agent has its
// acknowledgement for all it sealed. Not a moment longer than `limit`.
void expect_fleet_arrival(const support::Site& site, const support::Fleet& fleet,
                          std::chrono::milliseconds limit);

// How many records are stored now.
std::int64_t count_records(const support::Site& site);

// Every record that an agent sealed is stored, numbered without a gap, and its hash follows from the one
// before; the collector refused nothing and raised no alarm. `verify` says the same. Returns how many records
// there are.
std::int64_t expect_whole_chains(const support::Site& site, const support::Fleet& fleet);

}  // namespace e2e
