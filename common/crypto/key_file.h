// Files with private keys: secret files (secret_file.h) with one more guard.
//
// On Windows the key is wrapped by DPAPI for the machine: a copy of the disk, or a backup, is of no use
// elsewhere. Not for the account, because an administrator enrols and the service, another account, reads;
// against other accounts of the same machine there is the access list. What 0.1 wrote plain is still read.
//
// On POSIX systems a key that others than its owner may read is refused: nobody knows who has a copy.

#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace crypto {

// As write_secret_file(), wrapped where the system can.
[[nodiscard]] base::Status write_key_file(const std::filesystem::path& path, std::string_view pem);

// The PEM text. As read_secret_file(); also permission_denied, with the mend, if others may read the file, or
// if it was wrapped by another machine.
[[nodiscard]] base::Result<std::string> read_key_file(const std::filesystem::path& path);

}  // namespace crypto
