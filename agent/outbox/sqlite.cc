#include "agent/outbox/sqlite.h"

#ifdef _WIN32
#include <windows.h>
#else
#include <cerrno>
#endif

#include "common/sqlite/durable_log.h"

namespace agent::outbox {

using base::ErrorCode;
using base::fail;

namespace {

constexpr int kBusyTimeout_ms = 10'000;

ErrorCode code_of(int sqlite_result) {
  switch (sqlite_result & 0xff) {
    case SQLITE_FULL:
    case SQLITE_NOMEM: return ErrorCode::resource_exhausted;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return ErrorCode::corrupt;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CANTOPEN: return ErrorCode::unavailable;
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY: return ErrorCode::permission_denied;
    case SQLITE_CONSTRAINT: return ErrorCode::conflict;
    default: return ErrorCode::internal;
  }
}

// A full disk shows as SQLITE_FULL where SQLite writes, and only in the system's own number where it makes a
// file longer or creates one.
bool is_full(sqlite3* db) {
  const int number = db != nullptr ? sqlite3_system_errno(db) : 0;
#ifdef _WIN32
  return number == ERROR_DISK_FULL || number == ERROR_HANDLE_DISK_FULL;
#else
  return number == ENOSPC || number == EDQUOT;
#endif
}

std::unexpected<base::Error> failed(sqlite3* db, int result, const std::string& attempted) {
  const int kind = result & 0xff;
  if ((kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN) && is_full(db)) {
    return fail(ErrorCode::resource_exhausted, attempted + ": the disk is full");
  }
  const std::string why = db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(result);
  return fail(code_of(result), attempted + ": " + why);
}

}  // namespace

base::Result<Database> open_database(const std::string& path, int flags, const std::string& vfs) {
  sqlite3* raw = nullptr;
  const int result = sqlite3_open_v2(path.c_str(), &raw, flags, vfs.empty() ? nullptr : vfs.c_str());
  Database db{raw};
  if (result != SQLITE_OK) return failed(raw, result, "cannot open the outbox " + path);
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, kBusyTimeout_ms);
  return db;
}

base::Status secure_log(sqlite3* db) {
  const int result = sqlite::make_log_durable(db, kBusyTimeout_ms);
  const std::string attempted = "writing the outbox's log again";
  if (result == SQLITE_OK) return {};
  // SQLite itself was asked only a part of it, and its own text may be of an earlier call.
  if ((result & 0xff) == SQLITE_IOERR && is_full(db)) return failed(db, result, attempted);
  return failed(nullptr, result, attempted);
}

base::Status execute(sqlite3* db, const char* sql) {
  const int result = sqlite3_exec(db, sql, nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) return failed(db, result, "outbox database");
  return {};
}

base::Result<Statement> Statement::prepare(sqlite3* db, std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const int result = sqlite3_prepare_v3(db, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  // Our statements are constant: one that does not compile meets tables that are not ours.
  if (result == SQLITE_ERROR) {
    return fail(ErrorCode::corrupt, std::string{"outbox statement: "} + sqlite3_errmsg(db));
  }
  if (result != SQLITE_OK) return failed(db, result, "outbox statement");
  return Statement{raw};
}

Statement& Statement::bind(int index, std::int64_t value) {
  if (bind_result_ == SQLITE_OK) bind_result_ = sqlite3_bind_int64(statement_.get(), index, value);
  return *this;
}

Statement& Statement::bind_text(int index, std::string_view value) {
  if (bind_result_ == SQLITE_OK) {
    bind_result_ = sqlite3_bind_text64(statement_.get(), index, value.data(), value.size(), SQLITE_TRANSIENT,
                                       SQLITE_UTF8);
  }
  return *this;
}

Statement& Statement::bind_blob(int index, std::string_view value) {
  if (bind_result_ == SQLITE_OK) {
    // An empty view may have no address, which SQLite would take for NULL.
    const char* data = value.empty() ? "" : value.data();
    bind_result_ = sqlite3_bind_blob64(statement_.get(), index, data, value.size(), SQLITE_TRANSIENT);
  }
  return *this;
}

base::Result<bool> Statement::step() {
  sqlite3* db = sqlite3_db_handle(statement_.get());
  const int bound = std::exchange(bind_result_, SQLITE_OK);
  const int result = bound == SQLITE_OK ? sqlite3_step(statement_.get()) : bound;
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) {
    sqlite3_reset(statement_.get());
    return false;
  }
  auto error = failed(db, result, "outbox database");
  sqlite3_reset(statement_.get());
  return error;
}

base::Status Statement::run() {
  for (;;) {
    const auto row = step();
    if (!row) return std::unexpected{row.error()};
    if (!*row) return {};
  }
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string Statement::bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return data == nullptr ? std::string{}
                         : std::string{static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

base::Result<Transaction> Transaction::begin(sqlite3* db) {
  if (auto begun = execute(db, "BEGIN IMMEDIATE"); !begun) return std::unexpected{begun.error()};
  return Transaction{db};
}

Transaction::~Transaction() {
  // The transaction may be gone already, when a failed COMMIT rolled it back.
  if (db_ != nullptr && sqlite3_get_autocommit(db_) == 0) {
    sqlite3_exec(db_, "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

base::Status Transaction::commit() {
  if (auto done = execute(db_, "COMMIT"); !done) return done;
  db_ = nullptr;
  return {};
}

}  // namespace agent::outbox
