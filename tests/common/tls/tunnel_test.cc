// Through a proxy: a real one of our own on loopback, and refusals over a stream in memory.

#include "common/tls/tunnel.h"

#include <gmock/gmock.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "common/async/task_group.h"
#include "tests/support/net/certificates.h"
#include "tests/support/net/co_test.h"
#include "tests/support/net/memory_stream.h"

namespace {

namespace net = boost::asio;
using base::ErrorCode;
using net::ip::tcp;
using support::TestAuthority;
using testing::HasSubstr;
using tls::Proxy;
using namespace std::chrono_literals;

constexpr auto kAwait = net::as_tuple(net::use_awaitable);

tls::Deadline in(std::chrono::milliseconds limit) {
  return std::chrono::steady_clock::now() + limit;
}

// What becomes of a request for a tunnel that is answered with `answer`, in pieces; then the stream ends.
struct Asked {
  base::Status status;
  std::string request;
};
Asked ask(const std::string& answer, const Proxy& proxy = {}, std::size_t piece = 100'000,
          boost::beast::test::fail_count* fail = nullptr) {
  net::io_context io;
  auto [here, there] = support::stream_pair(io, fail);
  Asked asked;
  support::run(io,
               [](net::io_context& i, tls::AnyStream h, tls::AnyStream t, std::string a, Proxy p,
                  std::size_t size, Asked& out) -> net::awaitable<void> {
                 async::TaskGroup group{i.get_executor(),
                                        [](const std::exception_ptr&) { FAIL() << "a task crashed"; }};
                 group.spawn([](tls::AnyStream stream, std::string bytes, std::size_t s,
                                Asked& o) -> net::awaitable<void> {
                   std::array<char, 4096> part{};
                   const auto [failed, n] = co_await stream.async_read_some(net::buffer(part), kAwait);
                   o.request.assign(part.data(), n);
                   for (std::size_t at = 0; at < bytes.size(); at += s) {
                     const auto chunk = bytes.substr(at, s);
                     const auto [broken, written] =
                         co_await net::async_write(stream, net::buffer(chunk), kAwait);
                     if (broken) break;
                   }
                   stream.impl().close();
                 }(std::move(t), std::move(a), size, out));
                 out.status = co_await tls::ask_for_tunnel(h, std::move(p), "collector", 7443, in(10s));
                 h.impl().close();
                 co_await group.join();
               }(io, std::move(here), std::move(there), answer, proxy, piece, asked));
  return asked;
}

TEST(Tunnel, IsAskedForByItsRules) {
  const std::string ok = "HTTP/1.1 200 Connection established\r\nX: y\r\n\r\n";
  EXPECT_EQ(ask(ok).request, "CONNECT collector:7443 HTTP/1.1\r\nHost: collector:7443\r\n\r\n");
  // RFC 7617 section 2.
  const Proxy known{.secure = false, .host = "p", .port = 1, .user = "Aladdin", .password = "open sesame"};
  EXPECT_THAT(ask(ok, known).request,
              HasSubstr("\r\nProxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"));
  for (std::size_t piece = 1; piece < 40; ++piece) EXPECT_TRUE(ask(ok, {}, piece).status) << piece;
  for (std::size_t cut = 0; cut < ok.size(); ++cut) EXPECT_FALSE(ask(ok.substr(0, cut)).status) << cut;
}

TEST(Tunnel, EachRefusalSaysItsMend) {
  const Proxy known{.secure = false, .host = "p", .port = 1, .user = "anna", .password = "secret"};
  const struct {
    std::string answer;
    Proxy proxy;
    ErrorCode code;
    const char* says;
  } rows[] = {
      {"HTTP/1.1 407 Auth\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\n",
       {},
       ErrorCode::permission_denied,
       "wants a user name and a password"},
      {"HTTP/1.1 407 Auth\r\n\r\n", known, ErrorCode::permission_denied, "does not take the user name"},
      {"HTTP/1.1 407 Auth\r\nPROXY-authenticate: NTLM\r\nProxy-Authenticate: Negotiate x\r\n\r\n", known,
       ErrorCode::permission_denied, "a sign-in by NTLM, Negotiate"},
      {"HTTP/1.1 403 Forbidden\r\nContent-Length: 1\r\n\r\nx",
       {},
       ErrorCode::permission_denied,
       "forbids a tunnel to collector:7443"},
      {"HTTP/1.1 502 Bad Gateway\r\n\r\n", {}, ErrorCode::unavailable, "cannot reach collector:7443"},
      {"HTTP/1.1 302 Found\r\nLocation: http://portal\r\n\r\n", {}, ErrorCode::unauthenticated, "portal: "},
      {"HTTP/1.1 511 Network Authentication Required\r\n\r\n", {}, ErrorCode::unauthenticated, "portal: "},
      {"HTTP/1.1 400 Bad Request\x01\r\n\r\n", {}, ErrorCode::unavailable, "400 Bad Request?"},
      {"HTTP/1.1 \r\n\r\n", {}, ErrorCode::unavailable, "made no tunnel"},
      {"SSH-2.0-OpenSSH\r\n", {}, ErrorCode::unavailable, "no HTTP proxy"},
      {"HTTP/1.1 200 OK\r\n" + std::string(20'000, 'x'), {}, ErrorCode::unavailable, "no HTTP proxy"},
      {"", {}, ErrorCode::unavailable, "closed"},
  };
  for (const auto& row : rows) {
    const auto asked = ask(row.answer, row.proxy);
    ASSERT_FALSE(asked.status) << row.answer.substr(0, 80);
    EXPECT_EQ(asked.status.error().code, row.code) << row.answer.substr(0, 80);
    EXPECT_THAT(asked.status.error().message, HasSubstr(row.says));
    EXPECT_THAT(asked.status.error().message, testing::Not(HasSubstr("secret")));
  }
}

TEST(Tunnel, AFailureAtEveryStepIsAnError) {
  for (std::size_t step = 0;; ++step) {
    ASSERT_LT(step, 20u);
    boost::beast::test::fail_count fail{step};
    if (ask("HTTP/1.1 200 OK\r\n\r\n", {}, 5, &fail).status) break;
  }
}

TEST(Tunnel, AProxyThatDoesNotAnswerIsGivenUp) {
  net::io_context io;
  auto [here, there] = support::stream_pair(io);
  const auto asked = support::run(io, tls::ask_for_tunnel(here, {}, "collector", 7443, in(10ms)));
  EXPECT_EQ(asked.error().code, ErrorCode::deadline_exceeded);
}

net::awaitable<void> pour(tls::AnyStream& from, tls::AnyStream& to) {
  std::array<char, 4096> part{};
  for (;;) {
    const auto [failed, n] = co_await from.async_read_some(net::buffer(part), kAwait);
    if (failed) break;
    const auto [broken, written] = co_await net::async_write(to, net::buffer(part.data(), n), kAwait);
    if (broken) break;
  }
  from.impl().close();
  to.impl().close();
}

class PlainStream final : public tls::StreamImpl {
 public:
  explicit PlainStream(tcp::socket socket) : socket_{std::move(socket)} {}
  net::any_io_executor get_executor() override { return socket_.get_executor(); }
  void read_some(std::vector<net::mutable_buffer> buffers, tls::Done done) override {
    socket_.async_read_some(buffers, std::move(done));
  }
  void write_some(std::vector<net::const_buffer> buffers, tls::Done done) override {
    socket_.async_write_some(buffers, std::move(done));
  }
  void shutdown(tls::Done done) override { done({}); }
  void close() override {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

 private:
  tcp::socket socket_;
};

// A collector that says a byte, and a proxy in front of it.
struct Way {
  net::io_context io;
  tcp::acceptor collector{io, {net::ip::address_v4::loopback(), 0}};
  tcp::acceptor proxy{io, {net::ip::address_v4::loopback(), 0}};
  TestAuthority ca;
  support::Identity own = ca.server({"127.0.0.1"});
  support::Identity agent = ca.client("agent");
  std::optional<tls::ServerTls> proxy_tls;  // The proxy is spoken to over TLS.
  std::string said_at_proxy;

  net::awaitable<void> be_collector() {
    auto [failed, socket] = co_await collector.async_accept(kAwait);
    if (failed) co_return;
    const std::array trusted{ca.certificate()};
    auto tls = tls::ServerTls::create(trusted, own.certificate, own.key).value();
    auto secure = co_await tls::accept(std::move(tls), std::move(socket), 10s);
    if (!secure) co_return;
    const std::string word = "!";
    co_await net::async_write(secure->stream, net::buffer(word), kAwait);
    co_await secure->stream.async_shutdown(kAwait);
  }

  net::awaitable<void> be_proxy() {
    auto socket = co_await proxy.async_accept(net::use_awaitable);
    std::optional<tls::AnyStream> stream;
    if (proxy_tls) {
      auto secure = co_await tls::accept(*proxy_tls, std::move(socket), 10s);
      if (!secure) {
        collector.close();
        co_return;
      }
      stream.emplace(std::move(secure->stream));
    } else {
      stream.emplace(std::make_unique<PlainStream>(std::move(socket)));
    }
    co_await net::async_read_until(*stream, net::dynamic_buffer(said_at_proxy), "\r\n\r\n", kAwait);
    tcp::socket there{io};
    co_await there.async_connect(collector.local_endpoint(), kAwait);
    const std::string ok = "HTTP/1.1 200 OK\r\n\r\n";
    co_await net::async_write(*stream, net::buffer(ok), kAwait);
    tls::AnyStream beyond{std::make_unique<PlainStream>(std::move(there))};
    async::TaskGroup both{io.get_executor(), [](const std::exception_ptr&) { FAIL(); }};
    both.spawn(pour(*stream, beyond));
    both.spawn(pour(beyond, *stream));
    co_await both.join();
  }

  // What the agent heard, or why it heard nothing.
  std::string heard() {
    std::string result;
    support::run(io, [](Way& w, std::string& out) -> net::awaitable<void> {
      async::TaskGroup others{w.io.get_executor(), [](const std::exception_ptr&) { FAIL(); }};
      others.spawn(w.be_collector());
      others.spawn(w.be_proxy());
      const std::array trusted{w.ca.certificate()};
      auto tls = tls::ClientTls::create(trusted, w.agent.certificate, w.agent.key).value();
      std::optional<Proxy> way = Proxy{.secure = w.proxy_tls.has_value(),
                                       .host = "127.0.0.1",
                                       .port = w.proxy.local_endpoint().port(),
                                       .user = {},
                                       .password = {}};
      auto secure =
          co_await tls::connect(std::move(tls), "127.0.0.1", w.collector.local_endpoint().port(), 10s, way);
      if (secure) {
        std::array<char, 1> byte{};
        const auto [failed, n] = co_await secure->stream.async_read_some(net::buffer(byte), kAwait);
        out = failed ? failed.message() : std::string(byte.data(), n);
        EXPECT_EQ(secure->peer->authority, w.ca.certificate().digest());
        secure->stream.impl().close();
      } else {
        out = secure.error().message;
      }
      co_await others.join();
    }(*this, result));
    return result;
  }
};

TEST(TunnelThroughAProxy, TheCollectorIsReached) {
  Way way;
  const auto port = std::to_string(way.collector.local_endpoint().port());
  EXPECT_EQ(way.heard(), "!");
  EXPECT_THAT(way.said_at_proxy, testing::StartsWith("CONNECT 127.0.0.1:" + port + " HTTP/1.1\r\n"));
}

#ifndef _WIN32
// OpenSSL's own variable names the file of the system's CAs.
class SystemTrust {
 public:
  explicit SystemTrust(const crypto::Certificate& ca)
      : path_{std::filesystem::path{testing::TempDir()} / ("system-ca-" + ca.digest().hex())} {
    std::ofstream{path_} << ca.pem();
    ::setenv("SSL_CERT_FILE", path_.c_str(), 1);
  }
  ~SystemTrust() {
    ::unsetenv("SSL_CERT_FILE");
    std::filesystem::remove(path_);
  }

 private:
  std::filesystem::path path_;
};

TEST(TunnelThroughAProxy, TheProxyItselfMayBeSpokenToOverTls) {
  const TestAuthority system;
  const SystemTrust trust{system.certificate()};
  Way way;
  const auto own = system.server({"127.0.0.1"});
  const std::array trusted{system.certificate()};
  way.proxy_tls = tls::ServerTls::create(trusted, own.certificate, own.key).value();
  EXPECT_EQ(way.heard(), "!");
}

TEST(TunnelThroughAProxy, AProxyOfNobodyIsNotTrusted) {
  const TestAuthority system, other;
  const SystemTrust trust{system.certificate()};
  Way way;
  const auto own = other.server({"127.0.0.1"});
  const std::array trusted{other.certificate()};
  way.proxy_tls = tls::ServerTls::create(trusted, own.certificate, own.key).value();
  EXPECT_THAT(way.heard(), HasSubstr("the proxy's certificate is from no CA that this system trusts"));
}
#endif

TEST(TunnelThroughAProxy, OneThatIsNotThereIsNamed) {
  net::io_context io;
  std::uint16_t port = 0;
  {
    tcp::acceptor gone{io, {net::ip::address_v4::loopback(), 0}};
    port = gone.local_endpoint().port();
  }
  const TestAuthority ca;
  const auto agent = ca.client("agent");
  const std::array trusted{ca.certificate()};
  auto tls = tls::ClientTls::create(trusted, agent.certificate, agent.key).value();
  std::optional<Proxy> proxy =
      Proxy{.secure = false, .host = "127.0.0.1", .port = port, .user = "u", .password = "secret"};
  const auto secure = support::run(io, tls::connect(std::move(tls), "collector.invalid", 7443, 10s, proxy));
  ASSERT_FALSE(secure);
  EXPECT_EQ(secure.error().code, ErrorCode::unavailable);
  EXPECT_THAT(secure.error().message,
              HasSubstr("the proxy http://127.0.0.1:" + std::to_string(port) + " cannot be reached"));
}

}  // namespace
