#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "collector/mail/smtp_transport.h"
#include "common/crypto/authority.h"
#include "common/timing/clock.h"
#include "tests/support/smtp/smtp_server.h"

namespace collector::mail {
namespace {

using support::smtp::Behaviour;
using support::smtp::SmtpServer;
using support::smtp::TlsIdentity;

// A server for 127.0.0.1 under a private authority whose certificate lies in a file.
class SmtpTls : public testing::Test {
 protected:
  void SetUp() override {
    ca_file_ =
        testing::TempDir() + "smtp_ca_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::ofstream{ca_file_} << authority_.certificate().pem();
  }
  void TearDown() override { std::filesystem::remove(ca_file_); }

  TlsIdentity identity(const std::string& name, bool from_first_byte) const {
    const auto key = crypto::TlsKey::generate().value();
    const auto certificate = authority_.issue_server(key, {name}, now_).value();
    return {.certificate_pem = certificate.pem(),
            .key_pem = key.pem().value(),
            .from_first_byte = from_first_byte};
  }

  Delivery deliver(const SmtpServer& server, Tls tls, const std::filesystem::path& ca_file) const {
    SmtpOptions options;
    options.host = "127.0.0.1";
    options.port = server.port();
    options.tls = tls;
    options.ca_file = ca_file;
    const Envelope envelope{.message_id = "m1@x", .from = "support@example.org", .to = {"it@acme.example"}};
    return SmtpTransport::make(options).value().deliver(envelope, "Subject: x\r\n\r\nhello\r\n");
  }

  timing::UtcMs now_ = timing::system_clock().utc();
  crypto::Authority authority_ = crypto::Authority::create("Mail test authority", now_).value();
  std::filesystem::path ca_file_;
};

TEST_F(SmtpTls, StarttlsDelivers) {
  const SmtpServer server{Behaviour::accept, identity("127.0.0.1", false)};
  const auto delivery = deliver(server, Tls::starttls, ca_file_);
  EXPECT_EQ(delivery.outcome, Outcome::delivered) << delivery.detail;
  EXPECT_EQ(server.received().size(), 1u);
}

TEST_F(SmtpTls, TlsFromTheFirstByteDelivers) {
  const SmtpServer server{Behaviour::accept, identity("127.0.0.1", true)};
  const auto delivery = deliver(server, Tls::tls, ca_file_);
  EXPECT_EQ(delivery.outcome, Outcome::delivered) << delivery.detail;
  EXPECT_EQ(server.received().size(), 1u);
}

TEST_F(SmtpTls, ALostReplyIsUncertainUnderTlsToo) {
  const SmtpServer server{Behaviour::drop_before_reply, identity("127.0.0.1", false)};
  EXPECT_EQ(deliver(server, Tls::starttls, ca_file_).outcome, Outcome::uncertain);
  EXPECT_EQ(server.received().size(), 1u);
}

TEST_F(SmtpTls, AServerThatCannotProveItsNameGetsNothing) {
  for (const bool from_first_byte : {false, true}) {
    const auto tls = from_first_byte ? Tls::tls : Tls::starttls;
    const SmtpServer other_name{Behaviour::accept, identity("mail.example.org", from_first_byte)};
    EXPECT_EQ(deliver(other_name, tls, ca_file_).outcome, Outcome::unavailable);
    EXPECT_TRUE(other_name.received().empty());
    const SmtpServer unknown_authority{Behaviour::accept, identity("127.0.0.1", from_first_byte)};
    EXPECT_EQ(deliver(unknown_authority, tls, {}).outcome, Outcome::unavailable);
    EXPECT_TRUE(unknown_authority.received().empty());
  }
}

TEST_F(SmtpTls, AServerThatInsistsOnTlsGetsNothingFromAClientInTheClear) {
  const SmtpServer server{Behaviour::accept, identity("127.0.0.1", false)};
  EXPECT_EQ(deliver(server, Tls::none, {}).outcome, Outcome::unavailable);
}

}  // namespace
}  // namespace collector::mail
