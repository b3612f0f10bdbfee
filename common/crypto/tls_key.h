// The ECDSA P-256 key behind a TLS certificate, and the request for a certificate.

#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/crypto/certificate.h"

struct evp_pkey_st;

namespace crypto {

class TlsKey {
 public:
  TlsKey(TlsKey&&) noexcept;
  TlsKey& operator=(TlsKey&&) noexcept;
  ~TlsKey();

  [[nodiscard]] static base::Result<TlsKey> generate();

  // PEM (PKCS#8, unencrypted). corrupt if `pem` holds no P-256 key.
  [[nodiscard]] static base::Result<TlsKey> from_pem(std::string_view pem);
  [[nodiscard]] base::Result<std::string> pem() const;

  // The same in a key file (key_file.h): readable by its owner alone, whole or not at all.
  [[nodiscard]] static base::Result<TlsKey> load(const std::filesystem::path& path);
  [[nodiscard]] base::Status save(const std::filesystem::path& path) const;

  // Whether `certificate` is for this key.
  bool is_for(const Certificate& certificate) const;

  // For common/crypto and common/tls; the key stays the owner.
  evp_pkey_st* native() const { return key_.get(); }

 private:
  struct Free {
    void operator()(evp_pkey_st* key) const;
  };
  explicit TlsKey(evp_pkey_st* key) : key_{key} {}

  std::unique_ptr<evp_pkey_st, Free> key_;
};

// A PKCS#10 request in DER, signed by `key`. It names nobody: the authority decides whose certificate it
// becomes.
[[nodiscard]] base::Result<std::string> make_certificate_request(const TlsKey& key);

}  // namespace crypto
