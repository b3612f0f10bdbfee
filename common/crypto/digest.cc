#include "common/crypto/digest.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "common/base/hex.h"
#include "common/crypto/openssl.h"

namespace crypto {

namespace {

// SHA-256 fails only when memory is exhausted or the OpenSSL installation is broken. No caller could do
// anything about it, and a wrong digest must never be stored.
void require(bool ok) {
  if (ok) return;
  std::fputs("deskledger: OpenSSL cannot compute SHA-256\n", stderr);
  std::abort();
}

const EVP_MD* algorithm() {
  // Fetched once: OpenSSL 3 looks it up in its providers at every use of EVP_sha256().
  static const std::unique_ptr<EVP_MD, Free<EVP_MD_free>> fetched{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
  require(fetched != nullptr);
  return fetched.get();
}

}  // namespace

std::string Digest::hex() const {
  return base::to_hex(bytes());
}

base::Result<Digest> Digest::from_bytes(std::string_view bytes) {
  if (bytes.size() != kSize) {
    return base::fail(base::ErrorCode::invalid_argument,
                      "a SHA-256 has 32 bytes, not " + std::to_string(bytes.size()));
  }
  Digest digest;
  std::copy(bytes.begin(), bytes.end(), digest.value.begin());
  return digest;
}

Digest sha256(std::string_view message) {
  return Sha256{}.update(message).finish();
}

void Sha256::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_{EVP_MD_CTX_new()} {
  require(context_ && EVP_DigestInit_ex2(context_.get(), algorithm(), nullptr) == 1);
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Sha256& Sha256::update(std::string_view part) {
  require(EVP_DigestUpdate(context_.get(), part.data(), part.size()) == 1);
  return *this;
}

Digest Sha256::finish() {
  Digest digest;
  require(EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(digest.value.data()),
                             nullptr) == 1);
  require(EVP_DigestInit_ex2(context_.get(), nullptr, nullptr) == 1);
  return digest;
}

}  // namespace crypto
