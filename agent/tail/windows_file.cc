#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "agent/tail/system_files.h"
#include "common/base/path.h"

namespace agent::tail {

namespace {

using base::ErrorCode;
using base::fail;

ErrorCode code_of(DWORD error) {
  switch (error) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
    case ERROR_INVALID_NAME:
    case ERROR_DELETE_PENDING: return ErrorCode::not_found;
    case ERROR_ACCESS_DENIED:
    case ERROR_CANT_ACCESS_FILE: return ErrorCode::permission_denied;
    default: return ErrorCode::unavailable;
  }
}

std::unexpected<base::Error> fail_with(DWORD error, const std::string& attempted, const std::string& path) {
  return fail(code_of(error), attempted + " '" + path + "': Windows error " + std::to_string(error));
}

// For the system, whatever its length.
std::wstring wide(const std::string& text) {
  return base::extended(base::path_of(text)).wstring();
}

std::string narrow(const wchar_t* text) {
  const int needed = WideCharToMultiByte(CP_UTF8, 0, text, -1, nullptr, 0, nullptr, nullptr);
  if (needed <= 1) return {};
  std::string out(static_cast<std::size_t>(needed), '\0');
  WideCharToMultiByte(CP_UTF8, 0, text, -1, out.data(), needed, nullptr, nullptr);
  out.pop_back();  // The terminator.
  return out;
}

std::uint64_t join(DWORD high, DWORD low) {
  return (std::uint64_t{high} << 32) | low;
}

// FILETIME counts 100 ns since 1601-01-01.
constexpr std::int64_t kTicksFrom1601To1970 = 116'444'736'000'000'000;

std::int64_t unix_ticks(const FILETIME& time) {
  return static_cast<std::int64_t>(join(time.dwHighDateTime, time.dwLowDateTime)) - kTicksFrom1601To1970;
}

class Handle {
 public:
  explicit Handle(HANDLE handle) : handle_(handle) {}
  Handle(Handle&& other) noexcept : handle_(std::exchange(other.handle_, INVALID_HANDLE_VALUE)) {}
  Handle& operator=(Handle&&) = delete;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (valid()) CloseHandle(handle_);
  }
  [[nodiscard]] bool valid() const { return handle_ != INVALID_HANDLE_VALUE; }
  [[nodiscard]] HANDLE get() const { return handle_; }

 private:
  HANDLE handle_;
};

// Backup semantics let a folder open too, so that it is refused as what it is
// instead of as "access denied"; an open reparse point is refused below.
Handle open_shared(const std::string& path, DWORD access) {
  return Handle{CreateFileW(wide(path).c_str(), access,
                            FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
                            FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, nullptr)};
}

base::Result<FileState> state_of(HANDLE handle, const std::string& path) {
  BY_HANDLE_FILE_INFORMATION info{};
  if (GetFileInformationByHandle(handle, &info) == 0) return fail_with(GetLastError(), "looking at", path);
  if ((info.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0) {
    return fail(ErrorCode::permission_denied, "looking at '" + path + "': a link is not followed");
  }
  if ((info.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0) {
    return fail(ErrorCode::invalid_argument, "looking at '" + path + "': no regular file");
  }
  return FileState{.identity = {.device = info.dwVolumeSerialNumber,
                                .inode = join(info.nFileIndexHigh, info.nFileIndexLow),
                                .created_ms = unix_ticks(info.ftCreationTime) / 10'000},
                   .size = join(info.nFileSizeHigh, info.nFileSizeLow),
                   .mtime_ns = unix_ticks(info.ftLastWriteTime) * 100};
}

class WindowsFile final : public ReadableFile {
 public:
  WindowsFile(Handle handle, std::string path) : handle_(std::move(handle)), path_(std::move(path)) {}

  base::Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) override {
    std::size_t done = 0;
    while (done < into.size()) {
      const std::uint64_t at = offset + done;
      OVERLAPPED where{};
      where.Offset = static_cast<DWORD>(at & 0xffffffffU);
      where.OffsetHigh = static_cast<DWORD>(at >> 32);
      const std::size_t chunk_bytes_max = 1U << 30;
      DWORD got = 0;
      if (ReadFile(handle_.get(), into.data() + done,
                   static_cast<DWORD>(std::min(into.size() - done, chunk_bytes_max)), &got, &where) == 0) {
        const DWORD error = GetLastError();
        if (error == ERROR_HANDLE_EOF) break;
        return fail_with(error, "reading", path_);
      }
      if (got == 0) break;
      done += got;
    }
    return done;
  }

  base::Result<FileState> state() override { return state_of(handle_.get(), path_); }

 private:
  Handle handle_;
  std::string path_;
};

class WindowsFileSystem final : public FileSystem {
 public:
  base::Result<std::unique_ptr<ReadableFile>> open(const std::string& path) override {
    Handle handle = open_shared(path, GENERIC_READ);
    if (!handle.valid()) return fail_with(GetLastError(), "opening", path);
    auto file = std::make_unique<WindowsFile>(std::move(handle), path);
    if (const auto state = file->state(); !state) return std::unexpected{state.error()};
    return file;
  }

  base::Result<FileState> look_up(const std::string& path) override {
    const Handle handle = open_shared(path, FILE_READ_ATTRIBUTES);
    if (!handle.valid()) return fail_with(GetLastError(), "looking at", path);
    return state_of(handle.get(), path);
  }

  base::Result<std::vector<std::string>> list(const std::string& folder) override {
    WIN32_FIND_DATAW found{};
    const HANDLE search = FindFirstFileW(wide(folder + "\\*").c_str(), &found);
    if (search == INVALID_HANDLE_VALUE) return fail_with(GetLastError(), "listing", folder);
    std::vector<std::string> names;
    do {
      const std::string name = narrow(found.cFileName);
      if (name != "." && name != "..") names.push_back(name);
    } while (FindNextFileW(search, &found) != 0);
    const DWORD error = GetLastError();
    FindClose(search);
    if (error != ERROR_NO_MORE_FILES) return fail_with(error, "listing", folder);
    std::sort(names.begin(), names.end());
    return names;
  }
};

}  // namespace

std::unique_ptr<FileSystem> system_files() {
  return std::make_unique<WindowsFileSystem>();
}

}  // namespace agent::tail
