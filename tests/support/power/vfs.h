// An SQLite VFS over a Disk (disk.h): SQLite's calls, with the promises of its
// own VFS for Unix and no better ones.
//
// In particular the folder is synced only when that one does it: with the first
// sync of a new log, and where a deletion asks for it. Locks and the log's index
// are shared by the connections of this process and gone after a power cut.
//
// One thread at a time. Connections must be closed before their Vfs ends.

#pragma once

#include <sqlite3.h>

#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/power/disk.h"

namespace support::power {

// The index of a log, in memory all connections share.
struct SharedIndex {
  std::vector<std::unique_ptr<std::array<char, 32768>>> regions;
  std::array<int, SQLITE_SHM_NLOCK> locks{};  // Readers, or -1: one writer.
  int users = 0;
};

// Who gets the disk: connections that name it, or each one that this process opens meanwhile.
enum class For { who_asks, everyone };

class Vfs {
 public:
  // Registers itself with SQLite under name(). The disk must outlive it.
  explicit Vfs(Disk& disk, For whom = For::who_asks);
  Vfs(const Vfs&) = delete;
  Vfs& operator=(const Vfs&) = delete;
  ~Vfs();

  const std::string& name() const { return name_; }
  Disk& disk() { return disk_; }
  std::shared_ptr<SharedIndex> index_of(const std::string& file);
  void drop_index(const std::string& file) { indexes_.erase(file); }
  // How many connections hold a lock on the file itself.
  int& holders_of(const std::string& file) { return holders_[file]; }

 private:
  Disk& disk_;
  std::string name_;
  sqlite3_vfs vfs_{};
  std::map<std::string, std::shared_ptr<SharedIndex>> indexes_;
  std::map<std::string, int> holders_;
};

}  // namespace support::power
