#include "agent/outbox/schema.h"

#include <string>

#include "agent/outbox/sqlite.h"

namespace agent::outbox {

using base::ErrorCode;
using base::fail;

namespace {

// cache_size in KiB, negative: the agent must stay small, and the outbox's pages are few.
constexpr const char* kPragmas =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA fullfsync=1;"
    "PRAGMA cache_size=-256; PRAGMA wal_autocheckpoint=256; PRAGMA journal_size_limit=1048576;"
    "PRAGMA temp_store=MEMORY;";

constexpr const char* kSchema = R"sql(
CREATE TABLE IF NOT EXISTS record (seq INTEGER PRIMARY KEY, hash BLOB NOT NULL, body BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS chain (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1), epoch INTEGER NOT NULL, next_seq INTEGER NOT NULL,
  head BLOB NOT NULL, acked_seq INTEGER NOT NULL CHECK (acked_seq < next_seq)) STRICT;
CREATE TABLE IF NOT EXISTS source (name TEXT PRIMARY KEY, position BLOB NOT NULL, builder BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS memory (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS status (name TEXT PRIMARY KEY, value TEXT NOT NULL, at_ms INTEGER NOT NULL) STRICT;
)sql";

// 8 MiB: checked in some 10 ms.
constexpr std::int64_t kQuickCheckPages = 2048;

base::Status expect_ok(sqlite3* db, const std::string& pragma) {
  auto statement = Statement::prepare(db, pragma);
  if (!statement) return std::unexpected{statement.error()};
  const auto row = statement->step();
  if (!row) return std::unexpected{row.error()};
  const std::string verdict = *row ? statement->bytes(0) : "no answer";
  if (verdict == "ok") return {};
  return fail(ErrorCode::corrupt, verdict);
}

}  // namespace

base::Result<std::int64_t> one_integer(sqlite3* db, const char* sql) {
  auto statement = Statement::prepare(db, sql);
  if (!statement) return std::unexpected{statement.error()};
  const auto row = statement->step();
  if (!row) return std::unexpected{row.error()};
  return *row ? statement->integer(0) : 0;
}

base::Result<std::int64_t> schema_version(sqlite3* db, const std::filesystem::path& path) {
  // Reading the version is the first touch of the file: rubbish shows here as corrupt.
  const auto version = one_integer(db, "PRAGMA user_version");
  if (!version) return std::unexpected{version.error()};
  if (*version <= kSchemaVersion) return *version;
  return fail(ErrorCode::conflict, "the outbox " + path.string() + " was written by a newer agent (schema " +
                                       std::to_string(*version) + ", this one knows " +
                                       std::to_string(kSchemaVersion) + "): install that version again");
}

base::Status configure(sqlite3* db) {
  if (auto done = execute(db, kPragmas); !done) return done;
  return secure_log(db);
}

base::Status migrate(sqlite3* db, std::int64_t version, std::uint32_t epoch) {
  if (version == kSchemaVersion) return {};
  auto transaction = Transaction::begin(db);
  if (!transaction) return std::unexpected{transaction.error()};
  if (auto done = execute(db, kSchema); !done) return done;
  auto first = Statement::prepare(db, "INSERT OR IGNORE INTO chain VALUES (1, ?, 1, zeroblob(32), 0)");
  if (!first) return std::unexpected{first.error()};
  if (auto done = first->bind(1, epoch).run(); !done) return done;
  const std::string set_version = "PRAGMA user_version=" + std::to_string(kSchemaVersion);
  if (auto done = execute(db, set_version.c_str()); !done) return done;
  return transaction->commit();
}

base::Status quick_check(sqlite3* db) {
  const auto pages = one_integer(db, "PRAGMA page_count");
  if (!pages) return std::unexpected{pages.error()};
  if (*pages <= kQuickCheckPages) return expect_ok(db, "PRAGMA quick_check(1)");
  for (const std::string table : {"chain", "source", "counter", "memory", "status"}) {
    if (auto sound = expect_ok(db, "PRAGMA quick_check(" + table + ")"); !sound) return sound;
  }
  return {};
}

}  // namespace agent::outbox
