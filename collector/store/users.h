// People who may log in to the collector.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "collector/store/connection.h"
#include "common/timing/utc.h"

namespace collector::store {

struct UserRow {
  std::int64_t id = 0;
  std::string name;
  std::string role;           // "administrator"; the database knows no other.
  std::string password_hash;  // As the password hash function prints it.
  timing::UtcMs created;
};

// conflict if the name exists or the role is unknown.
[[nodiscard]] base::Result<std::int64_t> add_user(Transaction& transaction, const std::string& name,
                                                  const std::string& role, const std::string& password_hash,
                                                  timing::UtcMs when);

[[nodiscard]] base::Result<std::optional<UserRow>> find_user(Transaction& transaction,
                                                             const std::string& name);

}  // namespace collector::store
