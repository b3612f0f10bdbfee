// A disk in memory that can lose its power, or fail.
//
// What is written is seen at once and durable only after a sync, as on a real
// machine. A power cut loses, tears and reorders what was not synced: of each
// unsynced write any of its sectors may be there, in part, or as garbage inside
// the bytes that were written (SQLite's "powersafe overwrite": never outside of
// them). Names are the folder's: a file that was created or deleted and whose
// folder was not synced may be gone or back. Everything is decided by the seed.
//
// One thread.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace support::power {

// What a call of the file system answers. `sqlite` is SQLite's code for it.
enum class Fault { none, eio, enospc, short_write, power };

enum class Call { open, read, write, truncate, sync, remove, rename, size, look, map, lock };

class Disk {
 public:
  struct File {
    std::string seen;     // By every reader, while the power is on.
    std::string durable;  // After the next cut, at least.
    struct Change {
      std::size_t offset = 0;
      std::string bytes;
      bool truncates = false;  // To `offset`.
    };
    std::vector<Change> unsynced;
  };

  explicit Disk(std::uint64_t seed);

  // The power goes in front of the n-th call from now that changes something or syncs, n = 1, 2, ...
  void cut_power_at(std::uint64_t n);
  bool has_power() const { return powered_; }
  // The machine starts again; what was open must have been closed.
  void start_again();

  // The n-th call from now fails, or from then on each one. Only eio meets calls that do not write.
  void fail_at(std::uint64_t n, Fault fault, bool persistent);
  void heal() { fault_ = Fault::none; }

  // Calls so far, and those of them that read.
  std::uint64_t calls() const { return calls_; }
  std::uint64_t reads() const { return reads_; }
  // Calls so far that change something or sync.
  std::uint64_t changes() const { return changes_; }
  bool failed() const { return failed_; }

  // To be asked before each call; what it answers is the call's result.
  Fault begin(Call call);
  Fault last_fault() const { return last_fault_; }

  std::shared_ptr<File> find(const std::string& name) const;
  std::shared_ptr<File> create(const std::string& name);
  void remove(const std::string& name);
  // `from` must be there. A cut leaves both names as they were, or both as they are now.
  void rename(const std::string& from, const std::string& to);
  void sync_names();
  static void write(File& file, std::size_t offset, std::string_view bytes);
  static void truncate(File& file, std::size_t size);
  static void sync(File& file);
  // A sync that failed: the kernel may have given up the pages, and a later sync that succeeds says nothing
  // about them.
  static void lose_unsynced(File& file) { file.unsynced.clear(); }

  std::uint64_t random(std::uint64_t bound) { return random_() % bound; }

 private:
  using Names = std::map<std::string, std::shared_ptr<File>>;
  struct NameChange {
    std::string name;
    std::shared_ptr<File> file;    // None: deleted.
    std::string former_name = {};  // That it had until then, if it was renamed.
  };
  // How much of what is not synced outlives a cut.
  enum class Survival { nothing, everything, some };

  static void apply(std::string& bytes, const File::Change& change);
  bool survives(Survival survival) { return survival == Survival::everything || random(10) < 6; }
  void keep_sectors(std::string& bytes, const File::Change& change, std::size_t sector);
  std::string after_cut(const File& file, Survival survival, std::size_t sector);

  std::mt19937_64 random_;
  Names names_, durable_names_;
  std::vector<NameChange> unsynced_names_;
  bool powered_ = true;
  std::uint64_t calls_ = 0, reads_ = 0, changes_ = 0;
  std::uint64_t cut_at_ = 0;  // In `changes_`; 0: never.
  Fault fault_ = Fault::none, last_fault_ = Fault::none;
  std::uint64_t fail_in_ = 0;
  bool persistent_ = false, failed_ = false;
};

}  // namespace support::power
