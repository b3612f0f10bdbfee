#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "common/crypto/secret_file.h"

namespace crypto {

namespace {

class File {
 public:
  explicit File(int fd) : fd_{fd} {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool open() const { return fd_ >= 0; }
  int fd() const { return fd_; }

 private:
  int fd_;
};

std::unexpected<base::Error> fail_errno(std::string attempted, const std::filesystem::path& path) {
  const int error = errno;
  const auto code = error == ENOENT                     ? base::ErrorCode::not_found
                    : error == EACCES || error == EPERM ? base::ErrorCode::permission_denied
                                                        : base::ErrorCode::unavailable;
  return base::fail(
      code, std::move(attempted) + ' ' + path.string() + ": " + std::generic_category().message(error));
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

base::Status write_durably(const std::filesystem::path& path, std::string_view contents) {
  // O_EXCL after a removal: the mode of a file left over from a crash would otherwise win over ours.
  ::unlink(path.c_str());
  const File file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
  if (!file.open()) return fail_errno("creating", path);
  if (!write_all(file.fd(), contents)) return fail_errno("writing", path);
  if (::fsync(file.fd()) != 0) return fail_errno("writing", path);
  return {};
}

}  // namespace

base::Status write_secret_file(const std::filesystem::path& path, std::string_view contents) {
  auto temporary = path;
  temporary += ".new";
  if (auto written = write_durably(temporary, contents); !written) {
    ::unlink(temporary.c_str());
    return written;
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    const auto failed = fail_errno("replacing", path);
    ::unlink(temporary.c_str());
    return failed;
  }
  // The new name is durable once its folder is.
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
  const File directory{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!directory.open() || ::fsync(directory.fd()) != 0) return fail_errno("syncing the folder", folder);
  return {};
}

base::Result<std::string> read_secret_file(const std::filesystem::path& path) {
  const File file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!file.open()) return fail_errno("opening", path);
  std::string contents;
  std::array<char, 4096> part{};
  for (;;) {
    const auto got = ::read(file.fd(), part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno("reading", path);
    if (got == 0) return contents;
    contents.append(part.data(), static_cast<std::size_t>(got));
    if (contents.size() > kSecretFileBytesMax) {
      return base::fail(base::ErrorCode::corrupt, path.string() + " is too large for a key or certificate");
    }
  }
}

base::Status keep_folder_private(const std::filesystem::path& folder) {
  if (::chmod(folder.c_str(), 0700) != 0) return fail_errno("restricting access to", folder);
  return {};
}

}  // namespace crypto
