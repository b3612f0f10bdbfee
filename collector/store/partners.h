// The partners of the directory.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/directory/nouns.h"
#include "collector/store/directory.h"

namespace collector::store {

// By code.
[[nodiscard]] base::Result<Put> upsert_partner(Transaction& transaction, const directory::Partner& partner);

[[nodiscard]] base::Result<std::optional<directory::Partner>> find_partner(Transaction& transaction,
                                                                           const std::string& code);

[[nodiscard]] base::Result<std::optional<directory::Partner>> find_partner_of_id(Transaction& transaction,
                                                                                 std::int64_t partner_id);

// All that have exactly this name.
[[nodiscard]] base::Result<std::vector<directory::Partner>> partners_named(Transaction& transaction,
                                                                           const std::string& name);

// All, in order of ids.
[[nodiscard]] base::Result<std::vector<directory::Partner>> list_partners(Transaction& transaction);

}  // namespace collector::store
