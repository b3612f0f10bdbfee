#include "tests/support/net/certificates.h"

#include "common/timing/clock.h"

namespace support {

TestAuthority::TestAuthority(std::chrono::seconds age)
    : made_{timing::system_clock().utc() - age},
      authority_{crypto::Authority::create("Test CA", made_).value()} {}

Identity TestAuthority::server(const std::vector<std::string>& names) const {
  auto key = crypto::TlsKey::generate().value();
  auto certificate = authority_.issue_server(key, names, made_).value();
  return {std::move(certificate), std::move(key)};
}

crypto::Certificate TestAuthority::client_for(const std::string& csr_der, const std::string& common_name,
                                              std::chrono::seconds lifetime) const {
  return authority_.issue_client(csr_der, common_name, made_, lifetime).value();
}

Identity TestAuthority::client(const std::string& common_name, std::chrono::seconds lifetime) const {
  auto key = crypto::TlsKey::generate().value();
  const auto request = crypto::make_certificate_request(key).value();
  auto certificate = client_for(request, common_name, lifetime);
  return {std::move(certificate), std::move(key)};
}

}  // namespace support
