// The limits at the real port: what is beyond them is refused by name, and what keeps within them goes on.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "collector/net/address.h"
#include "common/websocket/http.h"
#include "tests/collector/net/harbour.h"

namespace collector::net {
namespace {

using Ack = wire::Ack;
using Enroll = wire::EnrollResponse;

#define LIMITED_SUITE(name, ...)                 \
  class name : public HarbourTest {              \
   public:                                       \
    name() : HarbourTest{Limits{__VA_ARGS__}} {} \
  };                                             \
  INSTANTIATE_TEST_SUITE_P(On, name, testing::Values(store::Dialect::sqlite), store::dialect_name)

LIMITED_SUITE(RecordRateTest, .agent_records_per_s = 1, .agent_records_burst = 2);
LIMITED_SUITE(ByteRateTest, .agent_bytes_per_s = 1, .agent_bytes_burst = 2);
LIMITED_SUITE(StrikeTest, .strikes_max = 3);
LIMITED_SUITE(EnrolmentRateTest, .address_enrolments_per_min = 2);
LIMITED_SUITE(RenewalRateTest, .agent_renewals_per_h = 1);
LIMITED_SUITE(StrangersTest, .stranger_handshakes_per_s = 1);
LIMITED_SUITE(ConnectionsTest, .address_connections_max = 2);
LIMITED_SUITE(HandshakesTest, .address_handshakes_per_min = 2);
LIMITED_SUITE(PatienceTest, .first_frame = std::chrono::milliseconds{20});

// Sends three batches at once: the first may pass, the others are answered busy, in order.
awaitable<void> be_too_fast(HarbourTest& t, const Caller& caller) {
  auto dialled = co_await t.hello(caller);
  auto head = record::kChainStart;
  std::vector<wire::Frame> frames;
  for (std::uint64_t seq = 1; seq <= 7; seq += 3) {
    frames.push_back(HarbourTest::batch(caller, seq, head, "one two three"));
    head = must(crypto::Digest::from_bytes(frames.back().batch().head()));
    const auto sent = co_await dialled.socket->write(frames.back().SerializeAsString());
    EXPECT_TRUE(sent);
  }
  for (int i = 0; i < 3; ++i) {
    const auto bytes = co_await dialled.socket->read(std::chrono::seconds{30});
    wire::Frame answer;
    if (!bytes || !answer.ParseFromString(*bytes)) throw std::runtime_error("no answer");
    const auto& ack = answer.ack();
    EXPECT_EQ(ack.outcome(), i == 0 ? Ack::ACCEPTED : Ack::BUSY) << i;
    EXPECT_EQ(ack.committed_seq(), 3u) << i;
    EXPECT_EQ(ack.window(), i == 0 ? 4u : 0u);
    EXPECT_EQ(ack.retry_after_ms() > 0, i > 0);
    EXPECT_TRUE(record::is_signed(ack, caller.id, t.acknowledgement_.public_key()));
  }
  // Nothing is lost and the connection stays: the first batch again is answered at leisure.
  dialled.socket->abort();
}

TEST_P(RecordRateTest, AnAgentBeyondItIsToldToWait) {
  const auto anna = make_caller(1);
  converse(be_too_fast(*this, anna));
  settle();
  look();
  EXPECT_EQ(stored(), 3u);
  EXPECT_EQ(counted("busy_records"), 1) << "the third did not join, whatever the rate";
}

TEST_P(ByteRateTest, AnAgentBeyondItIsToldToWait) {
  const auto anna = make_caller(1);
  converse(be_too_fast(*this, anna));
  settle();
  look();
  EXPECT_EQ(stored(), 3u);
  EXPECT_EQ(counted("busy_bytes"), 1);
}

TEST_P(StrikeTest, WhoSendsTooManyFaultyFramesIsNotListenedTo) {
  const auto anna = make_caller(1), ben = make_caller(2);
  converse([](StrikeTest& t, const Caller& caller, const Caller& other) -> awaitable<void> {
    for (int i = 0; i < 3; ++i) {
      auto dialled = co_await t.hello(caller);
      auto frame = batch(caller, 1, record::kChainStart, "one");
      frame.mutable_batch()->mutable_sig()->back() ^= 1;
      const auto answer = co_await ask(*dialled.socket, std::move(frame));
      EXPECT_TRUE(answer && answer->ack().outcome() == Ack::BAD_SIGNATURE);
      EXPECT_TRUE(co_await is_ended(*dialled.socket));
    }
    auto socket = co_await t.dial(t.tls_of(caller), "/v1/stream");
    EXPECT_TRUE(co_await is_ended(*socket)) << "before it has said anything";
    auto bystander = co_await t.hello(other);
    EXPECT_EQ(bystander.first.welcome().outcome(), wire::Welcome::ACCEPTED) << "the same address";
    bystander.socket->abort();
  }(*this, anna, ben));
  settle();
  look();
  EXPECT_EQ(counted("agent_refused"), 1);
  EXPECT_EQ(counted("bad_signature"), 3);
}

TEST_P(StrikeTest, AStrangersAddressIsRefusedButNotItsAgents) {
  const auto anna = make_caller(1);
  converse([](StrikeTest& t, const Caller& caller) -> awaitable<void> {
    for (int i = 0; i < 3; ++i) {
      auto socket = co_await t.dial(t.tls_of_nobody(), "/v1/enroll");
      const auto sent = co_await socket->write("garbage");
      EXPECT_TRUE(sent);
      EXPECT_TRUE(co_await is_ended(*socket));
    }
    auto stream = co_await t.dial_raw(t.tls_of_nobody());
    std::array<char, 10> part{};
    const auto [ended, size] = co_await stream.async_read_some(
        boost::asio::buffer(part), boost::asio::as_tuple(boost::asio::use_awaitable));
    EXPECT_TRUE(ended);
    stream.impl().close();
    auto dialled = co_await t.hello(caller);
    EXPECT_EQ(dialled.first.welcome().outcome(), wire::Welcome::ACCEPTED);
    dialled.socket->abort();
  }(*this, anna));
  settle();
  look();
  EXPECT_EQ(counted("enroll_malformed"), 3);
  EXPECT_EQ(counted("address_refused"), 1);
}

TEST_P(EnrolmentRateTest, MoreAreToldSo) {
  converse([](EnrolmentRateTest& t) -> awaitable<void> {
    for (int i = 0; i < 3; ++i) {
      auto socket = co_await t.dial(t.tls_of_nobody(), "/v1/enroll");
      wire::Frame frame;
      frame.mutable_enroll_request()->set_token_secret("0123456789abcdef");
      const auto answer = co_await ask(*socket, frame);
      if (!answer) throw std::runtime_error("no answer");
      EXPECT_EQ(answer->enroll_response().outcome(), i < 2 ? Enroll::UNKNOWN_TOKEN : Enroll::TOO_MANY);
      EXPECT_TRUE(co_await is_ended(*socket));
    }
  }(*this));
  settle();
  look();
  EXPECT_EQ(counted("enroll_TOO_MANY"), 1);
  EXPECT_EQ(counted("enroll_UNKNOWN_TOKEN"), 2);
}

TEST_P(EnrolmentRateTest, AStrangersMessageIsSmall) {
  converse([](EnrolmentRateTest& t) -> awaitable<void> {
    wire::Frame frame;
    frame.mutable_enroll_request()->set_token_secret("0123456789abcdef");
    frame.mutable_enroll_request()->set_hostname(std::string(std::size_t{17} * 1024, 'x'));
    auto socket = co_await t.dial(t.tls_of_nobody(), "/v1/enroll");
    const auto answer = co_await ask(*socket, frame);
    EXPECT_FALSE(answer);
    auto stream = co_await t.dial_raw(t.tls_of_nobody());
    auto posted = websocket::connect_http(std::move(stream), "127.0.0.1", "/v1/enroll");
    const auto other = co_await ask(*posted, frame);
    EXPECT_FALSE(other);
    posted->abort();
  }(*this));
  settle();
  look();
  EXPECT_EQ(counted("enroll_malformed"), 2);
  EXPECT_EQ(counted("enroll_UNKNOWN_TOKEN"), 0);
}

TEST_P(StrangersTest, MoreOfAllAddressesAreShownOutButNoAgents) {
  const auto anna = make_caller(1);
  converse([](StrangersTest& t, const Caller& caller) -> awaitable<void> {
    for (int i = 0; i < 11; ++i) {
      auto stream = co_await t.dial_raw(t.tls_of_nobody());
      const std::string nothing = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
      co_await boost::asio::async_write(stream, boost::asio::buffer(nothing),
                                        boost::asio::as_tuple(boost::asio::use_awaitable));
      std::array<char, 10> part{};
      const auto [ended, size] = co_await stream.async_read_some(
          boost::asio::buffer(part), boost::asio::as_tuple(boost::asio::use_awaitable));
      EXPECT_EQ(size > 0, i < 10) << i;
      stream.impl().close();
    }
    auto dialled = co_await t.hello(caller);
    EXPECT_EQ(dialled.first.welcome().outcome(), wire::Welcome::ACCEPTED);
    dialled.socket->abort();
  }(*this, anna));
  settle();
  look();
  EXPECT_EQ(counted("stranger_handshakes"), 1);
}

TEST_P(RenewalRateTest, AnAgentThatWantsMoreIsSentAway) {
  const auto anna = make_caller(1);
  converse([](RenewalRateTest& t, const Caller& caller) -> awaitable<void> {
    auto dialled = co_await t.hello(caller);
    wire::Frame frame;
    auto& renewal = *frame.mutable_renew_request();
    renewal.set_csr(must(crypto::make_certificate_request(must(crypto::TlsKey::generate()))));
    renewal.set_record_key_proof(caller.record_key.sign(record::renew_text(caller.id, renewal.csr())));
    const auto answer = co_await ask(*dialled.socket, frame);
    EXPECT_TRUE(answer && answer->renew_response().accepted());
    const auto sent = co_await dialled.socket->write(frame.SerializeAsString());
    EXPECT_TRUE(sent);
    EXPECT_TRUE(co_await is_ended(*dialled.socket));
  }(*this, anna));
  settle();
  look();
  EXPECT_EQ(counted("agent_renewals"), 1);
}

// True if the port ends a connection before it has shaken hands.
awaitable<bool> is_shown_out(HarbourTest& t) {
  boost::asio::ip::tcp::socket socket{t.io_};
  co_await socket.async_connect({boost::asio::ip::address_v4::loopback(), t.server_->port()},
                                boost::asio::use_awaitable);
  char byte = 0;
  const auto [ended, size] = co_await socket.async_read_some(
      boost::asio::buffer(&byte, 1), boost::asio::as_tuple(boost::asio::use_awaitable));
  co_return static_cast<bool>(ended);
}

TEST_P(ConnectionsTest, MoreOfOneAddressAreShownOut) {
  const auto anna = make_caller(1), ben = make_caller(2);
  converse([](ConnectionsTest& t, const Caller& one, const Caller& two) -> awaitable<void> {
    auto first = co_await t.hello(one);
    auto second = co_await t.hello(two);
    EXPECT_TRUE(co_await is_shown_out(t));
    co_await first.socket->close(websocket::CloseCode::normal, "");
    while (t.server_->connections() > 1) co_await boost::asio::post(t.io_, boost::asio::use_awaitable);
    auto again = co_await t.hello(one);
    EXPECT_EQ(again.first.welcome().outcome(), wire::Welcome::ACCEPTED) << "a place was left";
    again.socket->abort();
    second.socket->abort();
  }(*this, anna, ben));
  settle();
  look();
  EXPECT_EQ(counted("address_connections"), 1);
}

TEST_P(HandshakesTest, MoreOfOneAddressAreShownOut) {
  const auto anna = make_caller(1);
  converse([](HandshakesTest& t, const Caller& caller) -> awaitable<void> {
    for (int i = 0; i < 2; ++i) {
      auto dialled = co_await t.hello(caller);
      dialled.socket->abort();
    }
    EXPECT_TRUE(co_await is_shown_out(t));
  }(*this, anna));
  settle();
  look();
  EXPECT_EQ(counted("address_handshakes"), 1);
}

TEST_P(PatienceTest, WhoSaysNothingIsNotWaitedForForEver) {
  const auto anna = make_caller(1);
  converse([](PatienceTest& t, const Caller& caller) -> awaitable<void> {
    auto stream = co_await t.dial(t.tls_of(caller), "/v1/stream");
    const auto end = co_await stream->read(std::chrono::seconds{30});
    EXPECT_FALSE(end);
    auto enrol = co_await t.dial(t.tls_of_nobody(), "/v1/enroll");
    const auto other = co_await enrol->read(std::chrono::seconds{30});
    EXPECT_FALSE(other);
  }(*this, anna));
  settle();
  look();
  EXPECT_EQ(counted("first_frame_late"), 2);
}

TEST(AddressKey, AnAddressOrItsNetwork) {
  const std::pair<const char*, const char*> table[] = {
      {"192.0.2.7", "192.0.2.7"},
      {"::ffff:192.0.2.7", "192.0.2.7"},
      {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
      {"2001:db8:1:2::1", "2001:db8:1:2::/64"},
      {"::1", "::/64"},
  };
  for (const auto& [address, key] : table) {
    EXPECT_EQ(address_key(boost::asio::ip::make_address(address)), key);
  }
}

}  // namespace
}  // namespace collector::net
