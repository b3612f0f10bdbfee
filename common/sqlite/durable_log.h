// What a database's write-ahead log holds is on the disk, before anybody builds on it.
//
// A sync that fails has told its writer once, and the kernel may have given up the pages and call them clean:
// they are still read from memory, and are gone at the next power cut. SQLite rolls the transaction back, so
// within that process nothing follows from it. The next process finds whole frames in the log, takes the
// transaction for committed and appends behind it; its own syncs succeed, and a power cut loses all of it,
// because recovery stops at the first frame that is missing. (Rebello and others, "Can Applications Recover
// from fsync Failures?", USENIX ATC 2020.)

#pragma once

struct sqlite3;

namespace sqlite {

// Writes the whole log of `db` again, byte for byte, and syncs it; a few megabytes at most. To be called when
// a database in WAL mode is opened for writing, outside a transaction, before anything is written or told.
// Nothing happens if there is no log, or if somebody else is writing: whoever writes has done this before.
// Leaves `busy_timeout_ms` as the connection's.
//
// SQLite's result code; SQLITE_OK is 0. Readers and writers of other connections are not disturbed.
[[nodiscard]] int make_log_durable(sqlite3* db, int busy_timeout_ms);

}  // namespace sqlite
