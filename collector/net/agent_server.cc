#include "collector/net/agent_server.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>

#include "collector/net/address.h"
#include "collector/net/agent_stream.h"
#include "collector/net/enrolment_port.h"
#include "common/async/offload.h"
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
// An EnrollRequest has some 2 KiB. Whoever shows no certificate may not make us keep more.
constexpr std::size_t kStrangerBytesMax = 16 * 1024;
constexpr const char* kAbout =
    "This is a Deskledger collector's port for agents. It speaks version 1: /v1/enroll, /v1/stream, "
    "/v1/batch. "
    "People use another port.";
constexpr const char* kEnroll = "/v1/enroll";
constexpr const char* kStream = "/v1/stream";
constexpr const char* kBatch = "/v1/batch";  // The same conversation, where something breaks upgrades.

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

// Counts a connection for as long as it lasts.
class Guest {
 public:
  Guest(Guard& guard, std::string key) : guard_{guard}, key_{std::move(key)} {}
  ~Guest() { guard_.leave(key_); }
  Guest(const Guest&) = delete;
  Guest& operator=(const Guest&) = delete;

 private:
  Guard& guard_;
  std::string key_;
};

}  // namespace

AgentServer::AgentServer(boost::asio::any_io_executor executor, AgentServerParts parts)
    : executor_{executor},
      port_{std::move(parts)},
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
  connections_.spawn(look_now_and_then());
  try {
    co_await accept_all();
  } catch (...) {
    ended = std::current_exception();
  }
  co_await boost::asio::this_coro::reset_cancellation_state();
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  co_await connections_.stop();
  co_await look();
  if (ended && !async::is_cancellation(ended)) std::rethrow_exception(ended);
}

awaitable<void> AgentServer::look_now_and_then() {
  for (;;) {
    boost::asio::steady_timer timer{executor_, port_.parts.look};
    co_await timer.async_wait(boost::asio::use_awaitable);
    co_await look();
  }
}

awaitable<void> AgentServer::look() {
  port_.guard.forget(port_.now_ms());
  auto notes = std::exchange(port_.notes, {});
  std::vector<std::string> silenced;
  auto version = trust_version_;
  base::Status looked;
  co_await async::offload(port_.parts.worker, [&] {
    auto& database = port_.parts.database;
    if (!notes.empty())
      looked = database.transaction([&](store::Transaction& tx) { return notes.write(tx); });
    if (!looked) return;
    looked = database.read([&](store::Transaction& tx) -> base::Status {
      const auto now = store::trust_version(tx);
      if (!now) return std::unexpected{now.error()};
      if (*now == version) return {};
      auto agents = store::silenced_agents(tx);
      if (!agents) return std::unexpected{agents.error()};
      version = *now;
      silenced = *std::move(agents);
      return {};
    });
  });
  if (!looked) {
    // What was written is not counted twice: the transaction is whole or not at all.
    logging::error("the port cannot look who was revoked", {{"reason", looked.error().message}});
    port_.notes.merge(std::move(notes));
    co_return;
  }
  notes.log();
  trust_version_ = version;
  for (const auto& agent : silenced) {
    for (auto* stream : port_.registry.of(agent)) {
      stream->cut(websocket::CloseCode::policy, "silenced",
                  "revoked or in quarantine; nothing more is taken");
    }
  }
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
    boost::system::error_code gone;
    const auto from = socket.remote_endpoint(gone);
    if (gone) continue;
    auto key = address_key(from.address());
    if (const auto refused = port_.guard.enter(key, port_.now_ms())) {
      port_.note("", *refused, "from " + key);
      continue;
    }
    connections_.spawn(serve(std::move(socket), std::move(key)));
  }
}

void AgentServer::note_no_connection(const tls::SecureStream& secure, const std::string& key,
                                     const base::Error& error) {
  const auto name = [&]() -> std::string_view {
    switch (error.code) {
      case ErrorCode::not_found: return "http_unknown_path";
      case ErrorCode::invalid_argument: return "http_not_upgraded";
      case ErrorCode::corrupt: return "http_malformed";
      case ErrorCode::deadline_exceeded: return "http_late";
      default: return "http_broken";
    }
  }();
  port_.note("", name, "from " + secure.address + ": " + error.message);
  if (!secure.peer) port_.guard.strike_address(key, port_.now_ms());
}

awaitable<void> AgentServer::serve(tcp::socket socket, std::string key) {
  const Guest guest{port_.guard, key};
  auto secure = co_await tls::accept(port_.parts.trust.get()->tls, std::move(socket), kHandshakeLimit);
  if (!secure) {
    port_.note("", "handshake_failed", secure.error().message);
    co_return;
  }
  if (const auto refused = port_.guard.refuse_address(key, port_.now_ms()); refused && !secure->peer) {
    port_.note("", *refused, "from " + secure->address);
    co_return;
  }
  if (!secure->peer) {
    if (const auto refused = port_.guard.enter_stranger(port_.now_ms())) {
      port_.note("", *refused, "from " + secure->address);
      co_return;
    }
  }
  // Named, because g++ 12 cannot keep an initializer list alive across co_await.
  std::vector<std::string> paths{kEnroll, kStream, kBatch};
  websocket::Limits limits{.idle = port_.parts.limits.idle};
  if (!secure->peer) limits.message_bytes_max = kStrangerBytesMax;
  const auto address = secure->address;
  auto connection = co_await websocket::accept(std::move(secure->stream), std::move(paths), kAbout, limits);
  if (!connection) {
    note_no_connection(*secure, key, connection.error());
    co_return;
  }
  if ((*connection)->path() == kEnroll) {
    co_await serve_enrolment(port_, **connection, address, key);
  } else if (!secure->peer) {
    port_.note("", "stream_without_certificate", "from " + address);
    co_await (*connection)
        ->close(websocket::CloseCode::policy, "a client certificate is needed: enrol first");
  } else {
    AgentStream stream{executor_, port_, **connection, *secure->peer, address, key};
    co_await stream.serve();
  }
}

}  // namespace collector::net
