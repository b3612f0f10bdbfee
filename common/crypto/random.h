// Randomness and comparison for secrets.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace crypto {

// `count` bytes nobody can guess. unavailable when the system has no randomness to give.
[[nodiscard]] base::Result<std::string> random_bytes(std::size_t count);

// Equality whose duration does not depend on where the first difference is. The lengths are not secret.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace crypto
