// Tokens become agents, certificates become newer ones; each refusal by its name.

#include "collector/identity/enrolment.h"

#include <algorithm>
#include <map>
#include <thread>

#include "collector/store/agents.h"
#include "collector/store/log.h"
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

  std::int64_t make_token(const std::string& secret, const std::string& workstation = "anna-pc",
                          std::int64_t uses = 1, std::optional<std::string> replaces = {}) {
    return write([&](store::Transaction& t) {
      const std::string hash{crypto::sha256(secret).bytes()};
      return must(store::create_token(t, {.secret_hash = hash,
                                          .workstation = workstation,
                                          .uses_max = uses,
                                          .replaces = std::move(replaces),
                                          .created = kNow,
                                          .expires = kNow + std::chrono::minutes{15}}));
    });
  }
  store::AgentRow row_of(const std::string& agent_id) {
    return read([&](store::Transaction& t) { return must(store::find_agent(t, agent_id)).value(); });
  }
  // Enrols with a key of its own; the name it was given, or the outcome.
  std::string enrolled_as(const std::string& secret, const std::string& hostname) {
    const auto key = must(crypto::SigningKey::generate());
    auto one = request(secret, key);
    one.set_hostname(hostname);
    const auto answer = ask(one);
    return answer.outcome() == Enroll::ACCEPTED ? answer.workstation()
                                                : Enroll::Outcome_Name(answer.outcome());
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
    return {
        .authority = authority_, .trusted = trusted_, .acknowledgement_key = acknowledgement_.public_key()};
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
  for (const auto& one : table) {
    const auto answer = ask(one.request, one.now);
    EXPECT_EQ(counter_of(answer), "enroll_" + Enroll::Outcome_Name(one.outcome)) << one.name;
    EXPECT_EQ(answer.outcome(), one.outcome) << one.name << ": " << answer.detail();
    EXPECT_NE(answer.detail(), "") << one.name;
    EXPECT_EQ(answer.certificate(), "") << one.name;
    EXPECT_EQ(agents(), 0u) << one.name;
  }
  EXPECT_TRUE(counted().empty()) << "whoever asks counts: a refusal costs no write";
  EXPECT_EQ(ask(request("secret-secret-16", record_key_)).outcome(), Enroll::ACCEPTED);
  EXPECT_EQ(ask(request("secret-secret-16", other)).outcome(), Enroll::USED_TOKEN);
}

TEST_P(EnrolmentTest, WhoseAnswerWasLostIsAnsweredAgain) {
  const auto token = make_token("secret-secret-16", "", 2);
  const auto first = ask(request("secret-secret-16", record_key_));
  const auto other = must(crypto::SigningKey::generate());
  const auto second = ask(request("secret-secret-16", other));
  ASSERT_EQ(second.outcome(), Enroll::ACCEPTED);
  const auto last = kNow + std::chrono::minutes{15} + kRepeatedFor;
  const auto again = ask(request("secret-secret-16", record_key_), last);
  ASSERT_EQ(again.outcome(), Enroll::ACCEPTED) << again.detail();
  EXPECT_EQ(again.agent_id(), first.agent_id());
  EXPECT_EQ(again.workstation(), first.workstation());
  EXPECT_NE(again.certificate(), first.certificate());
  EXPECT_EQ(row_of(first.agent_id()).certificate_until, last + crypto::kClientLifetime);
  EXPECT_EQ(agents(), 2u);
  EXPECT_EQ(read([](store::Transaction& t) { return must(store::list_tokens(t, 1)).at(0).uses; }), 2);
  EXPECT_EQ(counted(), (std::map<std::string, std::int64_t>{{"enrolled_again", 1}}));

  auto unproven = request("secret-secret-16", record_key_);
  sign(unproven, other);
  EXPECT_EQ(ask(unproven).outcome(), Enroll::BAD_REQUEST) << "whoever knows the token and the public key";
  const auto late = ask(request("secret-secret-16", record_key_), last + std::chrono::milliseconds{1});
  EXPECT_EQ(late.outcome(), Enroll::USED_TOKEN);
  write([&](store::Transaction& t) { must(store::revoke(t, first.agent_id(), kNow)); });
  EXPECT_EQ(ask(request("secret-secret-16", record_key_)).outcome(), Enroll::USED_TOKEN) << "revoked agent";
  write([&](store::Transaction& t) { must(store::revoke_token(t, token, kNow)); });
  EXPECT_EQ(ask(request("secret-secret-16", other)).outcome(), Enroll::USED_TOKEN) << "revoked token";
}

