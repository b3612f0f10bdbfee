// The schema's history: numbered migrations, forward only, never edited.
//
// Both dialects have the same numbers and end with the same tables and
// columns. What was applied stands in the table schema_migration with its
// digest.

#pragma once

#include <span>
#include <string_view>

#include "collector/store/connection.h"
#include "common/timing/utc.h"

namespace collector::store {

struct Migration {
  int number;  // 1, 2, 3 ... without holes.
  std::string_view name;
  std::string_view text;    // One or several statements of one dialect.
  std::string_view sha256;  // Of `text`, lower-case hexadecimal.
};

// What this program knows, in order of number.
std::span<const Migration> migrations(Dialect dialect);

// Brings the database up to `known`, all in one transaction: afterwards either
// every migration is applied or none more than before. Harmless when there is
// nothing to do, and when several processes try at once.
//
// Refuses with conflict, changing nothing, if the database is newer than
// `known`, or if a migration that was applied reads differently today. The
// message says what to do; nobody may go on with such a database.
[[nodiscard]] base::Status migrate(Connection& connection, timing::UtcMs now);
[[nodiscard]] base::Status migrate(Connection& connection, timing::UtcMs now,
                                   std::span<const Migration> known);

// The number of the newest migration applied; 0 for an empty database.
[[nodiscard]] base::Result<int> schema_version(Connection& connection);

}  // namespace collector::store
