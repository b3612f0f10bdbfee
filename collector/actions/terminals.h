// Terminals: assigned to customers, moved, released, imported. Whose one was on a day that is over stays as
// it is: a new owner is a new row behind the former one (store/terminals.h).

#pragma once

#include <optional>
#include <string>

#include "collector/actions/master_data.h"
#include "collector/directory/nouns.h"

namespace collector::actions {

struct Assignment {
  std::string address;   // As typed.
  std::string customer;  // A code.
  // Absent: as it was when this customer had it last, else empty.
  std::optional<std::string> description = {};
  // Absent: from always if nobody had it ever; from the end of the last owner's time if that is over, so that
  // sessions since then find their customer; else from now.
  std::optional<timing::UtcMs> from = {};
};

struct Assigned {
  Done done;
  directory::Terminal terminal;       // As it is now.
  std::optional<std::string> former;  // The code of the customer whose time ended by this.
};

// The address is the customer's from then on. Who has it at that moment loses it at that moment. The
// customer's own row is carried back to an earlier `from`. conflict if that would overwrite somebody's time.
[[nodiscard]] base::Result<Assigned> assign_terminal(store::Transaction& tx, const Actor& actor,
                                                     const Assignment& wanted);

// Ends the time of who has the address at `at`, there. not_found if nobody has it.
[[nodiscard]] base::Result<directory::Terminal> release_terminal(store::Transaction& tx, const Actor& actor,
                                                                 const std::string& address,
                                                                 timing::UtcMs at);

// It never was the customer's who has it at `at`: the row stays in the history and counts for nothing. Needs
// a reason.
[[nodiscard]] base::Result<directory::Terminal> withdraw_terminal(store::Transaction& tx, const Actor& actor,
                                                                  const std::string& address,
                                                                  timing::UtcMs at);

// As a file says it, validity included: the customer's own row that overlaps is changed. conflict, naming the
// owner, if the address is another customer's at any moment of it.
[[nodiscard]] base::Result<Done> import_terminal(store::Transaction& tx, const Actor& actor,
                                                 const directory::Customer& customer,
                                                 directory::Terminal terminal);

}  // namespace collector::actions
