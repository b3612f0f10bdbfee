#include "agent/uplink/uplink.h"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "agent/uplink/conversation.h"
#include "common/async/offload.h"
#include "common/logging/log.h"
#include "common/tls/tls_stream.h"
#include "common/websocket/http.h"

namespace agent::uplink {

using boost::asio::awaitable;
using std::chrono::milliseconds;

namespace {

// However long the collector asks us to stay away.
constexpr milliseconds kRetryAfterMax{600'000};
constexpr int kEarlyDeathsMax = 3;

}  // namespace

Uplink::Uplink(boost::asio::any_io_executor executor, boost::asio::any_io_executor worker,
               outbox::Outbox& outbox, Options options, const timing::Clock& clock)
    : executor_{executor},
      worker_{std::move(worker)},
      outbox_{outbox},
      options_{std::move(options)},
      clock_{clock},
      wake_{executor} {
  if (options_.terminals) memory_.terminals_version = options_.terminals->known_version;
}

awaitable<void> Uplink::note(std::string name, std::string value) {
  co_await async::offload(worker_, [&] {
    // A status that cannot be written shows in the journal soon enough: the records have the same disk.
    if (auto done = outbox_.set_status(name, value, clock_.utc()); !done) {
      logging::warning("the status could not be written", {{"reason", done.error().message}});
    }
  });
}

// Full jitter, and longer where hurry helps nobody. `backoff` grows with each failure.
milliseconds Uplink::wait_after(const base::Error& error, milliseconds& backoff) {
  const Pace& pace = options_.pace;
  const auto wait = std::exchange(backoff, std::min(backoff * 2, pace.longest_wait));
  switch (error.code) {
    // Only a person can help against these.
    case base::ErrorCode::permission_denied:
    case base::ErrorCode::conflict: return pace.refused / 2 + memory_.jittered(pace.refused / 2);
    // Somebody stands between: a portal is left by signing in, which nobody tells us.
    case base::ErrorCode::unauthenticated:
      return pace.longest_wait + memory_.jittered(pace.longest_wait / 10);
    default: return std::min(memory_.retry_after, kRetryAfterMax) + memory_.jittered(wait);
  }
}

// A collector that is away for days says so once.
void Uplink::log_once(const base::Error& error) {
  if (std::exchange(logged_, error.message) == error.message) {
    logging::debug("no connection to the collector", {{"reason", error.message}});
  } else {
    logging::warning("no connection to the collector", {{"reason", error.message}});
  }
}

awaitable<void> Uplink::run() {
  milliseconds backoff = options_.pace.first_wait;
  for (;;) {
    memory_.retry_after = milliseconds{0};
    const auto began = clock_.boot_ms();
    const auto error = co_await talk();
    if (clock_.boot_ms() - began > options_.pace.healthy.count()) backoff = options_.pace.first_wait;
    log_once(error);
    co_await note("connection", "not connected: " + error.message);
    boost::asio::steady_timer timer{executor_, wait_after(error, backoff)};
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

bool Uplink::speaks_http() const {
  if (options_.transport != Transport::automatic) return options_.transport == Transport::http;
  return clock_.boot_ms() < memory_.http_ends_boot_ms;
}

void Uplink::speak_http(const std::string& why) {
  if (options_.transport != Transport::automatic) return;
  memory_.early_deaths = 0;
  memory_.http_ends_boot_ms = clock_.boot_ms() + options_.pace.http.count();
  logging::info("HTTP is spoken in place of WebSocket for a while", {{"reason", why}});
}

awaitable<base::Result<std::unique_ptr<websocket::Connection>>> Uplink::open(tls::AnyStream stream,
                                                                             std::string host, bool http) {
  if (http) {
    co_return websocket::connect_http(std::move(stream), std::move(host), std::string{websocket::kBatchPath},
                                      options_.limits);
  }
  bool refused = false;
  auto limits = options_.limits;
  std::string path = "/v1/stream";
  auto socket =
      co_await websocket::connect(std::move(stream), std::move(host), std::move(path), limits, &refused);
  if (refused) speak_http(socket.error().message);
  co_return socket;
}

// What the first question and answer tell about the way they took.
void Uplink::judge_begin(const base::Status& begun, bool http) {
  using base::ErrorCode;
  if (begun) {
    memory_.early_deaths = 0;
  } else if (http && begun.error().code == ErrorCode::not_found) {
    memory_.http_ends_boot_ms = 0;  // A collector of 0.1 knows no HTTP.
  } else if (!http &&
             (begun.error().code == ErrorCode::unavailable ||
              begun.error().code == ErrorCode::deadline_exceeded) &&
             ++memory_.early_deaths >= kEarlyDeathsMax) {
    speak_http("WebSockets end as soon as they stand: " + begun.error().message);
  }
}

awaitable<base::Error> Uplink::talk() {
  const auto identity = identity::load(options_.directory);
  if (!identity) co_return identity.error();
  const auto credentials = identity::load_credentials(options_.directory);
  if (!credentials) co_return credentials.error();
  const auto tls = tls::ClientTls::create(credentials->trusted, credentials->own, credentials->tls_key);
  if (!tls) co_return tls.error();
  const auto& host = identity->collector_host;
  auto choice = options_.proxy ? options_.proxy(host) : tls::ProxyChoice{};
  if (!choice) co_return choice.error();
  auto proxy = choice->proxy;
  auto secure = co_await tls::connect(*tls, host, identity->collector_port, options_.pace.connect, proxy);
  if (!secure) co_return secure.error();
  const auto authority = secure->peer ? secure->peer->authority : crypto::Digest{};
  const bool http = speaks_http();
  auto socket = co_await open(std::move(secure->stream), host, http);
  if (!socket) co_return socket.error();

  Conversation conversation{**socket, outbox_, *identity, *credentials, authority,
                            options_, memory_, wake_,     worker_,      clock_};
  const auto begun = co_await conversation.begin();
  judge_begin(begun, http);
  if (!begun) {
    (*socket)->abort();
    co_return begun.error();
  }
  logged_.clear();
  std::string where = host + ":" + std::to_string(identity->collector_port);
  if (proxy) where += " through the proxy " + proxy->name();
  if (http) where += " over HTTP";
  logging::info("connected to the collector", {{"to", where}, {"proxy", choice->why}});
  co_await note("connection", "connected to " + where);
  if (const auto server_time = conversation.server_time()) {
    co_await note("server_time", timing::to_rfc3339(*server_time));
  }
  co_return co_await conversation.go_on();
}

}  // namespace agent::uplink
