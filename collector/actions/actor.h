// Who does something in the collector, why, and when: what every action of this room is told first.
//
// This room is what a person may do, one function each: it checks what was asked, writes it, and notes the
// change (store/changes.h), all in the caller's transaction. The command line calls it, and so does every
// other front end.

#pragma once

#include <string>

#include "collector/store/changes.h"
#include "common/timing/utc.h"

namespace collector::actions {

struct Actor {
  std::string who;  // Not empty.
  std::string why;  // In the person's own words; empty where nothing was said.
  timing::UtcMs now;
};

// The change that `actor` made to `object` `key`, noted behind all others. `before` and `after` are JSON
// texts.
[[nodiscard]] base::Status note(store::Transaction& tx, const Actor& actor, std::string action,
                                std::string object, std::string key, std::string before, std::string after);

}  // namespace collector::actions
