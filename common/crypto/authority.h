// The collector's private certificate authority: one self-signed certificate, from which every other one of
// the installation comes and which is the only one that agents trust.

#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/crypto/certificate.h"
#include "common/crypto/tls_key.h"
#include "common/timing/utc.h"

namespace crypto {

inline constexpr std::chrono::days kAuthorityLifetime{3652};  // ten years
inline constexpr std::chrono::days kServerLifetime{825};
// Short, because revocation is a row in the collector's database and this is the second line; agents renew.
inline constexpr std::chrono::days kClientLifetime{7};
// Certificates begin a little in the past: workstations' clocks are not exact.
inline constexpr std::chrono::minutes kClockTolerance{5};

class Authority {
 public:
  // A new CA: P-256, CA:TRUE, path length 0.
  [[nodiscard]] static base::Result<Authority> create(std::string_view name, timing::UtcMs now);
  // One that exists. invalid_argument if `key` does not belong to `certificate`, or that is no CA.
  [[nodiscard]] static base::Result<Authority> adopt(Certificate certificate, TlsKey key);

  const Certificate& certificate() const { return certificate_; }
  const TlsKey& key() const { return key_; }

  // For the collector's listeners. `names` are DNS names and IP addresses in text; the first is the common
  // name. invalid_argument if there is none.
  [[nodiscard]] base::Result<Certificate> issue_server(const TlsKey& key,
                                                       const std::vector<std::string>& names,
                                                       timing::UtcMs now) const;

  // For an agent. `csr_der` must be a PKCS#10 request for a P-256 key, signed by that key (it proves
  // possession); nothing else of it is used. invalid_argument otherwise. `lifetime` is a parameter for tests.
  [[nodiscard]] base::Result<Certificate> issue_client(std::string_view csr_der, std::string_view common_name,
                                                       timing::UtcMs now,
                                                       std::chrono::seconds lifetime = kClientLifetime) const;

 private:
  Authority(Certificate certificate, TlsKey key)
      : certificate_{std::move(certificate)}, key_{std::move(key)} {}

  Certificate certificate_;
  TlsKey key_;
};

}  // namespace crypto
