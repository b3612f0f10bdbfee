#include <openssl/crypto.h>
#include <sodium.h>

#include "common/crypto/ed25519.h"
#include "common/crypto/ed25519_arithmetic.h"

namespace crypto {

namespace {

// Once a process; nothing below needs what it prepares, but the library asks for it.
bool is_ready() {
  static const bool ready = sodium_init() >= 0;
  return ready;
}

}  // namespace

bool verify_ed25519(std::string_view key, std::string_view message, std::string_view signature) {
  return is_ready() && key.size() == crypto_sign_PUBLICKEYBYTES && signature.size() == crypto_sign_BYTES &&
         crypto_sign_verify_detached(bytes_of(signature), bytes_of(message), message.size(), bytes_of(key)) ==
             0;
}

// libsodium's private key is RFC 8032's 32 bytes with the public key behind them.
struct Ed25519Signer::Secret {
  ~Secret() { OPENSSL_cleanse(bytes, sizeof bytes); }

  unsigned char bytes[crypto_sign_SECRETKEYBYTES] = {};
  bool good = false;
};

Ed25519Signer::Ed25519Signer(EVP_PKEY* key) : secret_{std::make_unique<Secret>()} {
  std::size_t seed = crypto_sign_SEEDBYTES;
  std::size_t point = crypto_sign_PUBLICKEYBYTES;
  secret_->good = is_ready() && EVP_PKEY_get_raw_private_key(key, secret_->bytes, &seed) == 1 &&
                  EVP_PKEY_get_raw_public_key(key, secret_->bytes + crypto_sign_SEEDBYTES, &point) == 1;
  if (!secret_->good) ERR_clear_error();
}
Ed25519Signer::~Ed25519Signer() = default;

std::string Ed25519Signer::sign(std::string_view message) const {
  if (!secret_->good) return {};
  std::string signature(kSignatureBytes, '\0');
  crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr, bytes_of(message),
                       message.size(), secret_->bytes);
  return signature;
}

}  // namespace crypto
