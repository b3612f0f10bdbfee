#include "agent/outbox/shrink.h"

#include "agent/outbox/schema.h"
#include "agent/outbox/sqlite.h"

namespace agent::outbox {

namespace {

// Records that one transaction removes: their pages fit into the log.
constexpr std::int64_t kSlice = 512;
// Below it the file stays as it is: shrinking is tried again with each append while the disk is full.
constexpr std::int64_t kWinBytesMin = std::int64_t{256} * 1024;

base::Status remove_to(sqlite3* db, std::int64_t last) {
  auto statement =
      Statement::prepare(db, "DELETE FROM record WHERE seq <= ? AND seq < (SELECT min(seq) FROM record) + ?");
  if (!statement) return std::unexpected{statement.error()};
  do {
    if (auto done = statement->bind(1, last).bind(2, kSlice).run(); !done) return done;
  } while (sqlite3_changes(db) > 0);
  return {};
}

// One that reads the status at this moment keeps the log in use; it is emptied the next time.
base::Status empty_log(sqlite3* db) {
  return execute(db, "PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace

base::Status shrink(sqlite3* db, std::uint64_t acked_seq) {
  if (acked_seq > kKeptOnFullDisk) {
    const auto last = static_cast<std::int64_t>(acked_seq - kKeptOnFullDisk);
    if (auto done = remove_to(db, last); !done) return done;
  }
  const auto page_bytes = one_integer(db, "PRAGMA page_size");
  if (!page_bytes) return std::unexpected{page_bytes.error()};
  const auto pages = one_integer(db, "PRAGMA page_count");
  if (!pages) return std::unexpected{pages.error()};
  const auto unused = one_integer(db, "PRAGMA freelist_count");
  if (!unused) return std::unexpected{unused.error()};
  if (*unused * *page_bytes < kWinBytesMin || (*pages - *unused) * *page_bytes > kShrinkBytesMax) return {};
  if (auto done = empty_log(db); !done) return done;
  if (auto done = execute(db, "VACUUM"); !done) return done;
  return empty_log(db);
}

}  // namespace agent::outbox
