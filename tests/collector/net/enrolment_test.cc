// The one conversation without a certificate.

#include <array>

#include "common/record/signed_text.h"
#include "tests/collector/net/harbour.h"

namespace collector::net {
namespace {

using Enroll = wire::EnrollResponse;
HARBOUR_SUITE(EnrolmentPortTest);

wire::Frame request(const std::string& secret) {
  const auto key = must(crypto::SigningKey::generate());
  wire::Frame frame;
  auto& one = *frame.mutable_enroll_request();
  one.set_token_secret(secret);
  one.set_csr(must(crypto::make_certificate_request(must(crypto::TlsKey::generate()))));
  one.set_record_public_key(std::string{key.public_key().bytes()});
  one.set_record_key_proof(key.sign(record::enroll_text(one.csr(), key.public_key(), secret)));
  one.set_hostname("anna-pc");
  return frame;
}

TEST_P(EnrolmentPortTest, ATokenIsAnsweredOnceThenTheConnectionEnds) {
  make_token("secret-secret-16");
  converse([](EnrolmentPortTest& t) -> awaitable<void> {
    const std::array outcomes{Enroll::ACCEPTED, Enroll::USED_TOKEN};
    for (const auto expected : outcomes) {
      auto socket = co_await t.dial(t.tls_of_nobody(), "/v1/enroll");
      const auto answer = co_await ask(*socket, request("secret-secret-16"));
      if (!answer) throw std::runtime_error("no answer");
      EXPECT_EQ(answer->enroll_response().outcome(), expected) << answer->enroll_response().detail();
      EXPECT_TRUE(co_await is_ended(*socket));
    }
  }(*this));
  settle();
  look();
  EXPECT_EQ(counted("enroll_USED_TOKEN"), 1);
}

TEST_P(EnrolmentPortTest, AnythingElseIsShownOut) {
  const auto anna = make_caller(1);
  wire::Frame hello, renewal;
  hello.mutable_hello()->set_agent_id(std::string{anna.id.bytes()});
  renewal.mutable_renew_request();
  for (const auto& bytes : {std::string{"garbage"}, hello.SerializeAsString(), renewal.SerializeAsString(),
                            batch(anna, 1, record::kChainStart, "one").SerializeAsString()}) {
    converse([](EnrolmentPortTest& t, const Caller& caller, std::string message) -> awaitable<void> {
      auto socket = co_await t.dial(t.tls_of(caller), "/v1/enroll");
      const auto sent = co_await socket->write(message);
      EXPECT_TRUE(sent);
      EXPECT_TRUE(co_await is_ended(*socket));
    }(*this, anna, bytes));
  }
  EXPECT_EQ(stored(), 0u);
}

}  // namespace
}  // namespace collector::net
