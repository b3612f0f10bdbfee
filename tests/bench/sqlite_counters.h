// What SQLite counts of one connection: steps of its virtual machine, rows of full scans, pages it had to
// read. Unlike seconds they are the same whatever else the machine does.

#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <vector>

namespace bench {

struct SqliteWork {
  std::int64_t steps = 0;       // Of SQLite's virtual machine.
  std::int64_t scanned = 0;     // Rows passed in full scans, of tables or of indexes.
  std::int64_t statements = 0;  // Runs.
  std::int64_t pages = 0;       // Read from the file.
  std::int64_t asked = 0;       // Pages needed, in the cache or not.
};

// Every connection that this program opens from then on is noted. Once, and not before the store has opened
// one: it could not set SQLite up as the product has it (session.cc).
inline std::vector<sqlite3*>& sqlite_connections() {
  static std::vector<sqlite3*> opened;
  static const auto note = [](sqlite3* database, const char**, const void*) {
    opened.push_back(database);
    return SQLITE_OK;
  };
  static const int registered = sqlite3_auto_extension(
      reinterpret_cast<void (*)()>(static_cast<int (*)(sqlite3*, const char**, const void*)>(note)));
  static_cast<void>(registered);
  return opened;
}

// Since it was asked last.
inline SqliteWork work_of(sqlite3* database) {
  SqliteWork work;
  for (auto* one = sqlite3_next_stmt(database, nullptr); one != nullptr;
       one = sqlite3_next_stmt(database, one)) {
    work.steps += sqlite3_stmt_status(one, SQLITE_STMTSTATUS_VM_STEP, 1);
    work.scanned += sqlite3_stmt_status(one, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1);
    work.statements += sqlite3_stmt_status(one, SQLITE_STMTSTATUS_RUN, 1);
  }
  const auto counted = [&](int what) {
    int now = 0, unused = 0;
    sqlite3_db_status(database, what, &now, &unused, 1);
    return static_cast<std::int64_t>(now);
  };
  work.pages = counted(SQLITE_DBSTATUS_CACHE_MISS);
  work.asked = work.pages + counted(SQLITE_DBSTATUS_CACHE_HIT);
  return work;
}

}  // namespace bench
