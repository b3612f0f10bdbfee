// Customers of the directory (directory.h), each with its mail domains.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "collector/directory/nouns.h"
#include "collector/store/directory.h"

namespace collector::store {

// By code. Its mail domains become exactly those of `customer`; conflict if another customer has one of
// them.
[[nodiscard]] base::Result<Put> upsert_customer(Transaction& transaction,
                                                const directory::Customer& customer);

// By code, with its domains.
[[nodiscard]] base::Result<std::optional<directory::Customer>> find_customer(Transaction& transaction,
                                                                             const std::string& code);

// All that have exactly this name, with their domains.
[[nodiscard]] base::Result<std::vector<directory::Customer>> customers_named(Transaction& transaction,
                                                                             const std::string& name);

// All, with their domains, in order of ids.
[[nodiscard]] base::Result<std::vector<directory::Customer>> list_customers(Transaction& transaction);

// The code of the customer who has this mail domain (lower case, without '@').
[[nodiscard]] base::Result<std::optional<std::string>> owner_of_domain(Transaction& transaction,
                                                                       const std::string& domain);

}  // namespace collector::store
