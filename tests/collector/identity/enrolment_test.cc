// Tokens become agents, certificates become newer ones; each refusal by its name.

#include "collector/identity/enrolment.h"

#include <algorithm>
#include <map>
#include <thread>

#include "collector/store/agents.h"
#include "common/crypto/tls_key.h"
#include "common/record/signed_text.h"
#include "tests/collector/store/small_world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::identity {
namespace {

namespace wire = deskledger::v1;
using store::must;
using Enroll = wire::EnrollResponse;

const timing::UtcMs kNow = timing::from_rfc3339("2026-11-16T08:00:00Z").value();

class EnrolmentTest : public store::StoreTest {
 protected:
  EnrolmentTest()
      : authority_{must(crypto::Authority::create("Test CA", kNow))},
        acknowledgement_{must(crypto::SigningKey::generate())},
        record_key_{must(crypto::SigningKey::generate())},
        tls_key_{must(crypto::TlsKey::generate())} {}

  void make_token(const std::string& secret) {
    write([&](store::Transaction& t) {
      const std::string hash{crypto::sha256(secret).bytes()};
      must(store::create_token(t, {.secret_hash = hash,
                                   .workstation = "anna-pc",
                                   .created = kNow,
                                   .expires = kNow + std::chrono::minutes{15}}));
    });
  }
  wire::EnrollRequest request(const std::string& secret, const crypto::SigningKey& key) {
    wire::EnrollRequest one;
    one.set_token_secret(secret);
    one.set_csr(must(crypto::make_certificate_request(tls_key_)));
    one.set_record_public_key(std::string{key.public_key().bytes()});
    one.set_hostname("anna-pc.local");
    one.set_os("Debian 12");
    one.set_agent_version("0.1.0");
    sign(one, key);
    return one;
  }
  static void sign(wire::EnrollRequest& one, const crypto::SigningKey& key) {
    const auto public_key = must(crypto::PublicKey::from_bytes(one.record_public_key()));
    one.set_record_key_proof(key.sign(record::enroll_text(one.csr(), public_key, one.token_secret())));
  }
  Issuer issuer() {
    return {.authority = authority_,
            .trusted = trusted_,
            .acknowledgement_key = acknowledgement_.public_key()};
  }
  Enroll ask(const wire::EnrollRequest& one, timing::UtcMs now = kNow) {
    return must(enroll(connection_, issuer(), one, now));
  }
  std::size_t agents() {
    return read([](store::Transaction& t) { return must(store::list_agents(t)).size(); });
  }
  std::map<std::string, std::int64_t> counted() {
    std::map<std::string, std::int64_t> counts;
    for (const auto& row : read([](store::Transaction& t) { return must(store::list_counters(t)); }))
      counts[row.outcome] += row.n;
    return counts;
  }
  // An enrolled agent.
  record::AgentId enrolled() {
    make_token("secret-secret-16");
    return must(record::AgentId::from_bytes(ask(request("secret-secret-16", record_key_)).agent_id()));
  }
  wire::RenewRequest renewal(const record::AgentId& agent, const crypto::SigningKey& key) {
    wire::RenewRequest one;
    one.set_csr(must(crypto::make_certificate_request(tls_key_)));
    one.set_record_key_proof(key.sign(record::renew_text(agent, one.csr())));
    return one;
  }

