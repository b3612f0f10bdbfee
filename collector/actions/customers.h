// Customers: added, changed, imported.

#pragma once

#include "collector/actions/master_data.h"
#include "collector/directory/nouns.h"

namespace collector::actions {

// By code. Only the name is needed: without a code one is made of it (made_code.h), and an import finds by
// name who is meant. conflict if another customer has one of the mail domains.
[[nodiscard]] base::Result<Done> put_customer(store::Transaction& tx, const Actor& actor, Way way,
                                              directory::Customer customer);

// not_found, with the nearest code, if there is none.
[[nodiscard]] base::Result<directory::Customer> the_customer(store::Transaction& tx, const std::string& code);

}  // namespace collector::actions
