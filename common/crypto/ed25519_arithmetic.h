// Who computes Ed25519 for ed25519.cc: libsodium, which needs half the time (docs/decisions/0011), or OpenSSL
// where the agent is to stay one small file and on Windows. Both give the same signature for the same key and
// message.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/crypto/openssl.h"

namespace crypto {

// `key` is the raw public key, 32 bytes, and `signature` has 64 bytes. False also for a key that is no point
// of the curve. libsodium also refuses keys and points of a small order and a key in another than its
// shortest form, which nobody who keeps to RFC 8032 makes: what it accepts, OpenSSL accepts.
bool verify_ed25519(std::string_view key, std::string_view message, std::string_view signature);

// One private key, ready to sign; kept in memory that is overwritten at the end.
class Ed25519Signer {
 public:
  // `key` is an Ed25519 private key, and must outlive this.
  explicit Ed25519Signer(EVP_PKEY* key);
  Ed25519Signer(const Ed25519Signer&) = delete;
  Ed25519Signer& operator=(const Ed25519Signer&) = delete;
  ~Ed25519Signer();

  // 64 bytes; empty if memory is exhausted or the library is broken.
  std::string sign(std::string_view message) const;

 private:
  struct Secret;
  std::unique_ptr<Secret> secret_;
};

}  // namespace crypto
