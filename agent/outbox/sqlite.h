// The few SQLite calls the outbox needs, with ownership and named errors.
//
// One connection, one thread at a time. Every error carries what was attempted
// and SQLite's own text; a full disk is resource_exhausted, a damaged file is
// corrupt, a lock held by another program or a file that does not open is
// unavailable.

#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/result.h"

namespace agent::outbox {

struct CloseDatabase {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

using Database = std::unique_ptr<sqlite3, CloseDatabase>;

// `flags` are those of sqlite3_open_v2; `vfs` is the name of a registered one, empty for the system's.
[[nodiscard]] base::Result<Database> open_database(const std::string& path, int flags,
                                                   const std::string& vfs = {});

// Before the first write of a connection that will write (common/sqlite/durable_log.h).
[[nodiscard]] base::Status secure_log(sqlite3* db);

[[nodiscard]] base::Status execute(sqlite3* db, const char* sql);

// A prepared statement, used again and again: bind 1, 2, ... then step. It
// must not outlive its database. A failed bind shows in the next step.
class Statement {
 public:
  [[nodiscard]] static base::Result<Statement> prepare(sqlite3* db, std::string_view sql);

  Statement& bind(int index, std::int64_t value);
  Statement& bind_text(int index, std::string_view value);
  Statement& bind_blob(int index, std::string_view value);

  // True: a row is there. False: done; the statement is reset and may be bound again.
  [[nodiscard]] base::Result<bool> step();
  // For statements without rows: steps to the end.
  [[nodiscard]] base::Status run();

  std::int64_t integer(int column) const;
  std::string bytes(int column) const;

 private:
  explicit Statement(sqlite3_stmt* statement) : statement_{statement} {}
  std::unique_ptr<sqlite3_stmt, FinalizeStatement> statement_;
  int bind_result_ = SQLITE_OK;
};

// BEGIN IMMEDIATE on construction through begin(); rolls back unless committed.
class Transaction {
 public:
  [[nodiscard]] static base::Result<Transaction> begin(sqlite3* db);
  Transaction(Transaction&& other) noexcept : db_{std::exchange(other.db_, nullptr)} {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  [[nodiscard]] base::Status commit();

 private:
  explicit Transaction(sqlite3* db) : db_{db} {}
  sqlite3* db_;
};

}  // namespace agent::outbox
