#include "tests/support/power/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <map>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace support::power {

namespace {

struct Open {
  std::shared_ptr<Disk::File> file;  // None: the folder.
  std::size_t at = 0;
};

struct Mounted {
  Disk& disk;
  std::map<int, Open> open = {};
  int next = 1 << 24;  // No descriptor of the system's has such a number.
};
std::unique_ptr<Mounted> mounted;

bool is_ours(const char* path) {
  return mounted && std::string_view{path}.starts_with(Files::kFolder);
}
bool is_ours(int descriptor) {
  return mounted && mounted->open.contains(descriptor);
}

int refuse(int error) {
  errno = error;
  return -1;
}
int refuse(Fault fault) {
  return refuse(fault == Fault::enospc ? ENOSPC : EIO);
}

int open_ours(const std::string& path, int flags) {
  if (const auto fault = mounted->disk.begin(Call::open); fault != Fault::none) return refuse(fault);
  Open opened;
  if (path != Files::kFolder) {
    opened.file = mounted->disk.find(path);
    if (opened.file && (flags & O_EXCL) != 0) return refuse(EEXIST);
    if (!opened.file && (flags & O_CREAT) == 0) return refuse(ENOENT);
    if (!opened.file) opened.file = mounted->disk.create(path);
  }
  mounted->open[++mounted->next] = std::move(opened);
  return mounted->next;
}

ssize_t read_ours(Open& from, char* to, std::size_t size) {
  if (const auto fault = mounted->disk.begin(Call::read); fault != Fault::none) return refuse(fault);
  const std::string& bytes = from.file->seen;
  const auto got = bytes.copy(to, size, std::min(from.at, bytes.size()));
  from.at += got;
  return static_cast<ssize_t>(got);
}

// A short write is no error here: whoever writes must go on behind it.
ssize_t write_ours(Open& to, std::string_view bytes) {
  const auto fault = mounted->disk.begin(Call::write);
  if (fault == Fault::short_write) {
    bytes = bytes.substr(0, std::max<std::size_t>(1, bytes.size() / 2));
  } else if (fault != Fault::none) {
    return refuse(fault);
  }
  Disk::write(*to.file, to.at, bytes);
  to.at += bytes.size();
  return static_cast<ssize_t>(bytes.size());
}

int sync_ours(const Open& what) {
  if (const auto fault = mounted->disk.begin(Call::sync); fault != Fault::none) {
    if (fault != Fault::power && what.file) Disk::lose_unsynced(*what.file);
    return refuse(fault);
  }
  what.file ? Disk::sync(*what.file) : mounted->disk.sync_names();
  return 0;
}

int remove_ours(const std::string& path) {
  if (const auto fault = mounted->disk.begin(Call::remove); fault != Fault::none) return refuse(fault);
  if (!mounted->disk.find(path)) return refuse(ENOENT);
  mounted->disk.remove(path);
  return 0;
}

int rename_ours(const std::string& from, const std::string& to) {
  if (const auto fault = mounted->disk.begin(Call::rename); fault != Fault::none) return refuse(fault);
  if (!mounted->disk.find(from)) return refuse(ENOENT);
  mounted->disk.rename(from, to);
  return 0;
}

}  // namespace

Files::Files(Disk& disk) : disk_{disk} {
  if (mounted) throw std::logic_error{"one disk at a time"};
  mounted = std::make_unique<Mounted>(Mounted{.disk = disk});
}

Files::~Files() {
  mounted.reset();
}

std::optional<std::string> Files::seen(const std::filesystem::path& path) const {
  const auto file = disk_.find(path.string());
  return file ? std::optional{file->seen} : std::nullopt;
}

}  // namespace support::power

// The linker gives these names: calls of `open` become calls of `__wrap_open`, and `__real_open` is `open`.
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" {

int __real_open(const char* path, int flags, ...);
int __real_close(int descriptor);
ssize_t __real_read(int descriptor, void* to, std::size_t size);
ssize_t __real_write(int descriptor, const void* from, std::size_t size);
int __real_fsync(int descriptor);
int __real_unlink(const char* path);
int __real_rename(const char* from, const char* to);

using namespace support::power;

int __wrap_open(const char* path, int flags, ...) {
  unsigned mode = 0;
  if ((flags & O_CREAT) != 0) {
    va_list further;
    va_start(further, flags);
    mode = va_arg(further, unsigned);
    va_end(further);
  }
  return is_ours(path) ? open_ours(path, flags) : __real_open(path, flags, mode);
}

int __wrap_close(int descriptor) {
  if (!is_ours(descriptor)) return __real_close(descriptor);
  mounted->open.erase(descriptor);
  return 0;
}

ssize_t __wrap_read(int descriptor, void* to, std::size_t size) {
  if (!is_ours(descriptor)) return __real_read(descriptor, to, size);
  return read_ours(mounted->open[descriptor], static_cast<char*>(to), size);
}

ssize_t __wrap_write(int descriptor, const void* from, std::size_t size) {
  if (!is_ours(descriptor)) return __real_write(descriptor, from, size);
  return write_ours(mounted->open[descriptor], {static_cast<const char*>(from), size});
}

int __wrap_fsync(int descriptor) {
  return is_ours(descriptor) ? sync_ours(mounted->open[descriptor]) : __real_fsync(descriptor);
}

int __wrap_unlink(const char* path) {
  return is_ours(path) ? remove_ours(path) : __real_unlink(path);
}

int __wrap_rename(const char* from, const char* to) {
  return is_ours(from) ? rename_ours(from, to) : __real_rename(from, to);
}
}
// NOLINTEND(bugprone-reserved-identifier)
