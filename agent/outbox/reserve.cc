#include "agent/outbox/reserve.h"

#ifdef __linux__
#include <fcntl.h>
#include <unistd.h>
#endif

#include <fstream>
#include <string>
#include <system_error>
#include <vector>

namespace agent::outbox {

namespace {

#ifdef __linux__

// Blocks without writing them, on the file systems that can; the C library writes them on the others.
bool allocate(const std::filesystem::path& path, std::uint64_t bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return false;
  const int failed = ::posix_fallocate(file, 0, static_cast<off_t>(bytes));
  return ::close(file) == 0 && failed == 0;
}

#else

// Bytes that no compressing file system makes smaller.
bool allocate(const std::filesystem::path& path, std::uint64_t bytes) {
  std::ofstream file{path, std::ios::binary | std::ios::trunc};
  std::vector<char> block(std::size_t{64} * 1024);
  std::uint64_t random = 0x9E3779B97F4A7C15;
  for (std::uint64_t written = 0; written < bytes && file; written += block.size()) {
    for (auto& byte : block) {
      random ^= random << 13;
      random ^= random >> 7;
      random ^= random << 17;
      byte = static_cast<char>(random);
    }
    file.write(block.data(), static_cast<std::streamsize>(block.size()));
  }
  file.close();
  return !file.fail();
}

#endif

}  // namespace

base::Status Reserve::fill() const {
  if (bytes_ == 0) return {};
  std::error_code error;
  if (std::filesystem::file_size(path_, error) >= bytes_ && !error) return {};
  const auto space = std::filesystem::space(path_.parent_path(), error);
  // What cannot be asked, as behind Windows' \\?\, the allocation finds out.
  const bool room = error || space.available >= bytes_ + kSpareBytes;
  if (room && allocate(path_, bytes_)) return {};
  release();
  return base::fail(base::ErrorCode::resource_exhausted,
                    "the disk is full: " + path_.parent_path().string() + " needs " +
                        std::to_string((bytes_ + kSpareBytes) / 1024 / 1024) + " MiB of free space");
}

bool Reserve::release() const {
  if (bytes_ == 0) return false;
  std::error_code ignored;
  return std::filesystem::remove(path_, ignored);
}

}  // namespace agent::outbox
