#include "common/crypto/authority.h"

#include <gmock/gmock.h>
#include <openssl/x509v3.h>

#include <set>

#include "common/crypto/openssl.h"

namespace {

using base::ErrorCode;
using crypto::Authority;
using crypto::Certificate;
using crypto::TlsKey;
using namespace std::chrono_literals;

const timing::UtcMs kNow = timing::from_rfc3339("2026-11-21T12:00:00Z").value();

struct AuthorityTest : testing::Test {
  Authority authority = Authority::create("Deskledger CA", kNow).value();
  TlsKey key = TlsKey::generate().value();
  std::string request = crypto::make_certificate_request(key).value();

  // OpenSSL's verdict, at `time`, on `certificate` for `purpose` under our CA: X509_V_OK or why not.
  int verify(const Certificate& certificate, int purpose, timing::UtcMs time) const {
    const std::unique_ptr<X509_STORE, crypto::Free<X509_STORE_free>> store{X509_STORE_new()};
    const std::unique_ptr<X509_STORE_CTX, crypto::Free<X509_STORE_CTX_free>> context{X509_STORE_CTX_new()};
    X509_STORE_add_cert(store.get(), authority.certificate().native());
    X509_STORE_CTX_init(context.get(), store.get(), certificate.native(), nullptr);
    X509_STORE_CTX_set_purpose(context.get(), purpose);
    X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_X509_STRICT);
    X509_STORE_CTX_set_time(context.get(), 0, timing::to_ms(time) / 1000);
    X509_verify_cert(context.get());
    return X509_STORE_CTX_get_error(context.get());
  }
};

TEST_F(AuthorityTest, IsACaForTenYears) {
  const auto& certificate = authority.certificate();
  EXPECT_EQ(certificate.common_name(), "Deskledger CA");
  EXPECT_EQ(certificate.not_before(), kNow - 5min);
  EXPECT_EQ(certificate.not_after(), kNow + crypto::kAuthorityLifetime);
  EXPECT_EQ(X509_check_ca(certificate.native()), 1);
  EXPECT_EQ(X509_get_pathlen(certificate.native()), 0);
  EXPECT_EQ(verify(certificate, X509_PURPOSE_ANY, kNow), X509_V_OK);
}

TEST_F(AuthorityTest, ComesBackFromPemAndDer) {
  const auto& certificate = authority.certificate();
  const auto der = certificate.der();
  EXPECT_EQ(Certificate::from_der(der).value().digest(), certificate.digest());
  EXPECT_EQ(Certificate::from_pem(certificate.pem()).value().digest(), crypto::sha256(der));
  EXPECT_FALSE(Certificate::from_der(der + 'x'));
  for (std::size_t size = 0; size < der.size(); ++size) {
    ASSERT_EQ(Certificate::from_der(std::string_view{der}.substr(0, size)).error().code, ErrorCode::corrupt);
  }
  const auto again = Authority::adopt(Certificate::from_pem(certificate.pem()).value(),
                                      TlsKey::from_pem(authority.key().pem().value()).value());
  ASSERT_TRUE(again);
  EXPECT_EQ(verify(again->issue_client(request, "a", kNow).value(), X509_PURPOSE_SSL_CLIENT, kNow),
            X509_V_OK);
  EXPECT_FALSE(Authority::adopt(certificate, TlsKey::generate().value()));
  const auto server = authority.issue_server(key, {"a"}, kNow).value();
  EXPECT_FALSE(Authority::adopt(server, std::move(key)));
}

