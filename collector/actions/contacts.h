// Contacts: added, changed, imported, removed.

#pragma once

#include <string>

#include "collector/actions/master_data.h"
#include "collector/directory/nouns.h"

namespace collector::actions {

// By `customer` and the contact's address. First name, surname and address are needed. The first contact of a
// customer is primary; one that says `primary` takes it from who had it, which is a change of that one, too.
[[nodiscard]] base::Result<Done> put_contact(store::Transaction& tx, const Actor& actor, Way way,
                                             const directory::Customer& customer, directory::Contact contact);

// conflict if it is the primary contact and there are others: another one must be made primary first.
[[nodiscard]] base::Status remove_contact(store::Transaction& tx, const Actor& actor,
                                          const directory::Customer& customer, const std::string& email);

}  // namespace collector::actions
