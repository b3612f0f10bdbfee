// Gives the disk back what acknowledged records take, for an outbox that has filled a small one itself.
//
// SQLite uses a removed record's pages again and never returns them. On a disk
// that only the outbox fills there would never be room for the reserve again,
// and the agent would never read on (reserve.h).
//
// Used by Outbox alone, on its thread.

#pragma once

#include <sqlite3.h>

#include <cstdint>

#include "common/base/result.h"

namespace agent::outbox {

// Of the acknowledged records, so many stay on a full disk, in place of Outbox::kKeptRecords.
inline constexpr std::uint64_t kKeptOnFullDisk = 100;
// What is in use may be so large, in bytes. SQLite writes all of it once more to make the file smaller, so
// it must fit into the room that the reserve left; a file with more waits until more is acknowledged.
inline constexpr std::int64_t kShrinkBytesMax = std::int64_t{2} * 1024 * 1024;

// Removes acknowledged records, in small transactions, then makes the file as small as what it holds. Does
// nothing if there is little to win. Failed or cut off by a power cut, it leaves the file larger than it
// could be and loses nothing. resource_exhausted if there is no room even for that.
[[nodiscard]] base::Status shrink(sqlite3* db, std::uint64_t acked_seq);

}  // namespace agent::outbox
