#include "collector/net/agent_server.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>

#include "collector/net/agent_stream.h"
#include "common/logging/log.h"
#include "common/tls/tls_stream.h"
#include "common/websocket/connection.h"

namespace collector::net {

using base::ErrorCode;
using base::fail;
using boost::asio::awaitable;
using boost::asio::ip::tcp;

namespace {

constexpr std::chrono::milliseconds kHandshakeLimit{10'000};
constexpr const char* kAbout = "This is a Deskledger collector's port for agents. People use another one.";
constexpr const char* kEnroll = "/v1/enroll";
constexpr const char* kStream = "/v1/stream";

base::Result<tcp::endpoint> endpoint_of(const std::string& listen) {
  const auto bad = [&] {
    return fail(ErrorCode::invalid_argument,
                "'" + listen + "' is no address and port such as 0.0.0.0:7443 or [::]:7443");
  };
  const auto colon = listen.rfind(':');
  if (colon == std::string::npos) return bad();
  std::string host = listen.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  std::uint16_t port = 0;
  const char* end = listen.data() + listen.size();
  const auto [rest, error] = std::from_chars(listen.data() + colon + 1, end, port);
  if (error != std::errc{} || rest != end) return bad();
  boost::system::error_code ec;
  const auto address = boost::asio::ip::make_address(host, ec);
  if (ec) return bad();
  return tcp::endpoint{address, port};
}

}  // namespace

AgentServer::AgentServer(boost::asio::any_io_executor executor, AgentServerParts parts)
    : executor_{executor},
      parts_{std::move(parts)},
      acceptor_{executor},
      connections_{executor, [](std::exception_ptr e) {
                     try {
                       std::rethrow_exception(e);
                     } catch (const std::exception& crash) {
                       logging::error("a connection's task crashed", {{"what", crash.what()}});
                     }
                   }} {}

base::Status AgentServer::open(const std::string& listen) {
  const auto endpoint = endpoint_of(listen);
  if (!endpoint) return std::unexpected{endpoint.error()};
  boost::system::error_code ec;
  acceptor_.open(endpoint->protocol(), ec);
  if (!ec) acceptor_.set_option(tcp::acceptor::reuse_address{true}, ec);
  if (!ec) acceptor_.bind(*endpoint, ec);
  if (!ec) acceptor_.listen(tcp::acceptor::max_listen_connections, ec);
  if (ec) return fail(ErrorCode::conflict, "cannot listen on " + listen + ": " + ec.message());
  return {};
}

std::uint16_t AgentServer::port() const {
  return acceptor_.local_endpoint().port();
}

awaitable<void> AgentServer::run() {
  // Whatever ends the accepting, no connection may outlive it.
  std::exception_ptr ended;
  try {
    co_await accept_all();
  } catch (...) {
    ended = std::current_exception();
  }
  co_await boost::asio::this_coro::reset_cancellation_state();
  co_await connections_.stop();
  if (ended && !async::is_cancellation(ended)) std::rethrow_exception(ended);
}

awaitable<void> AgentServer::accept_all() {
  for (;;) {
    auto [ec, socket] = co_await acceptor_.async_accept(boost::asio::as_tuple(boost::asio::use_awaitable));
    if (ec == boost::asio::error::operation_aborted) co_return;
    if (ec) {
      // Out of descriptors, or the other side gave up: neither may stop the port.
      logging::warning("accepting failed", {{"reason", ec.message()}});
      boost::asio::steady_timer pause{executor_, std::chrono::milliseconds{100}};
      co_await pause.async_wait(boost::asio::use_awaitable);
      continue;
    }
    if (connections_.size() >= kConnectionsMax) {
      logging::warning("too many connections", {{"limit", std::to_string(kConnectionsMax)}});
      continue;
    }
    connections_.spawn(serve(std::move(socket)));
  }
}

awaitable<void> AgentServer::serve(tcp::socket socket) {
  auto secure = co_await tls::accept(parts_.trust.get()->tls, std::move(socket), kHandshakeLimit);
  if (!secure) {
    logging::debug("handshake failed", {{"reason", secure.error().message}});
    co_return;
  }
  // Named, because g++ 12 cannot keep an initializer list alive across co_await.
  std::vector<std::string> paths{kEnroll, kStream};
  auto connection = co_await websocket::accept(std::move(secure->stream), std::move(paths), kAbout);
  if (!connection) {
    logging::debug("no WebSocket", {{"from", secure->address}, {"reason", connection.error().message}});
    co_return;
  }
  if ((*connection)->path() == kEnroll) {
    co_await serve_enrolment(parts_, **connection, secure->address);
  } else if (!secure->peer) {
    co_await (*connection)
        ->close(websocket::CloseCode::policy, "a client certificate is needed: enrol first");
  } else {
    AgentStream stream{parts_, **connection, *secure->peer, secure->address};
    co_await stream.serve();
  }
}

}  // namespace collector::net
