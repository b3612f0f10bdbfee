// A throw-away CA and certificates for a test, made afresh each time.

#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "common/crypto/authority.h"

namespace support {

struct Identity {
  crypto::Certificate certificate;
  crypto::TlsKey key;
};

// `age`: how long ago the CA was made, and everything else that is not told otherwise.
class TestAuthority {
 public:
  explicit TestAuthority(std::chrono::seconds age = {});

  const crypto::Certificate& certificate() const { return authority_.certificate(); }
  Identity server(const std::vector<std::string>& names) const;
  // For a request of somebody who keeps the key.
  crypto::Certificate client_for(const std::string& csr_der, const std::string& common_name,
                                 std::chrono::seconds lifetime = crypto::kClientLifetime) const;
  Identity client(const std::string& common_name,
                  std::chrono::seconds lifetime = crypto::kClientLifetime) const;

 private:
  timing::UtcMs made_;
  crypto::Authority authority_;
};

}  // namespace support
