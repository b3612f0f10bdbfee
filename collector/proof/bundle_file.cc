#include "collector/proof/bundle_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "collector/proof/bundle.h"

namespace collector::proof {

namespace {

constexpr std::size_t kBufferBytes = 256 * 1024;
constexpr int kLengthBytesMax = 5;

std::string reason(int error) {
  return std::generic_category().message(error);
}

std::string with_length(const std::string& bytes) {
  std::string framed;
  framed.reserve(bytes.size() + kLengthBytesMax);
  for (auto rest = bytes.size();; rest >>= 7) {
    framed.push_back(static_cast<char>((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0)));
    if (rest <= 0x7f) break;
  }
  return framed += bytes;
}

}  // namespace

base::Result<BundleWriter> BundleWriter::create(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::exists(path, error)) {
    return base::fail(base::ErrorCode::conflict, path.string() + " exists: choose another name");
  }
  auto part = path;
  part += ".part";
  ::unlink(part.c_str());
  const int descriptor = ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return base::fail(base::ErrorCode::unavailable, "creating " + part.string() + ": " + reason(errno));
  }
  return BundleWriter{path, descriptor};
}

BundleWriter::BundleWriter(std::filesystem::path path, int descriptor)
    : path_{std::move(path)}, part_{path_}, descriptor_{descriptor} {
  part_ += ".part";
}

BundleWriter::BundleWriter(BundleWriter&& other) noexcept
    : path_{std::move(other.path_)},
      part_{std::move(other.part_)},
      descriptor_{std::exchange(other.descriptor_, -1)},
      failed_{other.failed_},
      buffer_{std::move(other.buffer_)},
      sha_{std::move(other.sha_)},
      items_{other.items_} {}

BundleWriter::~BundleWriter() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(part_.c_str());
}

void BundleWriter::add(const v1::EvidenceItem& item) {
  ++items_;
  const auto bytes = with_length(item.SerializeAsString());
  sha_.update(bytes);
  put(bytes);
}

void BundleWriter::put(const std::string& bytes) {
  buffer_ += bytes;
  if (buffer_.size() >= kBufferBytes) flush();
}

void BundleWriter::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty() && failed_ == 0) {
    const auto written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      failed_ = errno;
    } else {
      rest.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  buffer_.clear();
}

base::Status BundleWriter::finish() {
  v1::EvidenceItem item;
  item.mutable_end()->set_items(items_);
  item.mutable_end()->set_sha256(std::string{sha_.finish().bytes()});
  put(with_length(item.SerializeAsString()));
  flush();
  if (failed_ == 0 && ::fsync(descriptor_) != 0) failed_ = errno;
  if (failed_ == 0 && ::rename(part_.c_str(), path_.c_str()) != 0) failed_ = errno;
  if (failed_ != 0) {
    return base::fail(base::ErrorCode::unavailable, "writing " + path_.string() + ": " + reason(failed_));
  }
  ::close(std::exchange(descriptor_, -1));
  return {};
}

base::Result<BundleReader> BundleReader::open(const std::filesystem::path& path) {
  std::error_code error;
  const bool is_file = std::filesystem::is_regular_file(path, error);
  std::ifstream file{path, std::ios::binary};
  std::ifstream lookup{path, std::ios::binary};
  if (!is_file || !file || !lookup) {
    return base::fail(is_file ? base::ErrorCode::unavailable : base::ErrorCode::not_found,
                      "cannot read the bundle " + path.string());
  }
  return BundleReader{std::move(file), std::move(lookup)};
}

BundleReader::BundleReader(std::ifstream file, std::ifstream lookup)
    : file_{std::move(file)}, lookup_{std::move(lookup)} {}

bool BundleReader::damaged(const std::string& why) {
  damage_ = "item " + std::to_string(items_ + 1) + ", at byte " + std::to_string(position_) + ": " + why;
  return false;
}

std::optional<std::size_t> BundleReader::read_length() {
  head_.clear();
  std::size_t length = 0;
  for (int i = 0; i < kLengthBytesMax; ++i) {
    const auto byte = file_.get();
    if (byte == std::ifstream::traits_type::eof()) {
      damaged("the file ends here");
      return std::nullopt;
    }
    head_.push_back(static_cast<char>(byte));
    length |= static_cast<std::size_t>(byte & 0x7f) << (7 * i);
    if ((byte & 0x80) != 0) continue;
    if (length <= kItemBytesMax) return length;
    break;
  }
  damaged("an item of that size cannot be");
  return std::nullopt;
}

bool BundleReader::next(v1::EvidenceItem& item) {
  if (!damage_.empty()) return false;
  const auto length = read_length();
  if (!length) return false;
  bytes_.resize(*length);
  file_.read(bytes_.data(), static_cast<std::streamsize>(*length));
  if (static_cast<std::size_t>(file_.gcount()) != *length) return damaged("the file ends within it");
  if (!item.ParseFromString(bytes_)) return damaged("it cannot be read");
  if (item.kind_case() == v1::EvidenceItem::kEnd) return ends(item.end());
  sha_.update(head_).update(bytes_);
  position_ += head_.size() + bytes_.size();
  ++items_;
  return true;
}

bool BundleReader::ends(const v1::EvidenceEnd& end) {
  if (end.items() != items_ || end.sha256() != sha_.finish().bytes()) {
    return damaged("what is in front of it is not what was exported");
  }
  if (file_.peek() != std::ifstream::traits_type::eof()) return damaged("something follows the last item");
  return false;
}

crypto::Digest BundleReader::digest_at(std::uint64_t position) {
  crypto::Digest digest;
  lookup_.clear();
  lookup_.seekg(static_cast<std::streamoff>(position));
  lookup_.read(digest.value.data(), crypto::Digest::kSize);
  if (lookup_.gcount() != std::streamsize{crypto::Digest::kSize}) return {};
  return digest;
}

}  // namespace collector::proof
