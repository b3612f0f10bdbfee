// The whole way: WebSocket over TLS over loopback, as agent and collector speak it.

#include <gmock/gmock.h>

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <string>
#include <vector>

#include "common/async/task_group.h"
#include "common/tls/tls_stream.h"
#include "common/websocket/connection.h"
#include "tests/support/net/certificates.h"
#include "tests/support/net/co_test.h"

namespace {

namespace net = boost::asio;
using net::ip::tcp;
using testing::HasSubstr;
using websocket::kNoLimit;
using namespace std::chrono_literals;

// Named, because g++ 12 cannot keep a braced list alive across a co_await.
const std::vector<std::string> kPaths{"/v1/stream"};

struct Wss : testing::Test {
  net::io_context io;
  tcp::acceptor acceptor{io, tcp::endpoint{net::ip::address_v4::loopback(), 0}};
  support::TestAuthority ca;
  support::Identity server_identity = ca.server({"127.0.0.1"});
  tls::ServerTls server =
      tls::ServerTls::create(std::array{ca.certificate()}, server_identity.certificate, server_identity.key)
          .value();

  tls::ClientTls client_of(const support::TestAuthority& issuer) {
    const auto own = issuer.client("agent");
    return tls::ClientTls::create(std::array{ca.certificate()}, own.certificate, own.key).value();
  }

  // One connection, echoed until it ends.
  net::awaitable<void> echo() {
    auto socket = co_await acceptor.async_accept(net::use_awaitable);
    auto secure = co_await tls::accept(server, std::move(socket), 10s);
    if (!secure) co_return;
    auto connection = co_await websocket::accept(std::move(secure->stream), kPaths, "Agents only.");
    if (!connection) co_return;
    for (;;) {
      auto message = co_await (*connection)->read(kNoLimit);
      if (!message) co_return;
      if (const auto sent = co_await (*connection)->write(*std::move(message)); !sent) co_return;
    }
  }

  // What the client hears to `message`, or why it hears nothing.
  net::awaitable<std::string> ask(tls::ClientTls tls, std::string message) {
    auto secure = co_await tls::connect(std::move(tls), "127.0.0.1", acceptor.local_endpoint().port(), 10s);
    if (!secure) co_return secure.error().message;
    auto connection = co_await websocket::connect(std::move(secure->stream), "127.0.0.1", "/v1/stream");
    if (!connection) co_return connection.error().message;
    if (const auto sent = co_await (*connection)->write(std::move(message)); !sent)
      co_return sent.error().message;
    auto answer = co_await (*connection)->read(kNoLimit);
    co_await (*connection)->close(websocket::CloseCode::normal, "");
    co_return answer ? *answer : answer.error().message;
  }

  std::string hear(tls::ClientTls tls, std::string message) {
    return support::run(io, [](Wss& t, tls::ClientTls c, std::string m) -> net::awaitable<std::string> {
      async::TaskGroup group{t.io.get_executor(), [](const std::exception_ptr&) { FAIL(); }};
      group.spawn(t.echo());
      auto heard = co_await t.ask(std::move(c), std::move(m));
      co_await group.join();
      co_return heard;
    }(*this, std::move(tls), std::move(message)));
  }
};

TEST_F(Wss, SmallAndLargeMessagesAreEchoed) {
  EXPECT_EQ(hear(client_of(ca), "x"), "x");
  const std::string large(1024 * 1024, 'y');
  EXPECT_TRUE(hear(client_of(ca), large) == large);
}

TEST_F(Wss, AMessageOverTheLimitIsRefused) {
  EXPECT_THAT(hear(client_of(ca), std::string(1024 * 1024 + 1, 'y')), testing::SizeIs(testing::Lt(500u)));
}

// A TLS 1.3 client learns only after its handshake that its certificate was not taken.
TEST_F(Wss, ARefusedClientCertificateIsExplained) {
  const support::TestAuthority other;
  EXPECT_THAT(hear(client_of(other), "x"), HasSubstr("refused our certificate"));
}

}  // namespace
