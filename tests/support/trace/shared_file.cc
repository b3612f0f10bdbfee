#include "tests/support/trace/shared_file.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace support::trace {

using base::ErrorCode;
using base::fail;

SharedFile::SharedFile(std::string path, CutRule rule) : path_{std::move(path)}, rule_{rule} {
  std::filesystem::create_directories(std::filesystem::path{path_}.parent_path());
  std::ofstream{path_, std::ios::binary | std::ios::app};
  file_.open(path_, std::ios::binary | std::ios::in | std::ios::out);
  file_.seekg(0, std::ios::end);
  size_ = static_cast<std::uint64_t>(file_.tellg());
}

base::Status SharedFile::put(std::uint64_t offset, std::string_view bytes) {
  file_.seekp(static_cast<std::streamoff>(offset));
  file_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file_.flush();
  if (!file_) return fail(ErrorCode::unavailable, "writing to " + path_);
  return {};
}

base::Status SharedFile::write(std::uint32_t writer, std::string_view bytes) {
  std::uint64_t offset = size_;
  if (const auto stale = stale_ends_.find(writer); stale != stale_ends_.end()) {
    if (stale->second > size_) ++holes_;
    offset = std::max(offset, stale->second);
    stale_ends_.erase(stale);
  }
  if (auto done = put(offset, bytes); !done) return done;
  size_ = offset + bytes.size();
  last_writer_ = writer;
  return {};
}

base::Status SharedFile::cut_piece(std::uint64_t bytes, bool by_other) {
  if (kept_.empty()) {
    kept_.resize(static_cast<std::size_t>(rule_.keep_bytes));
    copied_ = 0;
    file_.seekg(static_cast<std::streamoff>(size_ - rule_.keep_bytes));
    file_.read(kept_.data(), static_cast<std::streamsize>(kept_.size()));
    if (!file_) return fail(ErrorCode::unavailable, "reading " + path_);
  }
  if (copied_ < kept_.size()) {
    const std::uint64_t piece =
        std::min<std::uint64_t>(std::max<std::uint64_t>(bytes, 1), kept_.size() - copied_);
    if (auto done = put(copied_, std::string_view{kept_.data() + copied_, static_cast<std::size_t>(piece)});
        !done) {
      return done;
    }
    copied_ += piece;
    return {};
  }
  std::error_code error;
  std::filesystem::resize_file(path_, rule_.keep_bytes, error);
  if (error) return fail(ErrorCode::unavailable, "cutting " + path_ + ": " + error.message());
  if (by_other) stale_ends_[last_writer_] = size_;
  size_ = rule_.keep_bytes;
  kept_.clear();
  ++cuts_;
  return {};
}

base::Status SharedFile::blank_end(std::uint64_t bytes) {
  const std::uint64_t count = std::min(bytes, size_);
  return put(size_ - count, std::string(static_cast<std::size_t>(count), '\0'));
}

}  // namespace support::trace
