#include "common/sqlite/durable_log.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>

#include "tests/support/power/vfs.h"

namespace {

using support::power::Disk;
using support::power::Fault;
using support::power::Vfs;

struct Close {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};
using Database = std::unique_ptr<sqlite3, Close>;

int run(sqlite3* db, const char* sql) {
  return sqlite3_exec(db, sql, nullptr, nullptr, nullptr);
}

Database open(bool secured) {
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open("/durable.db", &raw);
  Database db{raw};
  if (opened != SQLITE_OK || run(raw, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL") != SQLITE_OK)
    return {};
  if (secured && sqlite::make_log_durable(raw, 100) != SQLITE_OK) return {};
  return db;
}

int count(sqlite3* db) {
  int rows = -1;
  const auto read = [](void* to, int, char** values, char**) {
    *static_cast<int*>(to) = std::stoi(values[0]);
    return 0;
  };
  return sqlite3_exec(db, "SELECT count(*) FROM t", read, &rows, nullptr) == SQLITE_OK ? rows : -1;
}

enum class End { held, lost, nothing_failed };

// One life whose n-th call and all behind it fail, a second one that is promised a row, and a power cut.
End live(std::uint64_t n, bool secured) {
  Disk disk{n};
  const Vfs vfs{disk, support::power::For::everyone};
  if (auto db = open(true); !db || run(db.get(), "CREATE TABLE t (x)") != SQLITE_OK) return End::lost;
  disk.fail_at(n, Fault::eio, true);
  if (auto db = open(secured)) run(db.get(), "INSERT INTO t VALUES (zeroblob(9000))");
  const bool failed = disk.failed();
  disk.heal();
  int promised = 0;
  {
    auto db = open(secured);
    EXPECT_TRUE(db);
    EXPECT_EQ(run(db.get(), "INSERT INTO t VALUES (2)"), SQLITE_OK);
    promised = count(db.get());
    disk.cut_power_at(1);
  }
  disk.start_again();
  const auto db = open(secured);
  EXPECT_TRUE(db);
  const bool held = count(db.get()) == promised;
  return !held ? End::lost : failed ? End::held : End::nothing_failed;
}

TEST(DurableLog, WhatASyncThatFailedLeftBehindIsNotBuiltOn) {
  int lost_without = 0;
  std::uint64_t n = 1;
  for (;; ++n) {
    const auto end = live(n, true);
    EXPECT_NE(end, End::lost) << "call " << n;
    if (end == End::nothing_failed) break;
    if (live(n, false) == End::lost) ++lost_without;
  }
  EXPECT_GT(n, 20u);
  // The harm is real: without, SQLite loses a row it has promised.
  EXPECT_GT(lost_without, 0);
}

TEST(DurableLog, DisturbsNobodyWhoWrites) {
  Disk disk{1};
  const Vfs vfs{disk, support::power::For::everyone};
  const auto writer = open(true), reader = open(true);
  ASSERT_TRUE(writer && reader);
  ASSERT_EQ(run(writer.get(), "CREATE TABLE t (x); BEGIN IMMEDIATE; INSERT INTO t VALUES (1)"), SQLITE_OK);
  const auto changes = disk.changes();
  EXPECT_EQ(sqlite::make_log_durable(reader.get(), 100), SQLITE_OK);
  EXPECT_EQ(disk.changes(), changes);
  EXPECT_EQ(run(writer.get(), "COMMIT"), SQLITE_OK);
  EXPECT_EQ(sqlite::make_log_durable(reader.get(), 100), SQLITE_OK);
  EXPECT_GT(disk.changes(), changes);
  EXPECT_EQ(count(reader.get()), 1);
}

TEST(DurableLog, HasNothingToDoWithoutALog) {
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(":memory:", &raw), SQLITE_OK);
  const Database db{raw};
  EXPECT_EQ(sqlite::make_log_durable(raw, 100), SQLITE_OK);
}

}  // namespace
