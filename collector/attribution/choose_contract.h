// Which of a customer's contracts serves a session, and for each of them why, or why not.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/attribution/step.h"
#include "collector/directory/nouns.h"

namespace collector::attribution {

// One thing that has to hold for a contract to serve a session.
struct Condition {
  // "named" (a person put the session there), "takes_sessions" (of itself), "active" (at the session's own
  // moment), "first_in_order" (of use, among those for which the others hold).
  std::string condition;
  bool holds = false;
  std::string why;  // With the figures, for people.

  bool operator==(const Condition&) const = default;
};

struct Coverage {
  const directory::Contract* contract = nullptr;  // Lives as long as the directory.
  std::vector<Condition> conditions;              // Not empty.

  // Whether all of them hold.
  bool covers() const;
};

// The contracts of the customer in the order in which they are used up: the one that ends first, one without
// an end last; then the one that began first; then the one with the lowest id. Of them at most one covers a
// session of `moment` (its own, whenever it arrived): the one that a person `named`, else the first that was
// in force and takes sessions.
std::vector<Coverage> weigh_contracts(std::int64_t customer_id, timing::UtcMs moment,
                                      const std::optional<std::int64_t>& named,
                                      const directory::Directory& directory);

// The one that covers; null if none does.
const Coverage* chosen(const std::vector<Coverage>& coverages);

// One step for each condition, and what follows from them.
void tell(const std::vector<Coverage>& coverages, Steps& steps);

}  // namespace collector::attribution
