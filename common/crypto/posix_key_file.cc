#include <sys/stat.h>

#include "common/crypto/key_file.h"
#include "common/crypto/secret_file.h"

namespace crypto {

base::Status write_key_file(const std::filesystem::path& path, std::string_view pem) {
  return write_secret_file(path, pem);
}

base::Result<std::string> read_key_file(const std::filesystem::path& path) {
  struct stat about{};
  // What cannot be looked at cannot be read either, and that has the better message.
  if (::stat(path.c_str(), &about) == 0 && S_ISREG(about.st_mode) && (about.st_mode & 077) != 0) {
    return base::fail(base::ErrorCode::permission_denied,
                      path.string() +
                          " holds a private key and others than its owner may read or change it. If nobody "
                          "else uses this machine: chmod 600 " +
                          path.string() + "; otherwise have the key replaced (enrol again)");
  }
  return read_secret_file(path);
}

}  // namespace crypto
