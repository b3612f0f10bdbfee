#include "common/crypto/random.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "common/crypto/openssl.h"

namespace crypto {

base::Result<std::string> random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1) {
    return fail_openssl(base::ErrorCode::unavailable, "asking the system for random bytes");
  }
  return bytes;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace crypto
