#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#ifdef __linux__
#include <sys/sysmacros.h>
#endif

#include "agent/tail/system_files.h"

namespace agent::tail {

namespace {

using base::ErrorCode;
using base::fail;

ErrorCode code_of(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR: return ErrorCode::not_found;
    case EACCES:
    case EPERM:
    case ELOOP: return ErrorCode::permission_denied;
    default: return ErrorCode::unavailable;
  }
}

std::unexpected<base::Error> fail_with(int error, const std::string& attempted, const std::string& path) {
  return fail(code_of(error), attempted + " '" + path + "': " + std::generic_category().message(error));
}

constexpr std::int64_t kNsPerSecond = 1'000'000'000;

#ifdef __linux__
// statx instead of stat: only it tells when a file was created.
base::Result<FileState> state_of(int at, const char* name, int flags, const std::string& path) {
  struct statx s{};
  if (::statx(at, name, flags | AT_STATX_SYNC_AS_STAT, STATX_BASIC_STATS | STATX_BTIME, &s) != 0) {
    return fail_with(errno, "looking at", path);
  }
  if (!S_ISREG(s.stx_mode)) {
    if (S_ISLNK(s.stx_mode)) return fail_with(ELOOP, "looking at", path);
    return fail(ErrorCode::invalid_argument, "looking at '" + path + "': no regular file");
  }
  std::int64_t created_ms = 0;
  if ((s.stx_mask & STATX_BTIME) != 0) {
    created_ms = std::int64_t{s.stx_btime.tv_sec} * 1000 + std::int64_t{s.stx_btime.tv_nsec} / 1'000'000;
  }
  return FileState{.identity = {.device = std::uint64_t{makedev(s.stx_dev_major, s.stx_dev_minor)},
                                .inode = s.stx_ino,
                                .created_ms = created_ms},
                   .size = s.stx_size,
                   .mtime_ns = std::int64_t{s.stx_mtime.tv_sec} * kNsPerSecond + s.stx_mtime.tv_nsec};
}

base::Result<FileState> state_of(int descriptor, const std::string& path) {
  return state_of(descriptor, "", AT_EMPTY_PATH, path);
}

base::Result<FileState> state_at(const std::string& path) {
  return state_of(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW, path);
}
#else
base::Result<FileState> to_state(const struct stat& s, const std::string& path) {
  if (!S_ISREG(s.st_mode)) {
    if (S_ISLNK(s.st_mode)) return fail_with(ELOOP, "looking at", path);
    return fail(ErrorCode::invalid_argument, "looking at '" + path + "': no regular file");
  }
#ifdef __APPLE__
  const std::int64_t created_ms =
      std::int64_t{s.st_birthtimespec.tv_sec} * 1000 + s.st_birthtimespec.tv_nsec / 1'000'000;
  const std::int64_t mtime_ns = std::int64_t{s.st_mtimespec.tv_sec} * kNsPerSecond + s.st_mtimespec.tv_nsec;
#else
  const std::int64_t created_ms = 0;
  const std::int64_t mtime_ns = std::int64_t{s.st_mtim.tv_sec} * kNsPerSecond + s.st_mtim.tv_nsec;
#endif
  return FileState{.identity = {.device = static_cast<std::uint64_t>(s.st_dev),
                                .inode = static_cast<std::uint64_t>(s.st_ino),
                                .created_ms = created_ms},
                   .size = static_cast<std::uint64_t>(s.st_size),
                   .mtime_ns = mtime_ns};
}

base::Result<FileState> state_of(int descriptor, const std::string& path) {
  struct stat s{};
  if (::fstat(descriptor, &s) != 0) return fail_with(errno, "looking at", path);
  return to_state(s, path);
}

base::Result<FileState> state_at(const std::string& path) {
  struct stat s{};
  if (::lstat(path.c_str(), &s) != 0) return fail_with(errno, "looking at", path);
  return to_state(s, path);
}
#endif

class PosixFile final : public ReadableFile {
 public:
  PosixFile(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
  ~PosixFile() override { ::close(descriptor_); }
  PosixFile(const PosixFile&) = delete;
  PosixFile& operator=(const PosixFile&) = delete;

  base::Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) override {
    std::size_t done = 0;
    while (done < into.size()) {
      const auto got =
          ::pread(descriptor_, into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
      if (got == 0) break;
      if (got < 0) {
        if (errno == EINTR) continue;
        return fail_with(errno, "reading", path_);
      }
      done += static_cast<std::size_t>(got);
    }
    return done;
  }

  base::Result<FileState> state() override { return state_of(descriptor_, path_); }

 private:
  int descriptor_;
  std::string path_;
};

// O_NONBLOCK keeps a named pipe at the path from holding the agent up. O_NOFOLLOW:
// the agent may run as root, and a user's link must not show it another's file.
int open_read_only(const std::string& path) {
  constexpr int kFlags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW;
#ifdef O_NOATIME
  const int quiet = ::open(path.c_str(), kFlags | O_NOATIME);
  if (quiet >= 0 || errno != EPERM) return quiet;
#endif
  return ::open(path.c_str(), kFlags);
}

class PosixFileSystem final : public FileSystem {
 public:
  base::Result<std::unique_ptr<ReadableFile>> open(const std::string& path) override {
    const int descriptor = open_read_only(path);
    if (descriptor < 0) return fail_with(errno, "opening", path);
    auto file = std::make_unique<PosixFile>(descriptor, path);
    if (const auto state = file->state(); !state) return std::unexpected{state.error()};
    return file;
  }

  base::Result<FileState> look_up(const std::string& path) override { return state_at(path); }

  base::Result<std::vector<std::string>> list(const std::string& folder) override {
    std::error_code error;
    std::vector<std::string> names;
    std::filesystem::directory_iterator at(folder, error);
    while (!error && at != std::filesystem::directory_iterator{}) {
      names.push_back(at->path().filename().string());
      at.increment(error);
    }
    if (error) return fail_with(error.value(), "listing", folder);
    std::sort(names.begin(), names.end());
    return names;
  }
};

}  // namespace

std::unique_ptr<FileSystem> system_files() {
  return std::make_unique<PosixFileSystem>();
}

}  // namespace agent::tail
