#include "tests/support/power/vfs.h"

#include <algorithm>
#ifdef _WIN32
#include <windows.h>
#else
#include <cerrno>
#endif
#include <cstdio>
#include <cstring>
#include <new>
#include <utility>

namespace support::power {

namespace {

// One open file. SQLite gives the memory for it.
struct Handle : sqlite3_file {
  Vfs* vfs = nullptr;
  std::shared_ptr<Disk::File> file;
  std::string name;
  bool new_log = false;  // The next sync takes the folder with it.
  bool deleted_on_close = false;
  std::shared_ptr<SharedIndex> index;
  std::array<bool, SQLITE_SHM_NLOCK> reads{}, writes{};
  int locked = SQLITE_LOCK_NONE;
};

Handle& handle(sqlite3_file* file) {
  return *static_cast<Handle*>(file);
}
Vfs& owner(sqlite3_vfs* vfs) {
  return *static_cast<Vfs*>(vfs->pAppData);
}

// SQLite's code for a fault at this kind of call.
int code(Fault fault, int io_error) {
  return fault == Fault::enospc && io_error == SQLITE_IOERR_WRITE ? SQLITE_FULL : io_error;
}

int lock_file(Handle& self, int level) {
  int& holders = self.vfs->holders_of(self.name);
  const bool held = self.locked != SQLITE_LOCK_NONE;
  // Whoever is alone may close the log for good; the finer levels belong to rollback journals.
  if (level == SQLITE_LOCK_EXCLUSIVE && holders > (held ? 1 : 0)) return SQLITE_BUSY;
  holders += (level != SQLITE_LOCK_NONE ? 1 : 0) - (held ? 1 : 0);
  self.locked = level;
  return SQLITE_OK;
}

int close(sqlite3_file* file) {
  auto& self = handle(file);
  lock_file(self, SQLITE_LOCK_NONE);
  if (self.deleted_on_close && self.vfs->disk().has_power()) self.vfs->disk().remove(self.name);
  self.~Handle();
  return SQLITE_OK;
}

int read(sqlite3_file* file, void* to, int count, sqlite3_int64 offset) {
  auto& self = handle(file);
  if (const auto fault = self.vfs->disk().begin(Call::read); fault != Fault::none) {
    return code(fault, SQLITE_IOERR_READ);
  }
  const auto size = static_cast<std::size_t>(count), at = static_cast<std::size_t>(offset);
  const std::string& bytes = self.file->seen;
  const std::size_t there = at < bytes.size() ? std::min(size, bytes.size() - at) : 0;
  std::memset(to, 0, size);
  if (there > 0) std::memcpy(to, bytes.data() + at, there);
  return there == size ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* file, const void* from, int count, sqlite3_int64 offset) {
  auto& self = handle(file);
  const auto fault = self.vfs->disk().begin(Call::write);
  const std::string_view bytes{static_cast<const char*>(from), static_cast<std::size_t>(count)};
  const auto at = static_cast<std::size_t>(offset);
  if (fault == Fault::short_write) Disk::write(*self.file, at, bytes.substr(0, bytes.size() / 2));
  if (fault != Fault::none) return code(fault, SQLITE_IOERR_WRITE);
  Disk::write(*self.file, at, bytes);
  return SQLITE_OK;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  auto& self = handle(file);
  if (const auto fault = self.vfs->disk().begin(Call::truncate); fault != Fault::none) {
    return code(fault, SQLITE_IOERR_TRUNCATE);
  }
  Disk::truncate(*self.file, static_cast<std::size_t>(size));
  return SQLITE_OK;
}

int sync(sqlite3_file* file, int) {
  auto& self = handle(file);
  if (const auto fault = self.vfs->disk().begin(Call::sync); fault != Fault::none) {
    if (fault != Fault::power) Disk::lose_unsynced(*self.file);
    return code(fault, SQLITE_IOERR_FSYNC);
  }
  Disk::sync(*self.file);
  if (std::exchange(self.new_log, false)) self.vfs->disk().sync_names();
  return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  auto& self = handle(file);
  if (const auto fault = self.vfs->disk().begin(Call::size); fault != Fault::none) {
    return code(fault, SQLITE_IOERR_FSTAT);
  }
  *size = static_cast<sqlite3_int64>(self.file->seen.size());
  return SQLITE_OK;
}

// In WAL mode the log's index has the locks that matter; the file itself is only held shared.
int lock(sqlite3_file* file, int level) {
  auto& self = handle(file);
  if (self.vfs->disk().begin(Call::lock) != Fault::none) return SQLITE_IOERR_LOCK;
  return level > self.locked ? lock_file(self, level) : SQLITE_OK;
}
int unlock(sqlite3_file* file, int level) {
  return lock_file(handle(file), level);
}
int reserved(sqlite3_file*, int* out) {
  *out = 0;
  return SQLITE_OK;
}
int control(sqlite3_file*, int, void*) {
  return SQLITE_NOTFOUND;
}
int sector_size(sqlite3_file*) {
  return 4096;
}
int characteristics(sqlite3_file*) {
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

int shm_map(sqlite3_file* file, int region, int, int extend, void volatile** memory) {
  auto& self = handle(file);
  if (!self.index) {
    self.index = self.vfs->index_of(self.name);
    ++self.index->users;
  }
  *memory = nullptr;
  auto& regions = self.index->regions;
  const auto number = static_cast<std::size_t>(region);
  if (number >= regions.size() && extend == 0) return SQLITE_OK;
  if (number >= regions.size()) {
    if (const auto fault = self.vfs->disk().begin(Call::map); fault != Fault::none) {
      return code(fault, SQLITE_IOERR_SHMSIZE);
    }
  }
  while (number >= regions.size()) regions.push_back(std::make_unique<std::array<char, 32768>>());
  *memory = regions[number]->data();
  return SQLITE_OK;
}

void unlock_range(Handle& self, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; ++i) {
    if (std::exchange(self.writes[i], false)) self.index->locks[i] = 0;
    if (std::exchange(self.reads[i], false)) --self.index->locks[i];
  }
}

int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
  auto& self = handle(file);
  const auto from = static_cast<std::size_t>(offset), to = from + static_cast<std::size_t>(count);
  auto& locks = self.index->locks;
  if ((flags & SQLITE_SHM_UNLOCK) != 0) {
    unlock_range(self, from, to);
    return SQLITE_OK;
  }
  if (self.vfs->disk().begin(Call::lock) != Fault::none) return SQLITE_IOERR_SHMLOCK;
  const bool shared = (flags & SQLITE_SHM_SHARED) != 0;
  for (std::size_t i = from; i < to; ++i) {
    const bool own = self.reads[i] || self.writes[i];
    if (!own && (shared ? locks[i] < 0 : locks[i] != 0)) return SQLITE_BUSY;
  }
  for (std::size_t i = from; i < to; ++i) {
    if (self.reads[i] || self.writes[i]) continue;
    locks[i] = shared ? locks[i] + 1 : -1;
    (shared ? self.reads : self.writes)[i] = true;
  }
  return SQLITE_OK;
}

void shm_barrier(sqlite3_file*) {}

int shm_unmap(sqlite3_file* file, int) {
  auto& self = handle(file);
  if (!self.index) return SQLITE_OK;
  unlock_range(self, 0, SQLITE_SHM_NLOCK);
  if (--self.index->users == 0) self.vfs->drop_index(self.name);
  self.index.reset();
  return SQLITE_OK;
}

constexpr sqlite3_io_methods kMethods{.iVersion = 2,
                                      .xClose = close,
                                      .xRead = read,
                                      .xWrite = write,
                                      .xTruncate = truncate,
                                      .xSync = sync,
                                      .xFileSize = file_size,
                                      .xLock = lock,
                                      .xUnlock = unlock,
                                      .xCheckReservedLock = reserved,
                                      .xFileControl = control,
                                      .xSectorSize = sector_size,
                                      .xDeviceCharacteristics = characteristics,
                                      .xShmMap = shm_map,
                                      .xShmLock = shm_lock,
                                      .xShmBarrier = shm_barrier,
                                      .xShmUnmap = shm_unmap,
                                      .xFetch = nullptr,
                                      .xUnfetch = nullptr};

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  file->pMethods = nullptr;  // Not to be closed, if it fails.
  auto& disk = owner(vfs).disk();
  if (disk.begin(Call::open) != Fault::none) return SQLITE_CANTOPEN;
  auto found = name == nullptr ? std::make_shared<Disk::File>() : disk.find(name);
  if (!found && (flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
  if (!found) found = disk.create(name);
  auto* self = new (file) Handle;
  self->pMethods = &kMethods;
  self->vfs = &owner(vfs);
  self->file = std::move(found);
  self->name = name == nullptr ? "" : name;
  self->new_log =
      (flags & SQLITE_OPEN_CREATE) != 0 && (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
  self->deleted_on_close = name != nullptr && (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
  auto& disk = owner(vfs).disk();
  if (const auto fault = disk.begin(Call::remove); fault != Fault::none) {
    return code(fault, SQLITE_IOERR_DELETE);
  }
  if (!disk.find(name)) return SQLITE_IOERR_DELETE_NOENT;
  disk.remove(name);
  if (sync_folder != 0) disk.sync_names();
  return SQLITE_OK;
}

int access(sqlite3_vfs* vfs, const char* name, int, int* out) {
  auto& disk = owner(vfs).disk();
  if (const auto fault = disk.begin(Call::look); fault != Fault::none) {
    return code(fault, SQLITE_IOERR_ACCESS);
  }
  *out = disk.find(name) ? 1 : 0;
  return SQLITE_OK;
}

int full_name(sqlite3_vfs*, const char* name, int size, char* out) {
  return std::snprintf(out, static_cast<std::size_t>(size), "%s", name) < size ? SQLITE_OK : SQLITE_CANTOPEN;
}

// The log's salts come from here: the seed decides them, too.
int randomness(sqlite3_vfs* vfs, int count, char* out) {
  for (int i = 0; i < count; ++i) out[i] = static_cast<char>(owner(vfs).disk().random(256));
  return count;
}

int sleep(sqlite3_vfs*, int microseconds) {
  return microseconds;
}
int now(sqlite3_vfs*, double* julian_day) {
  *julian_day = 2461365.5;
  return SQLITE_OK;
}
// In the system's own numbers.
int last_error(sqlite3_vfs* vfs, int, char*) {
#ifdef _WIN32
  constexpr int full = ERROR_DISK_FULL, broken = ERROR_IO_DEVICE;
#else
  constexpr int full = ENOSPC, broken = EIO;
#endif
  return owner(vfs).disk().last_fault() == Fault::enospc ? full : broken;
}

}  // namespace

Vfs::Vfs(Disk& disk, For whom) : disk_{disk} {
  static int number = 0;
  name_ = "deskledger-power-" + std::to_string(++number);
  vfs_.iVersion = 1;
  vfs_.szOsFile = static_cast<int>(sizeof(Handle));
  vfs_.mxPathname = 1024;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.xOpen = open;
  vfs_.xDelete = remove;
  vfs_.xAccess = access;
  vfs_.xFullPathname = full_name;
  vfs_.xRandomness = randomness;
  vfs_.xSleep = sleep;
  vfs_.xCurrentTime = now;
  vfs_.xGetLastError = last_error;
  sqlite3_vfs_register(&vfs_, whom == For::everyone ? 1 : 0);
}

Vfs::~Vfs() {
  sqlite3_vfs_unregister(&vfs_);
}

std::shared_ptr<SharedIndex> Vfs::index_of(const std::string& file) {
  auto& index = indexes_[file];
  if (!index) index = std::make_shared<SharedIndex>();
  return index;
}

}  // namespace support::power
