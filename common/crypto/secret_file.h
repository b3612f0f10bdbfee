// Small files that must be whole, and that nobody else may read: keys and certificates.

#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace crypto {

inline constexpr std::size_t kSecretFileBytesMax = std::size_t{64} * 1024;

// Replaces `path` by `contents`, readable by its owner alone: mode 0600; on Windows an access list of the
// account that writes it, the system and the administrators. Whenever the machine stops, `path` holds either
// the old contents or the new, never a part; once this has returned, the new. unavailable, with the system's
// reason, if that fails: the old file is then untouched, or, if only its folder could not be synced, replaced
// by the new one, perhaps only until the machine stops.
[[nodiscard]] base::Status write_secret_file(const std::filesystem::path& path, std::string_view contents);

// not_found if there is no such file, corrupt if it is larger than kSecretFileBytesMax, permission_denied or
// unavailable with the system's reason otherwise.
[[nodiscard]] base::Result<std::string> read_secret_file(const std::filesystem::path& path);

// Nobody but those who may read a secret file may enter `folder`, nor what is made in it from now on.
[[nodiscard]] base::Status keep_folder_private(const std::filesystem::path& folder);

}  // namespace crypto
