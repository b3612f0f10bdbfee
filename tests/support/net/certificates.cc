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

Identity TestAuthority::client(const std::string& common_name, std::chrono::seconds lifetime) const {
  auto key = crypto::TlsKey::generate().value();
  const auto request = crypto::make_certificate_request(key).value();
  auto certificate = authority_.issue_client(request, common_name, made_, lifetime).value();
  return {std::move(certificate), std::move(key)};
}

}  // namespace support
