// Sessions as people and programs read them: a table, or JSON lines (docs/formats/sessions.md).

#pragma once

#include <string>
#include <vector>

#include "agent/session/snapshot.h"

namespace agent::commands {

// One JSON object without a line end. Times are RFC 3339 in UTC with
// milliseconds, null where unknown; the fields' order is fixed.
std::string to_json(const session::Snapshot& snapshot);

// A table with a heading, one line for each session, times in UTC with whole
// seconds; a sentence if there is none.
std::string to_table(const std::vector<session::Snapshot>& sessions);

}  // namespace agent::commands
