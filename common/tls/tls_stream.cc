#include "common/tls/tls_stream.h"

#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>
#include <vector>

#include "common/async/alarm.h"
#include "common/crypto/openssl.h"
#include "common/tls/context_impl.h"
#include "common/tls/explain.h"

namespace tls {

namespace {

using base::ErrorCode;
using net::ip::tcp;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr auto kAwait = net::as_tuple(net::use_awaitable);

class TlsStream final : public StreamImpl {
 public:
  TlsStream(tcp::socket socket, std::shared_ptr<Context> context)
      : context_{std::move(context)}, stream_{std::move(socket), context_->native} {}

  net::any_io_executor get_executor() override { return stream_.get_executor(); }
  void read_some(std::vector<net::mutable_buffer> buffers, Done done) override {
    stream_.async_read_some(buffers, std::move(done));
  }
  void write_some(std::vector<net::const_buffer> buffers, Done done) override {
    stream_.async_write_some(buffers, std::move(done));
  }
  void shutdown(Done done) override { stream_.async_shutdown(std::move(done)); }
  void close() override {
    error_code ignored;
    stream_.next_layer().close(ignored);
  }

  net::awaitable<base::Status> handshake(net::ssl::stream_base::handshake_type role, milliseconds limit) {
    error_code error;
    bool late = false;
    {
      const async::Alarm alarm{get_executor(), limit, [this] { close(); }};
      std::tie(error) = co_await stream_.async_handshake(role, kAwait);
      late = alarm.rang();
    }
    if (late) co_return base::fail(ErrorCode::deadline_exceeded, "the TLS handshake took too long");
    if (error) co_return std::unexpected{explain(error, SSL_get_verify_result(native()))};
    co_return base::Status{};
  }

  std::optional<Peer> peer() {
    auto* const certificate = SSL_get1_peer_certificate(native());
    if (!certificate) return std::nullopt;
    const auto owned = crypto::Certificate::adopt(certificate);
    return Peer{.common_name = owned.common_name(),
                .certificate = owned.digest(),
                .not_after = owned.not_after(),
                .expired = X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0 ||
                           X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0};
  }

  SSL* native() { return stream_.native_handle(); }

 private:
  std::shared_ptr<Context> context_;
  net::ssl::stream<tcp::socket> stream_;
};

std::string text_of(const tcp::endpoint& endpoint) {
  const auto address = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? '[' + address + ']' : address) + ':' + std::to_string(endpoint.port());
}

void set_options(tcp::socket& socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay{true}, ignored);
#ifdef __linux__
  using UserTimeout = net::detail::socket_option::integer<IPPROTO_TCP, TCP_USER_TIMEOUT>;
  socket.set_option(UserTimeout{static_cast<int>(kUserTimeout.count())}, ignored);
#endif
}

milliseconds left_until(Clock::time_point deadline) {
  return std::max(milliseconds{0}, std::chrono::duration_cast<milliseconds>(deadline - Clock::now()));
}

using Endpoints = std::vector<tcp::endpoint>;

net::awaitable<base::Result<Endpoints>> resolve(std::string host, std::uint16_t port, milliseconds limit) {
  error_code not_an_address;
  const auto address = net::ip::make_address(host, not_an_address);
  // Asio resolves in a thread of its own; an address needs none.
  if (!not_an_address) co_return Endpoints{{address, port}};
  tcp::resolver resolver{co_await net::this_coro::executor};
  const async::Alarm alarm{resolver.get_executor(), limit, [&] { resolver.cancel(); }};
  const auto [error, found] =
      co_await resolver.async_resolve(host, std::to_string(port), tcp::resolver::numeric_service, kAwait);
  if (alarm.rang()) co_return base::fail(ErrorCode::deadline_exceeded, "the name was not resolved in time");
  if (error) {
    co_return base::fail(
        error == net::error::operation_aborted ? ErrorCode::cancelled : ErrorCode::unavailable,
        "the name is not known: " + error.message());
  }
  Endpoints endpoints;
  for (const auto& entry : found) endpoints.push_back(entry.endpoint());
  co_return endpoints;
}

