// Passwords of the people who use the collector: kept as Argon2id (RFC 9106), never as text.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace collector::identity {

// OWASP's first recommendation for Argon2id: 19 MiB, 2 passes, 1 lane; about 30 ms of one core a login. They
// travel inside each hash, so that raising them leaves the old hashes valid.
inline constexpr std::uint32_t kArgonMemoryKib = 19 * 1024;
inline constexpr std::uint32_t kArgonPasses = 2;
inline constexpr std::uint32_t kArgonLanes = 1;
inline constexpr std::size_t kSaltBytes = 16;
inline constexpr std::size_t kHashBytes = 32;

// Shorter ones are refused; longer ones than the maximum would only let a stranger make us compute.
inline constexpr std::size_t kPasswordBytesMin = 10;
inline constexpr std::size_t kPasswordBytesMax = 1024;

// "$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>" with a salt of its own. invalid_argument, for the person who
// chose it, if the password is too short or too long. Blocks for the time of one login: for a worker thread.
[[nodiscard]] base::Result<std::string> hash_password(std::string_view password);

// True if `hash` was made from `password`; false also for a hash that is none. Blocks as long as
// hash_password().
bool verify_password(std::string_view password, const std::string& hash);

// True if `hash` was made with other parameters than today's: hash again after the next good login.
bool needs_rehash(std::string_view hash);

}  // namespace collector::identity
