// Ed25519 (RFC 8032): the record key of an agent and the acknowledgement key of a collector.

#pragma once

#include <array>
#include <compare>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/crypto/digest.h"

struct evp_pkey_st;

namespace crypto {

class Ed25519Signer;

inline constexpr std::size_t kSignatureBytes = 64;

// The raw 32 bytes of an Ed25519 public key.
struct PublicKey {
  static constexpr std::size_t kSize = 32;

  std::array<char, kSize> value{};

  auto operator<=>(const PublicKey&) const = default;

  std::string_view bytes() const { return {value.data(), value.size()}; }
  // How the wire names the key: SHA-256 of its bytes.
  Digest id() const { return sha256(bytes()); }

  // invalid_argument unless `bytes` are exactly 32.
  [[nodiscard]] static base::Result<PublicKey> from_bytes(std::string_view bytes);
};

// False for a wrong signature, a signature of another length and a key that is no point of the curve.
bool verify(const PublicKey& key, std::string_view message, std::string_view signature);

class SigningKey {
 public:
  SigningKey(SigningKey&&) noexcept;
  SigningKey& operator=(SigningKey&&) noexcept;
  ~SigningKey();

  [[nodiscard]] static base::Result<SigningKey> generate();
  // `seed` is RFC 8032's 32-byte private key. For test vectors.
  [[nodiscard]] static base::Result<SigningKey> from_seed(std::string_view seed);

  // PEM (PKCS#8) in a key file (key_file.h): readable by its owner alone, whole or not at all.
  // not_found if there is no such file, corrupt if it holds no Ed25519 key.
  [[nodiscard]] static base::Result<SigningKey> load(const std::filesystem::path& path);
  [[nodiscard]] base::Status save(const std::filesystem::path& path) const;

  const PublicKey& public_key() const { return public_key_; }

  // 64 bytes; the same message gives the same signature.
  std::string sign(std::string_view message) const;

 private:
  struct Free {
    void operator()(evp_pkey_st* key) const;
  };
  using Key = std::unique_ptr<evp_pkey_st, Free>;

  explicit SigningKey(Key key);
  [[nodiscard]] static base::Result<SigningKey> adopt(evp_pkey_st* key);

  Key key_;
  std::unique_ptr<Ed25519Signer> signer_;
  PublicKey public_key_;
};

}  // namespace crypto
