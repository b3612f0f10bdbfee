// Real handshakes over loopback, on ports the system chooses.

#include "common/tls/tls_stream.h"

#include <gmock/gmock.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <functional>

#include "common/async/task_group.h"
#include "tests/support/net/certificates.h"
#include "tests/support/net/co_test.h"

namespace {

namespace net = boost::asio;
using base::ErrorCode;
using base::Result;
using net::ip::tcp;
using support::TestAuthority;
using testing::HasSubstr;
using tls::SecureStream;
using namespace std::chrono_literals;

constexpr auto kAwait = net::as_tuple(net::use_awaitable);

tls::ServerTls server_tls(const TestAuthority& ca,
                          const std::vector<std::string>& names = {"127.0.0.1", "localhost"}) {
  const auto own = ca.server(names);
  return tls::ServerTls::create(std::array{ca.certificate()}, own.certificate, own.key).value();
}

tls::ClientTls client_tls(const TestAuthority& trusted, const support::Identity& own) {
  return tls::ClientTls::create(std::array{trusted.certificate()}, own.certificate, own.key).value();
}

// What each end saw of one connection. After a good handshake each end writes a byte and reads one: only then
// does a TLS 1.3 client know whether its certificate was taken.
struct Meeting {
  net::io_context io;
  tcp::acceptor acceptor{io, tcp::endpoint{net::ip::address_v4::loopback(), 0}};
  std::optional<Result<SecureStream>> client;
  std::optional<Result<SecureStream>> server;
  bool client_heard = false;
  bool server_heard = false;

  std::uint16_t port() const { return acceptor.local_endpoint().port(); }

  static net::awaitable<bool> greet(Result<SecureStream>& secure) {
    if (!secure) co_return false;
    std::array<char, 1> byte{'x'};
    const auto [write_error, written] = co_await net::async_write(secure->stream, net::buffer(byte), kAwait);
    const auto [read_error, read] = co_await net::async_read(secure->stream, net::buffer(byte), kAwait);
    co_return !write_error && !read_error;
  }

  net::awaitable<void> be_client(tls::ClientTls tls, std::string host) {
    client.emplace(co_await tls::connect(std::move(tls), std::move(host), port(), 10s));
    client_heard = co_await greet(*client);
    if (!client_heard && *client) client.emplace(base::fail(ErrorCode::unavailable, "the server went away"));
  }

  net::awaitable<void> be_server(tls::ServerTls tls) {
    auto socket = co_await acceptor.async_accept(net::use_awaitable);
    server.emplace(co_await tls::accept(std::move(tls), std::move(socket), 10s));
    server_heard = co_await greet(*server);
  }

