// One word for where a session stands, from the rows of all stages
// (docs/glossary.md, requirements: session states).

#pragma once

#include <string>
#include <vector>

#include "collector/store/overview.h"

namespace collector::commands {

// active, attempt, new (not attributed yet), pending_comment, review, rated (charged, not yet in the ledger),
// held (the ledger holds its charge: there is not enough left), posted, no_charge, withdrawn.
const std::vector<std::string>& session_states();

std::string state_of(const store::OverviewRow& row);

// Whether a session in that state goes on only when a person decides: review, held.
bool waits_for_a_person(const std::string& state);

// active, ended, abandoned, partial, attempt, entered (by a person).
std::string capture_state_of(const store::OverviewRow& row);

// changed: a person changed something about it, and the next run of the pipeline attributes it anew; clean.
std::string edit_state_of(const store::OverviewRow& row);

// billed, unbilled.
std::string money_state_of(const store::OverviewRow& row);

// queued, composed, sending, sent, uncertain, failed; "none" when there is nothing to tell or nobody to tell
// it to.
std::string mail_state_of(const store::OverviewRow& row);

}  // namespace collector::commands
