#include "tests/support/trace/replay.h"

#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

namespace support::trace {

using base::ErrorCode;
using base::fail;

base::Status LiveFile::append(std::string_view bytes) {
  {
    std::ofstream out{path_, std::ios::binary | std::ios::app};
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.flush();
    if (!out) return fail(ErrorCode::unavailable, "appending to " + path_);
  }
  std::error_code error;
  const std::uint64_t size = std::filesystem::file_size(path_, error);
  if (error) return fail(ErrorCode::unavailable, "looking at " + path_ + ": " + error.message());
  if (rule_.at_bytes == 0 || size <= rule_.at_bytes) return {};
  return cut_head(size);
}

base::Status LiveFile::cut_head(std::uint64_t size) {
  std::fstream file{path_, std::ios::binary | std::ios::in | std::ios::out};
  std::vector<char> kept(static_cast<std::size_t>(rule_.keep_bytes));
  file.seekg(static_cast<std::streamoff>(size - rule_.keep_bytes));
  file.read(kept.data(), static_cast<std::streamsize>(kept.size()));
  file.seekp(0);
  file.write(kept.data(), static_cast<std::streamsize>(kept.size()));
  file.close();
  if (!file) return fail(ErrorCode::unavailable, "cutting the head of " + path_);
  std::error_code error;
  std::filesystem::resize_file(path_, rule_.keep_bytes, error);
  if (error) return fail(ErrorCode::unavailable, "cutting " + path_ + ": " + error.message());
  return {};
}

}  // namespace support::trace
