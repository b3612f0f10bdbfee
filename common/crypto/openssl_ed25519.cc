#include "common/crypto/ed25519.h"
#include "common/crypto/ed25519_arithmetic.h"

namespace crypto {

bool verify_ed25519(std::string_view key, std::string_view message, std::string_view signature) {
  const KeyPtr native{EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(key), key.size())};
  const DigestContextPtr context{EVP_MD_CTX_new()};
  const bool valid = native && context &&
                     EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, native.get()) == 1 &&
                     EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message),
                                      message.size()) == 1;
  if (!valid) ERR_clear_error();
  return valid;
}

struct Ed25519Signer::Secret {
  EVP_PKEY* key;
};

Ed25519Signer::Ed25519Signer(EVP_PKEY* key) : secret_{std::make_unique<Secret>(key)} {}
Ed25519Signer::~Ed25519Signer() = default;

std::string Ed25519Signer::sign(std::string_view message) const {
  std::string signature(kSignatureBytes, '\0');
  std::size_t size = signature.size();
  const DigestContextPtr context{EVP_MD_CTX_new()};
  if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, secret_->key) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     bytes_of(message), message.size()) != 1) {
    ERR_clear_error();
    return {};
  }
  return signature;
}

}  // namespace crypto
