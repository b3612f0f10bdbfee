#include "common/crypto/ed25519.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "common/crypto/ed25519_arithmetic.h"
#include "common/crypto/key_file.h"
#include "common/crypto/openssl.h"

namespace crypto {

base::Result<PublicKey> PublicKey::from_bytes(std::string_view bytes) {
  if (bytes.size() != kSize) {
    return base::fail(base::ErrorCode::invalid_argument,
                      "an Ed25519 public key has 32 bytes, not " + std::to_string(bytes.size()));
  }
  PublicKey key;
  std::copy(bytes.begin(), bytes.end(), key.value.begin());
  return key;
}

bool verify(const PublicKey& key, std::string_view message, std::string_view signature) {
  return signature.size() == kSignatureBytes && verify_ed25519(key.bytes(), message, signature);
}

void SigningKey::Free::operator()(evp_pkey_st* key) const {
  EVP_PKEY_free(key);
}

SigningKey::SigningKey(Key key) : key_{std::move(key)} {}
SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey& SigningKey::operator=(SigningKey&&) noexcept = default;
SigningKey::~SigningKey() = default;

base::Result<SigningKey> SigningKey::adopt(evp_pkey_st* key) {
  SigningKey signing{Key{key}};
  std::size_t size = PublicKey::kSize;
  if (!key || EVP_PKEY_get_id(key) != EVP_PKEY_ED25519 ||
      EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(signing.public_key_.value.data()),
                                  &size) != 1) {
    return fail_openssl(base::ErrorCode::corrupt, "the private key is no Ed25519 key");
  }
  signing.signer_ = std::make_unique<Ed25519Signer>(key);
  return signing;
}

base::Result<SigningKey> SigningKey::generate() {
  return adopt(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
}

base::Result<SigningKey> SigningKey::from_seed(std::string_view seed) {
  return adopt(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes_of(seed), seed.size()));
}

base::Result<SigningKey> SigningKey::load(const std::filesystem::path& path) {
  const auto pem = read_key_file(path);
  if (!pem) return std::unexpected{pem.error()};
  auto key = key_from_pem(*pem);
  if (!key) return base::fail("loading " + path.string(), key.error());
  auto signing = adopt(key->release());
  if (!signing) return base::fail("loading " + path.string(), signing.error());
  return signing;
}

base::Status SigningKey::save(const std::filesystem::path& path) const {
  const auto pem = key_to_pem(key_.get());
  if (!pem) return std::unexpected{pem.error()};
  return write_key_file(path, *pem);
}

std::string SigningKey::sign(std::string_view message) const {
  auto signature = signer_->sign(message);
  if (signature.empty()) {
    // No caller could go on without its signature.
    std::fputs("deskledger: out of memory, or the library that signs with Ed25519 is broken\n", stderr);
    std::abort();
  }
  return signature;
}

}  // namespace crypto