TEST_P(EnrolmentTest, ARecordKeyIsEnrolledOnce) {
  enrolled();
  make_token("another-secret-1");
  const auto answer = ask(request("another-secret-1", record_key_));
  EXPECT_EQ(answer.outcome(), Enroll::BAD_REQUEST);
  EXPECT_NE(answer.detail().find("enrolled already"), std::string::npos);
  EXPECT_EQ(agents(), 1u);
  const auto other = must(crypto::SigningKey::generate());
  EXPECT_EQ(ask(request("another-secret-1", other)).outcome(), Enroll::ACCEPTED)
      << "the token was not used up";
}

// Issue 4: a thousand uses at once of a token for one.
TEST_P(EnrolmentTest, OfAThousandAtOnceExactlyOneSucceeds) {
  make_token("secret-secret-16");
  constexpr std::size_t kUses = 1'000, kThreads = 8;
  std::vector<wire::EnrollRequest> requests;
  for (std::size_t i = 0; i < kUses; ++i)
    requests.push_back(request("secret-secret-16", must(crypto::SigningKey::generate())));
  std::vector<Enroll> answers(kUses);
  std::vector<std::thread> threads;
  for (std::size_t thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      auto connection = must(store::Connection::open(url_));
      for (auto i = thread; i < kUses; i += kThreads) {
        answers[i] = must(enroll(connection, issuer(), requests[i], kNow));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  const auto with = [&](Enroll::Outcome outcome) {
    return std::ranges::count(answers, outcome, [](const Enroll& one) { return one.outcome(); });
  };
  EXPECT_EQ(with(Enroll::ACCEPTED), 1);
  EXPECT_EQ(with(Enroll::USED_TOKEN), 999);
  EXPECT_EQ(std::ranges::count_if(answers, [](const Enroll& one) { return !one.certificate().empty(); }), 1);
  EXPECT_EQ(agents(), 1u);
}

TEST_P(EnrolmentTest, ATokenOfManyUsesTakesTheHostNamesAndMakesThemUnique) {
  make_token("secret-secret-16", "", 5);
  EXPECT_EQ(enrolled_as("secret-secret-16", ""), "BAD_REQUEST") << "nobody to be known by";
  EXPECT_EQ(enrolled_as("secret-secret-16", "desk"), "desk");
  EXPECT_EQ(enrolled_as("secret-secret-16", "desk"), "desk-2");
  EXPECT_EQ(enrolled_as("secret-secret-16", "other"), "other");
  EXPECT_EQ(enrolled_as("secret-secret-16", "desk"), "desk-3");
  write([](store::Transaction& t) {
    for (const auto& agent : must(store::list_agents(t)))
      if (agent.workstation == "desk-2") must(store::revoke(t, agent.agent_id, kNow));
  });
  EXPECT_EQ(enrolled_as("secret-secret-16", "desk"), "desk-2") << "the name of a revoked agent is free";
  EXPECT_EQ(enrolled_as("secret-secret-16", "desk"), "USED_TOKEN");
}

TEST_P(EnrolmentTest, ARevokedTokenEnrolsNobody) {
  const auto id = make_token("secret-secret-16", "", 5);
  EXPECT_EQ(enrolled_as("secret-secret-16", "desk"), "desk");
  write([&](store::Transaction& t) { EXPECT_TRUE(must(store::revoke_token(t, id, kNow))); });
  EXPECT_EQ(enrolled_as("secret-secret-16", "desk"), "USED_TOKEN");
}

TEST_P(EnrolmentTest, AReplacementRevokesTheFormerAgentInTheSameTransaction) {
  const std::string former{enrolled().bytes()};
  make_token("another-secret-1", "anna-pc", 1, former);
  EXPECT_FALSE(row_of(former).revoked) << "until it is used";
  auto bad = request("another-secret-1", record_key_);
  EXPECT_EQ(ask(bad).outcome(), Enroll::BAD_REQUEST) << "the same record key";
  EXPECT_FALSE(row_of(former).revoked) << "a refused request changes nothing";
  const auto key = must(crypto::SigningKey::generate());
  const auto answer = ask(request("another-secret-1", key));
  ASSERT_EQ(answer.outcome(), Enroll::ACCEPTED) << answer.detail();
  EXPECT_EQ(answer.workstation(), "anna-pc");
  EXPECT_EQ(row_of(former).revoked, kNow);
  EXPECT_EQ(row_of(answer.agent_id()).replaces, former);
}

TEST_P(EnrolmentTest, AnAnswerCarriesAllCasAndTheCertificatesEndIsKept) {
  const auto next = must(crypto::Authority::create("Next CA", kNow));
  trusted_.push_back(next.certificate());
  make_token("secret-secret-16");
  const auto answer = ask(request("secret-secret-16", record_key_));
  ASSERT_EQ(answer.trusted_ca_size(), 2);
  EXPECT_EQ(answer.trusted_ca(0), authority_.certificate().der());
  EXPECT_EQ(answer.trusted_ca(1), next.certificate().der());
  EXPECT_EQ(row_of(answer.agent_id()).certificate_until, kNow + crypto::kClientLifetime);
  const auto agent = must(record::AgentId::from_bytes(answer.agent_id()));
  const auto later = kNow + std::chrono::days{5};
  const auto renewed = must(renew(connection_, issuer(), agent, kNow, renewal(agent, record_key_), later));
  ASSERT_TRUE(renewed.accepted()) << renewed.detail();
  EXPECT_EQ(renewed.trusted_ca_size(), 2);
  EXPECT_EQ(row_of(answer.agent_id()).certificate_until, later + crypto::kClientLifetime);
}

TEST_P(EnrolmentTest, RenewalAsksTheRecordKeyAndTheDatabase) {
  const auto agent = enrolled();
  const auto other = must(crypto::SigningKey::generate());
  const auto stranger = must(record::AgentId::random());
  const auto before = kNow + std::chrono::days{1}, expired = kNow - std::chrono::days{3},
             oldest = kNow - kRenewalGrace;
  const struct {
    std::string name;
    record::AgentId agent;
    wire::RenewRequest request;
    timing::UtcMs old_not_after;
    bool accepted;
  } table[] = {{"good", agent, renewal(agent, record_key_), before, true},
               {"expired", agent, renewal(agent, record_key_), expired, true},
               {"as old as may be", agent, renewal(agent, record_key_), oldest, true},
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
  EXPECT_EQ(counted()["renewal_refused"], 5);
}

TEST_P(EnrolmentTest, TheGraceBeginsWithTheNewestSignOfAnAgent) {
  const auto agent = enrolled();
  const std::string id{agent.bytes()};
  const auto renewed = [&](timing::UtcMs now, timing::UtcMs old_not_after) {
    return must(renew(connection_, issuer(), agent, old_not_after, renewal(agent, record_key_), now))
        .accepted();
  };
  const auto moment = std::chrono::milliseconds{1};
  const auto long_ago = kNow - std::chrono::days{3'000};
  auto end = kNow + crypto::kClientLifetime + kRenewalGrace;
  EXPECT_FALSE(renewed(end + moment, long_ago));
  EXPECT_FALSE(renewed(end + moment, kNow)) << "what it holds and what it was given";
  EXPECT_TRUE(renewed(end + moment, kNow + crypto::kClientLifetime + moment)) << "what it holds";
  // A certificate by a clock of long ago: seen and enrolled since.
  const auto given_long_ago = [&] {
    write([&](store::Transaction& t) { must(store::note_certificate(t, id, long_ago)); });
  };
  given_long_ago();
  EXPECT_FALSE(renewed(kNow + kRenewalGrace + moment, long_ago));
  EXPECT_TRUE(renewed(kNow + kRenewalGrace, long_ago));
  given_long_ago();
  const auto seen = kNow + std::chrono::days{20};
  write([&](store::Transaction& t) { must(store::touch_last_seen(t, id, seen)); });
  EXPECT_FALSE(renewed(seen + kRenewalGrace + moment, long_ago));
  EXPECT_TRUE(renewed(seen + kRenewalGrace, long_ago));
}

// Certificates of long ago would shut out the whole fleet once the clock is right again.
TEST_P(EnrolmentTest, NothingIsIssuedByAClockThatIsWrong) {
  const auto agent = enrolled();
  const std::string id{agent.bytes()};
  make_token("another-secret-1");
  const auto key = must(crypto::SigningKey::generate());
  const auto moment = std::chrono::milliseconds{1};
  const auto row = row_of(id);
  // By whom it is known: the CA, then an agent that was seen, then the log.
  const auto expect_wrong_before = [&](timing::UtcMs earliest, const std::string& why) {
    const auto now = earliest - moment;
    const auto refused = ask(request("another-secret-1", key), now);
    EXPECT_EQ(refused.outcome(), Enroll::TOO_MANY) << why << ": to be tried again";
    EXPECT_EQ(counter_of(refused), "enroll_clock_wrong");
    EXPECT_EQ(refused.detail().rfind("the collector's clock is wrong: it says ", 0), 0u) << refused.detail();
    const auto renewed = must(renew(connection_, issuer(), agent, kNow, renewal(agent, record_key_), now));
    EXPECT_FALSE(renewed.accepted()) << why;
    EXPECT_EQ(renewed.detail(), refused.detail()) << why;
    EXPECT_TRUE(
        must(renew(connection_, issuer(), agent, kNow, renewal(agent, record_key_), earliest)).accepted())
        << why;
  };
  const auto begins = authority_.certificate().not_before();
  expect_wrong_before(begins, "the CA");
  const auto seen = kNow + kClockBehindMax + std::chrono::minutes{5};
  write([&](store::Transaction& t) { must(store::touch_last_seen(t, id, seen)); });
  expect_wrong_before(seen - kClockBehindMax, "an agent");
  const auto logged = kNow + kClockBehindMax + std::chrono::minutes{10};
  write([&](store::Transaction& t) {
    must(store::add_checkpoint(
        t, {.tree_size = 1, .root = std::string(32, 'r'), .note = "n", .signed_at = logged}));
  });
  expect_wrong_before(logged - kClockBehindMax, "the log");
  EXPECT_EQ(counted()["renewal_clock_wrong"], 3);
  EXPECT_EQ(agents(), 1u);

  auto told = issuer();
  told.clock_is_right = true;
  const auto forced = must(enroll(connection_, told, request("another-secret-1", key), kNow));
  EXPECT_EQ(forced.outcome(), Enroll::ACCEPTED) << "the token was not used, and a person decides";
}

TEST_P(EnrolmentTest, ARevokedAgentTellsNothingOfTheClock) {
  const std::string id{enrolled().bytes()};
  make_token("another-secret-1");
  write([&](store::Transaction& t) {
    must(store::touch_last_seen(t, id, kNow + std::chrono::days{3'000}));
    must(store::revoke(t, id, kNow));
  });
  EXPECT_EQ(enrolled_as("another-secret-1", "x"), "anna-pc");
}

}  // namespace
}  // namespace collector::identity
