// What the commands by which people decide have in common: who decides, and whether it is only a preview.

#pragma once

#include <functional>
#include <string>

#include "collector/commands/person.h"
#include "collector/commands/workspace.h"

namespace collector::commands {

// Runs `work` in a transaction of its own; a preview is rolled back at its end, and reports `work`'s errors
// just so.
[[nodiscard]] base::Status decide_in(store::Connection& database, bool preview,
                                     const store::Connection::Work& work);

// Has `work` done for each session in a transaction of its own, so that one that is refused does not stop the
// others. Says "session 12: done" for each, or why not; or a JSON array. The exit code: 1 if any was refused.
int for_each_session(store::Connection& database, const std::vector<std::int64_t>& sessions, bool preview,
                     bool json, const std::string& done,
                     const std::function<base::Status(store::Transaction&, std::int64_t)>& work,
                     std::ostream& out, std::ostream& err);

}  // namespace collector::commands
