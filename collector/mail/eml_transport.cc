#include "collector/mail/eml_transport.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include "collector/mail/address.h"

namespace collector::mail {

namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool sync_folder(const std::filesystem::path& folder) {
  const Descriptor fd{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  return fd.get() >= 0 && ::fsync(fd.get()) == 0;
}

bool holds(const std::filesystem::path& path, std::string_view raw) {
  std::ifstream in{path, std::ios::binary};
  return in && std::string{std::istreambuf_iterator<char>{in}, {}} == raw;
}

// A folder that is away or a disk that is full is so for every mail.
Delivery no_folder(const std::filesystem::path& path, std::string_view what, int error) {
  return {error == ENAMETOOLONG ? Outcome::refused : Outcome::unavailable,
          std::string{what} + " " + path.string() + ": " + std::generic_category().message(error)};
}

}  // namespace

Delivery EmlTransport::deliver(const Envelope& envelope, std::string_view raw) {
  if (!is_message_id(envelope.message_id)) return {Outcome::refused, "the message id is no file name"};
  const auto path = folder_ / (envelope.message_id + ".eml");
  const auto draft = folder_ / ("." + envelope.message_id + ".part");

  // A draft left by a crash is ours and incomplete.
  ::unlink(draft.c_str());
  {
    const Descriptor fd{::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (fd.get() < 0) return no_folder(draft, "cannot create", errno);
    if (!write_all(fd.get(), raw) || ::fsync(fd.get()) != 0) {
      const int error = errno;
      ::unlink(draft.c_str());
      return no_folder(draft, "cannot write", error);
    }
  }
  // link() instead of rename(): it never replaces a mail that is there already.
  const int linked = ::link(draft.c_str(), path.c_str());
  const int error = errno;
  ::unlink(draft.c_str());
  if (linked != 0 && error != EEXIST) return no_folder(path, "cannot create", error);
  if (linked != 0 && !holds(path, raw)) return {Outcome::refused, path.string() + " holds another mail"};
  if (!sync_folder(folder_)) return no_folder(folder_, "cannot sync", errno);
  return {Outcome::delivered, path.string()};
}

}  // namespace collector::mail
