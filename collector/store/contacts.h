// The people at customers. A customer that has contacts has exactly one primary contact: the first one
// becomes it by itself, and another one takes it over.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/directory/nouns.h"
#include "collector/store/directory.h"

namespace collector::store {

// By customer and address. A customer's first contact is primary whatever `contact` says; one that says
// primary takes it from who had it; the primary contact stays it though `contact` does not say so.
[[nodiscard]] base::Result<Put> upsert_contact(Transaction& transaction, const directory::Contact& contact);

[[nodiscard]] base::Result<std::optional<directory::Contact>> find_contact(Transaction& transaction,
                                                                           std::int64_t customer_id,
                                                                           const std::string& email);

// Of one customer, or of all (0), the primary one of each first.
[[nodiscard]] base::Result<std::vector<directory::Contact>> list_contacts(Transaction& transaction,
                                                                          std::int64_t customer_id);

// conflict if it is the primary contact and the customer has others.
[[nodiscard]] base::Status remove_contact(Transaction& transaction, const directory::Contact& contact);

}  // namespace collector::store
