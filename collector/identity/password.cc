#include "collector/identity/password.h"

#include <argon2.h>

#include "common/crypto/random.h"

namespace collector::identity {

namespace {

using base::ErrorCode;

std::string parameters() {
  return "$argon2id$v=19$m=" + std::to_string(kArgonMemoryKib) + ",t=" + std::to_string(kArgonPasses) +
         ",p=" + std::to_string(kArgonLanes) + '$';
}

}  // namespace

base::Result<std::string> hash_password(std::string_view password) {
  if (password.size() < kPasswordBytesMin) {
    return base::fail(ErrorCode::invalid_argument, "the password is too short: at least " +
                                                       std::to_string(kPasswordBytesMin) + " characters");
  }
  if (password.size() > kPasswordBytesMax) {
    return base::fail(ErrorCode::invalid_argument,
                      "the password is too long: at most " + std::to_string(kPasswordBytesMax) + " bytes");
  }
  const auto salt = crypto::random_bytes(kSaltBytes);
  if (!salt) return std::unexpected{salt.error()};
  std::string hash(
      argon2_encodedlen(kArgonPasses, kArgonMemoryKib, kArgonLanes, kSaltBytes, kHashBytes, Argon2_id), '\0');
  const int result =
      argon2id_hash_encoded(kArgonPasses, kArgonMemoryKib, kArgonLanes, password.data(), password.size(),
                            salt->data(), salt->size(), kHashBytes, hash.data(), hash.size());
  if (result != ARGON2_OK) {
    return base::fail(ErrorCode::resource_exhausted,
                      std::string{"hashing a password: "} + argon2_error_message(result));
  }
  hash.resize(hash.find('\0'));
  return hash;
}

bool verify_password(std::string_view password, const std::string& hash) {
  return password.size() <= kPasswordBytesMax &&
         argon2id_verify(hash.c_str(), password.data(), password.size()) == ARGON2_OK;
}

bool needs_rehash(std::string_view hash) {
  return !hash.starts_with(parameters());
}

}  // namespace collector::identity