TEST_F(AuthorityTest, AServerCertificateNamesItsHosts) {
  const auto certificate =
      authority.issue_server(key, {"collector.example", "192.0.2.7", "2001:db8::7"}, kNow).value();
  auto* const native = certificate.native();
  EXPECT_EQ(X509_check_host(native, "collector.example", 0, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr), 1);
  EXPECT_EQ(X509_check_host(native, "other.example", 0, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr), 0);
  EXPECT_EQ(X509_check_ip_asc(native, "192.0.2.7", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(native, "2001:db8::7", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(native, "192.0.2.8", 0), 0);
  EXPECT_EQ(verify(certificate, X509_PURPOSE_SSL_SERVER, kNow), X509_V_OK);
  EXPECT_EQ(verify(certificate, X509_PURPOSE_SSL_CLIENT, kNow), X509_V_ERR_INVALID_PURPOSE);
  EXPECT_EQ(verify(certificate, X509_PURPOSE_SSL_SERVER, kNow + 826 * 24h), X509_V_ERR_CERT_HAS_EXPIRED);
}

TEST_F(AuthorityTest, NamesThatAreNoneAreRefused) {
  const std::vector<std::vector<std::string>> rows = {{}, {""}, {"a,DNS:b"}, {"a b"}, {"good", "b\n"}};
  for (const auto& names : rows) {
    EXPECT_EQ(authority.issue_server(key, names, kNow).error().code, ErrorCode::invalid_argument);
  }
}

TEST_F(AuthorityTest, AClientCertificateIsForOneAgentAndAWeek) {
  const auto certificate = authority.issue_client(request, "00112233445566778899aabbccddeeff", kNow).value();
  EXPECT_EQ(certificate.common_name(), "00112233445566778899aabbccddeeff");
  EXPECT_EQ(certificate.not_before(), kNow - 5min);
  EXPECT_EQ(certificate.not_after(), kNow + 7 * 24h);
  EXPECT_EQ(verify(certificate, X509_PURPOSE_SSL_CLIENT, kNow), X509_V_OK);
  EXPECT_EQ(verify(certificate, X509_PURPOSE_SSL_SERVER, kNow), X509_V_ERR_INVALID_PURPOSE);
  EXPECT_EQ(verify(certificate, X509_PURPOSE_SSL_CLIENT, kNow - 6min), X509_V_ERR_CERT_NOT_YET_VALID);
  EXPECT_EQ(verify(certificate, X509_PURPOSE_SSL_CLIENT, kNow + 8 * 24h), X509_V_ERR_CERT_HAS_EXPIRED);
  EXPECT_EQ(X509_check_private_key(certificate.native(), key.native()), 1);
}

TEST_F(AuthorityTest, SerialNumbersNeverRepeat) {
  std::set<std::string> serials;
  for (int i = 0; i < 100; ++i) {
    const auto certificate = authority.issue_client(request, "a", kNow).value();
    const auto* number = X509_get0_serialNumber(certificate.native());
    EXPECT_EQ(ASN1_STRING_length(number), 16);
    serials.emplace(reinterpret_cast<const char*>(ASN1_STRING_get0_data(number)), 16);
  }
  EXPECT_EQ(serials.size(), 100u);
}

TEST_F(AuthorityTest, EveryTruncatedOrFlippedRequestIsRefused) {
  for (std::size_t size = 0; size < request.size(); ++size) {
    EXPECT_FALSE(authority.issue_client(std::string_view{request}.substr(0, size), "a", kNow));
  }
  EXPECT_FALSE(authority.issue_client(request + 'x', "a", kNow));
  for (std::size_t bit = 0; bit < request.size() * 8; ++bit) {
    auto flipped = request;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    const auto issued = authority.issue_client(flipped, "a", kNow);
    EXPECT_FALSE(issued) << "bit " << bit;
    if (!issued) {
      EXPECT_EQ(issued.error().code, ErrorCode::invalid_argument);
    }
  }
}

TEST_F(AuthorityTest, ARequestForAnotherKindOfKeyIsRefused) {
  const crypto::KeyPtr other{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-384")};
  const auto pem = crypto::key_to_pem(other.get()).value();
  EXPECT_EQ(TlsKey::from_pem(pem).error().code, ErrorCode::corrupt);
}

}  // namespace