  void hold(tls::ClientTls client_side, tls::ServerTls server_side, const std::string& host = "127.0.0.1") {
    support::run(io,
                 [](Meeting& m, tls::ClientTls c, tls::ServerTls s, std::string h) -> net::awaitable<void> {
                   async::TaskGroup group{m.io.get_executor(),
                                          [](const std::exception_ptr&) { FAIL() << "a task crashed"; }};
                   group.spawn(m.be_server(std::move(s)));
                   group.spawn(m.be_client(std::move(c), std::move(h)));
                   co_await group.join();
                 }(*this, std::move(client_side), std::move(server_side), host));
  }
};

TEST(TlsStream, BothEndsKnowEachOther) {
  const TestAuthority ca;
  const auto agent = ca.client("00112233445566778899aabbccddeeff");
  for (const std::string host : {"127.0.0.1", "localhost"}) {
    Meeting meeting;
    meeting.hold(client_tls(ca, agent), server_tls(ca), host);
    ASSERT_TRUE(meeting.client_heard && meeting.server_heard) << meeting.client->error().message;
    const auto& peer = (*meeting.server)->peer;
    ASSERT_TRUE(peer);
    EXPECT_EQ(peer->common_name, "00112233445566778899aabbccddeeff");
    EXPECT_EQ(peer->certificate, agent.certificate.digest());
    EXPECT_EQ(peer->not_after, agent.certificate.not_after());
    EXPECT_FALSE(peer->expired);
    EXPECT_EQ((*meeting.client)->peer->common_name, "127.0.0.1");
    EXPECT_THAT((*meeting.server)->address, testing::StartsWith("127.0.0.1:"));
    EXPECT_EQ((*meeting.client)->address, "127.0.0.1:" + std::to_string(meeting.port()));
  }
}

// The CA and the server's certificate were made so long ago, or will be, as the client sees it.
TEST(TlsStream, AClientWhoseClockIsWrongConnects) {
  constexpr std::chrono::days kYear{365};
  for (const auto age : {20 * kYear, 3 * kYear, -3 * kYear, -20 * kYear}) {
    const TestAuthority elsewhen{age};
    const auto agent = TestAuthority{}.client("agent");
    const auto years = std::to_string(age / kYear) + " years";
    Meeting enrolment;
    enrolment.hold(tls::ClientTls::for_enrollment(elsewhen.certificate().digest()).value(),
                   server_tls(elsewhen));
    EXPECT_TRUE(enrolment.client_heard) << years << ": " << enrolment.client->error().message;
    Meeting stream;
    stream.hold(client_tls(elsewhen, elsewhen.client("agent")), server_tls(elsewhen));
    EXPECT_TRUE(stream.client_heard) << years << ": " << stream.client->error().message;
    Meeting stranger;
    stranger.hold(client_tls(elsewhen, agent), server_tls(elsewhen));
    EXPECT_FALSE(stranger.client_heard) << years << ": whose certificate it is counts as ever";
  }
}

// The collector's own clock decides, once it is known who it is: both directions.
TEST(TlsStream, AClientOutOfItsTimeIsLetInAndReported) {
  const struct {
    const char* what;
    std::chrono::seconds age;
    std::chrono::seconds lifetime;
    bool expired;
  } rows[] = {{"valid", 1h, 24h, false},
              {"expired a day ago", 48h, 24h, true},
              {"expired years ago", 24h * 3000, 24h, true},
              {"begins tomorrow", -24h, 24h, true},
              {"begins years from now", -24h * 3000, 24h, true}};
  for (const auto& row : rows) {
    const TestAuthority ca{row.age};
    Meeting meeting;
    meeting.hold(client_tls(ca, ca.client("agent", row.lifetime)), server_tls(ca));
    ASSERT_TRUE(meeting.server_heard) << row.what << ": " << meeting.client->error().message;
    EXPECT_EQ((*meeting.server)->peer->expired, row.expired) << row.what;
  }
}

// While a CA is replaced, each end trusts both, and it does not matter from which one the other's comes.
TEST(TlsStream, TwoCasAreTrustedSideBySide) {
  const TestAuthority old;
  const TestAuthority next;
  const std::array both{old.certificate(), next.certificate()};
  const std::array other_way{next.certificate(), old.certificate()};
  for (const auto* client_ca : {&old, &next}) {
    for (const auto* server_ca : {&old, &next}) {
      const auto agent = client_ca->client("agent");
      const auto server = server_ca->server({"127.0.0.1"});
      const auto port = tls::ServerTls::create(other_way, server.certificate, server.key).value();
      Meeting meeting;
      meeting.hold(tls::ClientTls::create(both, agent.certificate, agent.key).value(), port);
      EXPECT_TRUE(meeting.client_heard && meeting.server_heard) << meeting.client->error().message;
      Meeting enrolment;
      enrolment.hold(tls::ClientTls::for_enrollment(server_ca->certificate().digest()).value(), port);
      EXPECT_TRUE(enrolment.client_heard) << enrolment.client->error().message;
    }
  }
  Meeting left_behind;
  left_behind.hold(client_tls(old, old.client("agent")), server_tls(next));
  EXPECT_FALSE(left_behind.client_heard);
}

TEST(TlsStream, AClientOfAnotherCaIsRefused) {
  const TestAuthority ca;
  const TestAuthority other;
  Meeting meeting;
  meeting.hold(client_tls(ca, other.client("agent")), server_tls(ca));
  EXPECT_FALSE(meeting.client_heard);
  ASSERT_FALSE(*meeting.server);
}

// A certificate made for the collector's listener must not open a stream as an agent.
TEST(TlsStream, AServerCertificateIsNoClientCertificate) {
  const TestAuthority ca;
  Meeting meeting;
  meeting.hold(client_tls(ca, ca.server({"agent"})), server_tls(ca));
  EXPECT_FALSE(*meeting.server);
  Meeting reversed;
  const auto agent = ca.client("127.0.0.1");
  reversed.hold(client_tls(ca, agent),
                tls::ServerTls::create(std::array{ca.certificate()}, agent.certificate, agent.key).value());
  EXPECT_FALSE(*reversed.client);
}

TEST(TlsStream, EnrolmentTrustsTheDigestAndNothingElse) {
  const TestAuthority ca;
  Meeting good;
  good.hold(tls::ClientTls::for_enrollment(ca.certificate().digest()).value(), server_tls(ca));
  EXPECT_TRUE(good.client_heard && good.server_heard) << good.client->error().message;
  EXPECT_FALSE((*good.server)->peer) << "a new agent has no certificate";

  const auto own = ca.server({"127.0.0.1"});
  const auto own_tls = tls::ServerTls::create(std::array{ca.certificate()}, own.certificate, own.key).value();
  const struct {
    const char* what;
    crypto::Digest digest;
    std::string host;
    std::string says;
  } rows[] = {
      {"another CA", TestAuthority{}.certificate().digest(), "127.0.0.1", "not from the collector's CA"},
      {"the server's own certificate", own.certificate.digest(), "127.0.0.1", "not from the collector's CA"},
      {"another host", ca.certificate().digest(), "localhost", "another host name"},
  };
  for (const auto& row : rows) {
    Meeting meeting;
    meeting.hold(tls::ClientTls::for_enrollment(row.digest).value(), own_tls, row.host);
    EXPECT_FALSE(meeting.client_heard) << row.what;
    EXPECT_THAT(meeting.client->error().message, HasSubstr(row.says)) << row.what;
  }
}

TEST(TlsStream, AForeignServerIsExplained) {
  const TestAuthority ca;
  const TestAuthority proxy;
  const auto agent = ca.client("agent");
  const struct {
    const char* what;
    tls::ServerTls server;
    std::string host;
    std::string says;
  } rows[] = {
      {"intercepting proxy", server_tls(proxy), "127.0.0.1",
       "the server's certificate is not from the collector's CA but from 'Test CA'"},
      {"wrong name", server_tls(ca, {"collector.example"}), "localhost", "another host name"},
      {"wrong address", server_tls(ca, {"192.0.2.7"}), "127.0.0.1", "another host name"},
  };
  for (const auto& row : rows) {
    Meeting meeting;
    meeting.hold(client_tls(ca, agent), row.server, row.host);
    EXPECT_FALSE(meeting.client_heard) << row.what;
    EXPECT_THAT(meeting.client->error().message, HasSubstr(row.says)) << row.what;
    EXPECT_FALSE(*meeting.server) << row.what;
  }
}

TEST(TlsStream, Tls12IsRefused) {
  const TestAuthority ca;
  Meeting meeting;
  support::run(meeting.io, [](Meeting& m, tls::ServerTls s) -> net::awaitable<void> {
    async::TaskGroup group{m.io.get_executor(), [](const std::exception_ptr&) { FAIL(); }};
    group.spawn(m.be_server(std::move(s)));
    net::ssl::context old{net::ssl::context::tlsv12_client};
    net::ssl::stream<tcp::socket> stream{m.io, old};
    co_await stream.next_layer().async_connect({net::ip::address_v4::loopback(), m.port()},
                                               net::use_awaitable);
    const auto [error] = co_await stream.async_handshake(net::ssl::stream_base::client, kAwait);
    EXPECT_TRUE(error);
    co_await group.join();
  }(meeting, server_tls(ca)));
  EXPECT_THAT(meeting.server->error().message, HasSubstr("does not speak TLS 1.3"));
}

// What a client is told when what answers is no TLS server.
std::string told_by_a_server_that(std::function<net::awaitable<void>(tcp::socket&)> behaves,
                                  std::chrono::milliseconds limit = 10s) {
  const TestAuthority ca;
  Meeting meeting;
  return support::run(
      meeting.io, [](Meeting& m, tls::ClientTls c, auto b, auto l) -> net::awaitable<std::string> {
        async::TaskGroup group{m.io.get_executor(), [](const std::exception_ptr&) { FAIL(); }};
        group.spawn([](Meeting& mm, auto bb) -> net::awaitable<void> {
          auto socket = co_await mm.acceptor.async_accept(net::use_awaitable);
          co_await bb(socket);
          // Stays open until the client has gone.
          std::array<char, 1024> sink{};
          for (;;) {
            const auto [error, size] = co_await socket.async_read_some(net::buffer(sink), kAwait);
            if (error) co_return;
          }
        }(m, b));
        const auto secure = co_await tls::connect(std::move(c), "127.0.0.1", m.port(), l);
        co_await group.join();
        co_return secure ? "connected"
                         : std::string{base::to_string(secure.error().code)} + ' ' + secure.error().message;
      }(meeting, client_tls(ca, ca.client("agent")), std::move(behaves), limit));
}

TEST(TlsStream, WhatIsNoTlsServerIsExplained) {
  EXPECT_THAT(told_by_a_server_that([](tcp::socket& socket) -> net::awaitable<void> {
                constexpr std::string_view kPortal = "HTTP/1.1 302 Found\r\nLocation: http://portal/\r\n\r\n";
                co_await net::async_write(socket, net::buffer(kPortal), kAwait);
              }),
              HasSubstr("unauthenticated connecting to 127.0.0.1:"));
  EXPECT_THAT(told_by_a_server_that([](tcp::socket& socket) -> net::awaitable<void> {
                constexpr std::string_view kPortal = "HTTP/1.1 302 Found\r\nLocation: http://portal/\r\n\r\n";
                co_await net::async_write(socket, net::buffer(kPortal), kAwait);
              }),
              HasSubstr(": portal: the server does not speak TLS: a captive portal"));
  EXPECT_THAT(told_by_a_server_that([](tcp::socket& socket) -> net::awaitable<void> {
                socket.shutdown(tcp::socket::shutdown_send);
                co_return;
              }),
              HasSubstr("the other side closed the connection"));
  EXPECT_THAT(told_by_a_server_that([](tcp::socket&) -> net::awaitable<void> { co_return; }, 20ms),
              HasSubstr("deadline_exceeded"));
}

TEST(TlsStream, NobodyThereIsExplained) {
  const TestAuthority ca;
  net::io_context io;
  std::uint16_t port = 0;
  {
    const tcp::acceptor taken{io, tcp::endpoint{net::ip::address_v4::loopback(), 0}};
    port = taken.local_endpoint().port();
  }
  const auto refused =
      support::run(io, tls::connect(client_tls(ca, ca.client("agent")), "127.0.0.1", port, 10s));
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
  EXPECT_THAT(refused.error().message, HasSubstr("connection refused"));
}

TEST(TlsStream, ASilentClientDoesNotHoldTheServer) {
  const TestAuthority ca;
  Meeting meeting;
  const auto accepted =
      support::run(meeting.io, [](Meeting& m, tls::ServerTls s) -> net::awaitable<Result<SecureStream>> {
        tcp::socket silent{m.io};
        co_await silent.async_connect({net::ip::address_v4::loopback(), m.port()}, net::use_awaitable);
        auto socket = co_await m.acceptor.async_accept(net::use_awaitable);
        co_return co_await tls::accept(std::move(s), std::move(socket), 20ms);
      }(meeting, server_tls(ca)));
  EXPECT_EQ(accepted.error().code, ErrorCode::deadline_exceeded);
}

TEST(TlsStream, AStoppedTaskLeavesAHandshake) {
  const TestAuthority ca;
  Meeting meeting;
  support::run(meeting.io, [](Meeting& m, tls::ServerTls s) -> net::awaitable<void> {
    tcp::socket silent{m.io};
    co_await silent.async_connect({net::ip::address_v4::loopback(), m.port()}, net::use_awaitable);
    async::TaskGroup group{m.io.get_executor(), [](const std::exception_ptr&) { FAIL(); }};
    group.spawn(m.be_server(std::move(s)));
    for (int i = 0; i < 10; ++i) co_await net::post(m.io, net::use_awaitable);
    co_await group.stop();
  }(meeting, server_tls(ca)));
}

TEST(TlsContext, AKeyMustBelongToItsCertificate) {
  const TestAuthority ca;
  const auto one = ca.client("one");
  const auto other = ca.server({"other"});
  EXPECT_EQ(tls::ClientTls::create(std::array{ca.certificate()}, one.certificate, other.key).error().code,
            ErrorCode::invalid_argument);
  EXPECT_EQ(tls::ServerTls::create(std::array{ca.certificate()}, other.certificate, one.key).error().code,
            ErrorCode::invalid_argument);
  EXPECT_EQ(tls::ServerTls::create({}, other.certificate, other.key).error().code,
            ErrorCode::invalid_argument);
  const TestAuthority stranger;
  EXPECT_EQ(tls::ServerTls::create(std::array{stranger.certificate()}, other.certificate, other.key)
                .error()
                .message,
            "the server's certificate is from no CA that is trusted");
}

}  // namespace
