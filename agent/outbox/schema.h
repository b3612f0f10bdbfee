// The tables of the outbox and how they came to be (docs/formats/outbox.md).

#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>

#include "common/base/result.h"

namespace agent::outbox {

// 2: the table of memories. A file of version 1 gets it when it is opened.
inline constexpr std::int64_t kSchemaVersion = 2;

// The first number of a statement's first row; 0 if there is no row.
[[nodiscard]] base::Result<std::int64_t> one_integer(sqlite3* db, const char* sql);

// The file's version; 0: there is nothing in it yet. conflict if a newer agent wrote it, corrupt if it is no
// database.
[[nodiscard]] base::Result<std::int64_t> schema_version(sqlite3* db, const std::filesystem::path& path);

// How the agent's own connection behaves: durable, small in memory, a short log.
[[nodiscard]] base::Status configure(sqlite3* db);

// Brings the file from `version` to kSchemaVersion, in one transaction. A file that has it is not written to:
// it must open on a full disk, too.
[[nodiscard]] base::Status migrate(sqlite3* db, std::int64_t version, std::uint32_t epoch);

// SQLite's own check of a file that is small enough to be checked in a moment, of the tables that are always
// small in a larger one. Finds torn pages, not flipped bits of a body: the chain is there for those.
[[nodiscard]] base::Status quick_check(sqlite3* db);

}  // namespace agent::outbox