  crypto::Authority authority_;
  std::vector<crypto::Certificate> trusted_{authority_.certificate()};
  crypto::SigningKey acknowledgement_;
  crypto::SigningKey record_key_;
  crypto::TlsKey tls_key_;
};
INSTANTIATE_TEST_SUITE_P(On, EnrolmentTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(EnrolmentTest, AGoodTokenMakesAnAgent) {
  make_token("secret-secret-16");
  const auto answer = ask(request("secret-secret-16", record_key_));
  ASSERT_EQ(answer.outcome(), Enroll::ACCEPTED) << answer.detail();
  EXPECT_EQ(answer.workstation(), "anna-pc");
  EXPECT_EQ(answer.ca_certificate(), authority_.certificate().der());
  EXPECT_EQ(answer.collector_public_key(), acknowledgement_.public_key().bytes());
  const auto id = must(record::AgentId::from_bytes(answer.agent_id()));
  const auto certificate = must(crypto::Certificate::from_der(answer.certificate()));
  EXPECT_EQ(certificate.common_name(), id.hex());
  const auto row =
      read([&](store::Transaction& t) { return must(store::find_agent(t, answer.agent_id())).value(); });
  EXPECT_EQ(row.workstation, "anna-pc");
  EXPECT_EQ(row.record_key, record_key_.public_key().bytes());
  EXPECT_EQ(row.hostname, "anna-pc.local");
  EXPECT_EQ(row.os, "Debian 12");
  EXPECT_EQ(row.version, "0.1.0");
  EXPECT_EQ(row.enrolled, kNow);
}

TEST_P(EnrolmentTest, EachRefusalIsNamedAndCountedAndUsesNothingUp) {
  make_token("secret-secret-16");
  const auto other = must(crypto::SigningKey::generate());
  const auto changed = [&](auto change, bool signed_again = true) {
    auto one = request("secret-secret-16", record_key_);
    change(one);
    if (signed_again) sign(one, record_key_);
    return one;
  };
  auto short_key = request("secret-secret-16", record_key_);
  short_key.set_record_public_key("short");
  const struct {
    std::string name;
    wire::EnrollRequest request;
    Enroll::Outcome outcome;
    timing::UtcMs now = kNow;
  } table[] = {
      {"unknown", request("another-secret-1", record_key_), Enroll::UNKNOWN_TOKEN},
      {"no secret", request("", record_key_), Enroll::UNKNOWN_TOKEN},
      {"expired", request("secret-secret-16", record_key_), Enroll::EXPIRED_TOKEN,
       kNow + std::chrono::minutes{15} + std::chrono::milliseconds{1}},
      {"signed by another key", changed([&](auto& r) { sign(r, other); }, false), Enroll::BAD_REQUEST},
      {"no proof", changed([](auto& r) { r.clear_record_key_proof(); }, false), Enroll::BAD_REQUEST},
      {"short key", short_key, Enroll::BAD_REQUEST},
      {"another CSR than was signed", changed([](auto& r) { r.mutable_csr()->back() ^= 1; }, false),
       Enroll::BAD_REQUEST},
      {"no CSR", changed([](auto& r) { r.set_csr("no request"); }), Enroll::BAD_REQUEST},
      {"a NUL in its name", changed([](auto& r) { r.set_hostname(std::string("a\0b", 3)); }),
       Enroll::BAD_REQUEST},
      {"a name without end", changed([](auto& r) { r.set_os(std::string(256, 'x')); }), Enroll::BAD_REQUEST},
  };
  std::map<std::string, std::int64_t> counts;
  for (const auto& one : table) {
    const auto answer = ask(one.request, one.now);
    EXPECT_EQ(answer.outcome(), one.outcome) << one.name << ": " << answer.detail();
    EXPECT_NE(answer.detail(), "") << one.name;
    EXPECT_EQ(answer.certificate(), "") << one.name;
    EXPECT_EQ(agents(), 0u) << one.name;
    ++counts["enroll_" + Enroll::Outcome_Name(one.outcome)];
  }
  EXPECT_EQ(counted(), counts);
  EXPECT_EQ(ask(request("secret-secret-16", record_key_)).outcome(), Enroll::ACCEPTED);
  EXPECT_EQ(ask(request("secret-secret-16", record_key_)).outcome(), Enroll::USED_TOKEN);
}

TEST_P(EnrolmentTest, ARecordKeyIsEnrolledOnce) {
  enrolled();
  make_token("another-secret-1");
  const auto answer = ask(request("another-secret-1", record_key_));
  EXPECT_EQ(answer.outcome(), Enroll::BAD_REQUEST);
  EXPECT_NE(answer.detail().find("enrolled already"), std::string::npos);
  EXPECT_EQ(agents(), 1u);
  EXPECT_EQ(counted()["enroll_BAD_REQUEST"], 1);
  const auto other = must(crypto::SigningKey::generate());
  EXPECT_EQ(ask(request("another-secret-1", other)).outcome(), Enroll::ACCEPTED)
      << "the token was not used up";
}

TEST_P(EnrolmentTest, OfManyAtOnceExactlyOneSucceeds) {
  make_token("secret-secret-16");
  constexpr int kThreads = 6;
  std::vector<wire::EnrollRequest> requests;
  for (int i = 0; i < kThreads; ++i)
    requests.push_back(request("secret-secret-16", must(crypto::SigningKey::generate())));
  std::vector<Enroll::Outcome> outcomes(kThreads, Enroll::OUTCOME_UNSPECIFIED);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      auto connection = must(store::Connection::open(url_));
      outcomes[i] = must(enroll(connection, issuer(), requests[i], kNow)).outcome();
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(std::ranges::count(outcomes, Enroll::ACCEPTED), 1);
  EXPECT_EQ(std::ranges::count(outcomes, Enroll::USED_TOKEN), kThreads - 1);
  EXPECT_EQ(agents(), 1u);
}

TEST_P(EnrolmentTest, RenewalAsksTheRecordKeyAndTheDatabase) {
  const auto agent = enrolled();
  const auto other = must(crypto::SigningKey::generate());
  const auto stranger = must(record::AgentId::random());
  const auto before = kNow + std::chrono::days{1}, expired = kNow - std::chrono::days{3},
             oldest = kNow - kRenewalGrace, too_old = oldest - std::chrono::milliseconds{1};
  const struct {
    std::string name;
    record::AgentId agent;
    wire::RenewRequest request;
    timing::UtcMs old_not_after;
    bool accepted;
  } table[] = {{"good", agent, renewal(agent, record_key_), before, true},
               {"expired", agent, renewal(agent, record_key_), expired, true},
               {"as old as may be", agent, renewal(agent, record_key_), oldest, true},
               {"too old", agent, renewal(agent, record_key_), too_old, false},
               {"wrong key", agent, renewal(agent, other), before, false},
               {"for another agent", agent, renewal(stranger, record_key_), before, false},
               {"not enrolled", stranger, renewal(stranger, record_key_), before, false}};
  for (const auto& one : table) {
    const auto answer = must(renew(connection_, issuer(), one.agent, one.old_not_after, one.request, kNow));
    EXPECT_EQ(answer.accepted(), one.accepted) << one.name << ": " << answer.detail();
    EXPECT_EQ(answer.certificate().empty(), !one.accepted) << one.name;
    if (one.accepted) {
      const auto certificate = must(crypto::Certificate::from_der(answer.certificate()));
      EXPECT_EQ(certificate.common_name(), agent.hex());
      EXPECT_GT(certificate.not_after(), kNow);
    }
  }
  auto bad = renewal(agent, record_key_);
  bad.set_csr("no request");
  bad.set_record_key_proof(record_key_.sign(record::renew_text(agent, bad.csr())));
  EXPECT_FALSE(must(renew(connection_, issuer(), agent, before, bad, kNow)).accepted());
  write([&](store::Transaction& t) { must(store::revoke(t, std::string{agent.bytes()}, kNow)); });
  const auto revoked = must(renew(connection_, issuer(), agent, before, renewal(agent, record_key_), kNow));
  EXPECT_FALSE(revoked.accepted());
  EXPECT_EQ(counted()["renewed"], 3);
  EXPECT_EQ(counted()["renewal_refused"], 6);
}

}  // namespace
}  // namespace collector::identity
