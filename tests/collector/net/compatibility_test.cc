// An agent of version 0.1 at this collector: its messages are bytes that were kept, and all it understands of
// our answers is what 0.1 knew.

#include "collector/store/agents.h"
#include "tests/collector/net/harbour.h"
#include "tests/collector/store/small_world.h"
#include "tests/support/wire/former_wire.h"

namespace collector::net {
namespace {

namespace v0_1 = support::wire0_1;
using support::read_by_0_1;
using support::said_by_0_1;

class FormerAgentTest : public HarbourTest {
 public:
  // The agent that made the kept messages, enrolled.
  Caller make_former(std::chrono::seconds lifetime = std::chrono::hours{1}) {
    const auto id = must(record::AgentId::from_hex("000102030405060708090a0b0c0d0e0f"));
    auto record_key = must(crypto::SigningKey::from_seed(std::string(32, '\x01')));
    auto tls_key = must(crypto::TlsKey::generate());
    const auto lately = timing::system_clock().utc() - std::chrono::minutes{5};
    auto certificate = must(
        authority_.issue_client(must(crypto::make_certificate_request(tls_key)), id.hex(), lately, lifetime));
    write([&](store::Transaction& t) {
      const auto token = must(store::create_token(t, {.secret_hash = "of the former agent",
                                                      .workstation = "ws",
                                                      .created = store::at(1),
                                                      .expires = store::at(2)}));
      auto row = store::agent_row(token, std::string{id.bytes()});
      row.record_key = std::string{record_key.public_key().bytes()};
      must(store::enrol(t, row));
    });
    return {.id = id,
            .record_key = std::move(record_key),
            .tls_key = std::move(tls_key),
            .certificate = std::move(certificate)};
  }

  // One message there, and the answer as 0.1 reads it.
  static awaitable<v0_1::Frame> tell(websocket::Connection& socket, std::string name) {
    const auto sent = co_await socket.write(said_by_0_1(name));
    if (!sent) throw std::runtime_error(name + ": " + sent.error().message);
    const auto bytes = co_await socket.read(std::chrono::seconds{30});
    if (!bytes) throw std::runtime_error(name + ": " + bytes.error().message);
    co_return read_by_0_1(*bytes);
  }

  awaitable<std::unique_ptr<websocket::Connection>> dial_as(const Caller& caller) {
    return dial(tls_of(caller), "/v1/stream");
  }
};
INSTANTIATE_TEST_SUITE_P(On, FormerAgentTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(FormerAgentTest, ItsRecordsAreStoredAndAcknowledged) {
  const auto former = make_former();
  converse([](FormerAgentTest& t, const Caller& caller) -> awaitable<void> {
    auto socket = co_await t.dial_as(caller);
    const auto welcome = co_await tell(*socket, "hello");
    EXPECT_EQ(welcome.welcome().outcome(), v0_1::Welcome::ACCEPTED);
    EXPECT_EQ(welcome.welcome().epoch(), 1u);
    EXPECT_EQ(welcome.welcome().committed_seq(), 0u);
    EXPECT_EQ(welcome.welcome().head(), std::string(32, '\0'));
    EXPECT_GE(welcome.welcome().window(), 1u);
    const struct {
      const char* name;
      v0_1::Ack::Outcome outcome;
      std::uint64_t committed;
    } rows[] = {
        {"batch_plain", v0_1::Ack::ACCEPTED, 2},
        {"batch_plain", v0_1::Ack::DUPLICATE, 2},
        {"batch_zstd", v0_1::Ack::ACCEPTED, 10},
    };
    for (const auto& row : rows) {
      const auto answer = co_await tell(*socket, row.name);
      EXPECT_EQ(answer.ack().outcome(), row.outcome) << row.name;
      EXPECT_EQ(answer.ack().committed_seq(), row.committed) << row.name;
      EXPECT_TRUE(crypto::verify(t.acknowledgement_.public_key(),
                                 record::ack_text(caller.id, 1, row.committed,
                                                  must(crypto::Digest::from_bytes(answer.ack().head()))),
                                 answer.ack().sig()))
          << row.name;
    }
    const auto terminals = co_await tell(*socket, "terminals_request");
    EXPECT_NE(terminals.terminals().version(), 0u);
    socket->abort();
  }(*this, former));
  EXPECT_EQ(stored(), 10u);
}

// An outcome that 0.1 does not know would be none to it: what it must not be told stays unsaid.
TEST_P(FormerAgentTest, ItIsRefusedInWordsItKnows) {
  const auto former = make_former();
  revoke(former);
  converse([](FormerAgentTest& t, const Caller& caller) -> awaitable<void> {
    auto socket = co_await t.dial_as(caller);
    const auto refused = co_await tell(*socket, "hello");
    EXPECT_EQ(refused.welcome().outcome(), v0_1::Welcome::REVOKED);
    EXPECT_FALSE(refused.welcome().detail().empty());
    socket->abort();
  }(*this, former));
}

TEST_P(FormerAgentTest, AGapIsAGap) {
  const auto former = make_former();
  converse([](FormerAgentTest& t, const Caller& caller) -> awaitable<void> {
    auto socket = co_await t.dial_as(caller);
    const auto welcome = co_await tell(*socket, "hello");
    EXPECT_TRUE(welcome.has_welcome());
    const auto gap = co_await tell(*socket, "batch_zstd");
    EXPECT_EQ(gap.ack().outcome(), v0_1::Ack::GAP);
    EXPECT_EQ(gap.ack().committed_seq(), 0u);
    socket->abort();
  }(*this, former));
}

TEST_P(FormerAgentTest, ItEnrols) {
  make_token("0123456789abcdef");
  converse([](FormerAgentTest& t) -> awaitable<void> {
    auto socket = co_await t.dial(t.tls_of_nobody(), "/v1/enroll");
    const auto answer = co_await tell(*socket, "enroll_request");
    const auto& response = answer.enroll_response();
    EXPECT_EQ(response.outcome(), v0_1::EnrollResponse::ACCEPTED) << response.detail();
    EXPECT_EQ(response.agent_id().size(), 16u);
    EXPECT_TRUE(crypto::Certificate::from_der(response.certificate()));
    EXPECT_EQ(response.ca_certificate(), t.authority_.certificate().der());
    EXPECT_EQ(response.collector_public_key(), t.acknowledgement_.public_key().bytes());
    EXPECT_FALSE(response.workstation().empty());
    socket->abort();
  }(*this));
}

TEST_P(FormerAgentTest, ItRenews) {
  const auto former = make_former(std::chrono::seconds{60});
  converse([](FormerAgentTest& t, const Caller& caller) -> awaitable<void> {
    auto socket = co_await t.dial_as(caller);
    const auto welcome = co_await tell(*socket, "hello");
    EXPECT_EQ(welcome.welcome().outcome(), v0_1::Welcome::RENEW_FIRST);
    const auto answer = co_await tell(*socket, "renew_request");
    EXPECT_TRUE(answer.renew_response().accepted()) << answer.renew_response().detail();
    EXPECT_TRUE(crypto::Certificate::from_der(answer.renew_response().certificate()));
    socket->abort();
  }(*this, former));
}

}  // namespace
}  // namespace collector::net