net::awaitable<base::Result<tcp::socket>> connect_to(tcp::endpoint endpoint, milliseconds limit) {
  tcp::socket socket{co_await net::this_coro::executor};
  const async::Alarm alarm{socket.get_executor(), limit, [&] {
                             error_code ignored;
                             socket.close(ignored);
                           }};
  const auto [error] = co_await socket.async_connect(endpoint, kAwait);
  if (alarm.rang())
    co_return base::fail(ErrorCode::deadline_exceeded, text_of(endpoint) + " does not answer");
  if (error) co_return base::fail(text_of(endpoint), explain(error));
  set_options(socket);
  co_return socket;
}

// The first of the addresses that answers. Each has its share of the time, so that one that swallows packets
// does not use up that of the next.
net::awaitable<base::Result<tcp::socket>> connect_to_any(Endpoints endpoints, Clock::time_point deadline) {
  base::Result<tcp::socket> result = base::fail(ErrorCode::unavailable, "the name has no address");
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    result = co_await connect_to(endpoints[i], left_until(deadline) / static_cast<int>(endpoints.size() - i));
    if (result || result.error().code == ErrorCode::cancelled) break;
  }
  co_return result;
}

// SSL_set_tlsext_host_name() without the old-style cast in its macro.
bool set_server_name(SSL* native, std::string host) {
  return SSL_ctrl(native, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data()) == 1;
}

// The name goes into the ClientHello and into the check of the certificate.
base::Status expect_host(SSL* native, const std::string& host) {
  error_code not_an_address;
  net::ip::make_address(host, not_an_address);
  auto* const parameters = SSL_get0_param(native);
  X509_VERIFY_PARAM_set_hostflags(parameters,
                                  X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  const bool ok = not_an_address ? set_server_name(native, host) &&
                                       X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size()) == 1
                                 : X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1;
  if (!ok) return crypto::fail_openssl(ErrorCode::invalid_argument, "'" + host + "' is no host name");
  return {};
}

net::awaitable<base::Result<SecureStream>> connect_before(ClientTls tls, std::string host, std::uint16_t port,
                                                          Clock::time_point deadline) {
  auto endpoints = co_await resolve(host, port, left_until(deadline));
  if (!endpoints) co_return std::unexpected{endpoints.error()};
  auto socket = co_await connect_to_any(*std::move(endpoints), deadline);
  if (!socket) co_return std::unexpected{socket.error()};
  error_code ignored;
  auto address = text_of(socket->remote_endpoint(ignored));
  auto stream = std::make_unique<TlsStream>(*std::move(socket), tls.context());
  if (const auto expected = expect_host(stream->native(), host); !expected) {
    co_return std::unexpected{expected.error()};
  }
  const auto shaken = co_await stream->handshake(net::ssl::stream_base::client, left_until(deadline));
  if (!shaken) co_return std::unexpected{shaken.error()};
  auto peer = stream->peer();
  co_return SecureStream{
      .stream = AnyStream{std::move(stream)}, .peer = std::move(peer), .address = std::move(address)};
}

}  // namespace

net::awaitable<base::Result<SecureStream>> connect(ClientTls tls, std::string host, std::uint16_t port,
                                                   milliseconds limit) {
  auto secure = co_await connect_before(std::move(tls), host, port, Clock::now() + limit);
  if (!secure) co_return base::fail("connecting to " + host + ':' + std::to_string(port), secure.error());
  co_return secure;
}

net::awaitable<base::Result<SecureStream>> accept(ServerTls tls, tcp::socket socket, milliseconds limit) {
  error_code ignored;
  auto address = text_of(socket.remote_endpoint(ignored));
  set_options(socket);
  auto stream = std::make_unique<TlsStream>(std::move(socket), tls.context());
  const auto shaken = co_await stream->handshake(net::ssl::stream_base::server, limit);
  if (!shaken) co_return base::fail("accepting " + address, shaken.error());
  auto peer = stream->peer();
  co_return SecureStream{
      .stream = AnyStream{std::move(stream)}, .peer = std::move(peer), .address = std::move(address)};
}

}  // namespace tls
