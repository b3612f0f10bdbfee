#include "common/tls/tls_stream.h"

#include <utility>

#include "common/tls/context_impl.h"
#include "common/tls/dial.h"
#ifndef _WIN32
#include "common/tls/direct_stream.h"
#endif
#include "common/tls/peer.h"
#include "common/tls/tls_stream_impl.h"
#include "common/tls/tunnel.h"

namespace tls {

namespace {

using net::ip::tcp;
using std::chrono::milliseconds;

net::awaitable<base::Result<SecureStream>> connect_before(ClientTls tls, std::string host, std::uint16_t port,
                                                          Deadline deadline) {
  auto socket = co_await dial(host, port, deadline);
  if (!socket) co_return std::unexpected{socket.error()};
  error_code ignored;
  auto address = text_of(socket->remote_endpoint(ignored));
  auto stream =
      std::make_unique<TlsStream<tcp::socket>>(*std::move(socket), tls.context()->native, tls.context());
  if (const auto expected = expect_host(stream->native(), host); !expected) {
    co_return std::unexpected{expected.error()};
  }
  const auto shaken = co_await stream->handshake(net::ssl::stream_base::client, left_until(deadline));
  if (!shaken) co_return std::unexpected{shaken.error()};
  auto peer = peer_of(stream->native());
  co_return SecureStream{
      .stream = AnyStream{std::move(stream)}, .peer = std::move(peer), .address = std::move(address)};
}

}  // namespace

net::awaitable<base::Result<SecureStream>> connect(ClientTls tls, std::string host, std::uint16_t port,
                                                   milliseconds limit, std::optional<Proxy> proxy) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  // Named: g++ 12 keeps no temporaries of `?:` alive across co_await.
  auto attempt = proxy ? connect_through(*proxy, std::move(tls), host, port, deadline)
                       : connect_before(std::move(tls), host, port, deadline);
  auto secure = co_await std::move(attempt);
  if (!secure) co_return base::fail("connecting to " + host + ':' + std::to_string(port), secure.error());
  co_return secure;
}

net::awaitable<base::Result<SecureStream>> connect(ClientTls tls, std::string host, std::uint16_t port,
                                                   milliseconds limit) {
  std::optional<Proxy> nobody;
  co_return co_await connect(std::move(tls), std::move(host), port, limit, std::move(nobody));
}

net::awaitable<base::Result<SecureStream>> accept(ServerTls tls, tcp::socket socket, milliseconds limit) {
  error_code ignored;
  auto address = text_of(socket.remote_endpoint(ignored));
  set_options(socket);
#ifdef _WIN32  // No collector runs there; tests do.
  auto stream =
      std::make_unique<TlsStream<tcp::socket>>(std::move(socket), tls.context()->native, tls.context());
  const auto shaken = co_await stream->handshake(net::ssl::stream_base::server, limit);
#else
  auto stream = std::make_unique<DirectStream>(std::move(socket), tls.context());
  const auto shaken = co_await stream->handshake(limit);
#endif
  if (!shaken) co_return base::fail("accepting " + address, shaken.error());
  auto peer = peer_of(stream->native());
  co_return SecureStream{
      .stream = AnyStream{std::move(stream)}, .peer = std::move(peer), .address = std::move(address)};
}

}  // namespace tls
