#include "common/sqlite/durable_log.h"

#include <sqlite3.h>

#include <algorithm>
#include <vector>

namespace sqlite {

namespace {

constexpr sqlite3_int64 kBlockBytes = 65'536;

int write_again(sqlite3_file& log) {
  sqlite3_int64 size = 0;
  if (const int result = log.pMethods->xFileSize(&log, &size); result != SQLITE_OK) return result;
  if (size == 0) return SQLITE_OK;
  std::vector<char> block(static_cast<std::size_t>(std::min(size, kBlockBytes)));
  for (sqlite3_int64 at = 0; at < size; at += kBlockBytes) {
    const int bytes = static_cast<int>(std::min(size - at, kBlockBytes));
    if (const int result = log.pMethods->xRead(&log, block.data(), bytes, at); result != SQLITE_OK)
      return result;
    if (const int result = log.pMethods->xWrite(&log, block.data(), bytes, at); result != SQLITE_OK)
      return result;
  }
  return log.pMethods->xSync(&log, SQLITE_SYNC_FULL);
}

// Holds the lock of whoever writes: nobody can append, or begin the log anew.
int begin(sqlite3* db, int busy_timeout_ms) {
  sqlite3_busy_timeout(db, 0);
  int result = sqlite3_exec(db, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
  sqlite3_busy_timeout(db, busy_timeout_ms);
  // Somebody who reads the log for the first time, too, has not written it again yet.
  if (result != SQLITE_OK && sqlite3_extended_errcode(db) == SQLITE_BUSY_RECOVERY) {
    result = sqlite3_exec(db, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
  }
  return result;
}

}  // namespace

int make_log_durable(sqlite3* db, int busy_timeout_ms) {
  if (sqlite3_db_readonly(db, "main") != 0) return SQLITE_OK;
  const int begun = begin(db, busy_timeout_ms);
  if (begun != SQLITE_OK) return (begun & 0xff) == SQLITE_BUSY ? SQLITE_OK : begun;
  sqlite3_file* log = nullptr;
  int result = sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, static_cast<void*>(&log));
  if (result == SQLITE_OK && log != nullptr && log->pMethods != nullptr) result = write_again(*log);
  const int ended = sqlite3_exec(db, "ROLLBACK", nullptr, nullptr, nullptr);
  return result != SQLITE_OK ? result : ended;
}

}  // namespace sqlite
