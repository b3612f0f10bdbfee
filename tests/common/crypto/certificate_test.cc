#include "common/crypto/certificate.h"

#include <gmock/gmock.h>

#include <array>

#include "common/crypto/authority.h"
#include "common/crypto/secret_file.h"

namespace {

using base::ErrorCode;
using crypto::Certificate;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const timing::UtcMs kNow = timing::from_rfc3339("2026-11-21T12:00:00Z").value();

struct CertificateTest : testing::Test {
  crypto::Authority one = crypto::Authority::create("One", kNow).value();
  crypto::Authority two = crypto::Authority::create("Two", kNow).value();
};

TEST_F(CertificateTest, SeveralInOneText) {
  const std::array both{one.certificate(), two.certificate()};
  const auto pem = crypto::to_pem(both);
  const auto read = crypto::certificates_from_pem("# a comment\n" + pem + "\nand behind\n").value();
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[0].digest(), one.certificate().digest());
  EXPECT_EQ(read[1].digest(), two.certificate().digest());
  for (std::size_t size = 0; size < pem.size(); ++size) {
    const auto cut = crypto::certificates_from_pem(std::string_view{pem}.substr(0, size));
    if (cut) {
      // Before the second block begins; the last line break is not needed.
      EXPECT_EQ(cut->size(), size + 1 == pem.size() ? 2u : 1u) << size;
    } else {
      EXPECT_EQ(cut.error().code, ErrorCode::corrupt) << size;
    }
  }
}

TEST_F(CertificateTest, AFileIsNamedInItsError) {
  const auto path = std::filesystem::path{testing::TempDir()} / "certificate_test.pem";
  ASSERT_TRUE(crypto::write_secret_file(path, one.certificate().pem()));
  EXPECT_EQ(Certificate::load(path).value().digest(), one.certificate().digest());
  ASSERT_TRUE(crypto::write_secret_file(path, "no certificate"));
  const auto bad = Certificate::load(path);
  EXPECT_EQ(bad.error().code, ErrorCode::corrupt);
  EXPECT_THAT(bad.error().message, HasSubstr(path.string()));
  std::filesystem::remove(path);
  EXPECT_EQ(crypto::load_certificates(path).error().code, ErrorCode::not_found);
}

TEST_F(CertificateTest, ADigestOfASetKnowsNoOrder) {
  const auto a = one.certificate(), b = two.certificate();
  const auto digest = [](const std::vector<Certificate>& set) { return crypto::trust_digest(set); };
  EXPECT_EQ(digest({a, b}), digest({b, a}));
  EXPECT_EQ(digest({a, b, a}), digest({a, b}));
  EXPECT_NE(digest({a}), digest({a, b}));
  EXPECT_NE(digest({a}), digest({b}));
  EXPECT_EQ(digest({a}), crypto::sha256(a.digest().bytes())) << "docs/formats/wire.md";
}

TEST_F(CertificateTest, ItsNamesAreThoseItWasMadeFor) {
  const auto key = crypto::TlsKey::generate().value();
  const auto server =
      one.issue_server(key, {"collector.example", "192.0.2.250", "::1", "2001:db8::ff00:7"}, kNow).value();
  EXPECT_THAT(server.names(),
              ElementsAre("collector.example", "192.0.2.250", "0:0:0:0:0:0:0:1", "2001:db8:0:0:0:0:ff00:7"));
  EXPECT_EQ(one.issue_server(key, server.names(), kNow).value().names(), server.names());
  EXPECT_THAT(one.certificate().names(), IsEmpty());
  EXPECT_TRUE(key.is_for(server));
  EXPECT_FALSE(key.is_for(one.certificate()));
  EXPECT_TRUE(server.is_issued_by(one.certificate()));
  EXPECT_FALSE(server.is_issued_by(two.certificate()));
}

}  // namespace
