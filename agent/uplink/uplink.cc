#include "agent/uplink/uplink.h"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "agent/uplink/conversation.h"
#include "common/async/offload.h"
#include "common/logging/log.h"
#include "common/tls/tls_stream.h"
#include "common/websocket/connection.h"

namespace agent::uplink {

using boost::asio::awaitable;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kConnectLimit{15'000};
// However long the collector asks us to stay away.
constexpr milliseconds kRetryAfterMax{600'000};

}  // namespace

Uplink::Uplink(boost::asio::any_io_executor executor, boost::asio::any_io_executor worker,
               outbox::Outbox& outbox, Options options, const timing::Clock& clock)
    : executor_{executor},
      worker_{std::move(worker)},
      outbox_{outbox},
      options_{std::move(options)},
      clock_{clock},
      wake_{executor},
      random_{std::random_device{}()} {
  if (options_.terminals) memory_.terminals_version = options_.terminals->known_version;
}

milliseconds Uplink::jittered(milliseconds limit) {
  return milliseconds{std::uniform_int_distribution<std::int64_t>{0, limit.count()}(random_)};
}

awaitable<void> Uplink::note(std::string name, std::string value) {
  co_await async::offload(worker_, [&] {
    // A status that cannot be written shows in the journal soon enough: the records have the same disk.
    if (auto done = outbox_.set_status(name, value, clock_.utc()); !done) {
      logging::warning("the status could not be written", {{"reason", done.error().message}});
    }
  });
}

awaitable<void> Uplink::run() {
  const Pace& pace = options_.pace;
  milliseconds wait = pace.first_wait;
  for (;;) {
    memory_.retry_after = milliseconds{0};
    const auto began = clock_.boot_ms();
    const auto error = co_await talk();
    if (clock_.boot_ms() - began > pace.healthy.count()) wait = pace.first_wait;
    // Only a person can help against these; there is no hurry in asking again.
    if (error.code == base::ErrorCode::permission_denied || error.code == base::ErrorCode::conflict) {
      wait = pace.longest_wait;
    }
    logging::warning("no connection to the collector", {{"reason", error.message}});
    co_await note("connection", "not connected: " + error.message);
    const auto asked = std::min(memory_.retry_after, kRetryAfterMax);
    boost::asio::steady_timer timer{executor_, asked + jittered(wait)};
    co_await timer.async_wait(boost::asio::use_awaitable);
    wait = std::min(wait * 2, pace.longest_wait);
  }
}

awaitable<base::Error> Uplink::talk() {
  const auto identity = identity::load(options_.directory);
  if (!identity) co_return identity.error();
  const auto credentials = identity::load_credentials(options_.directory);
  if (!credentials) co_return credentials.error();
  const auto tls = tls::ClientTls::create(credentials->trusted, credentials->own, credentials->tls_key);
  if (!tls) co_return tls.error();
  auto secure =
      co_await tls::connect(*tls, identity->collector_host, identity->collector_port, kConnectLimit);
  if (!secure) co_return secure.error();
  auto socket =
      co_await websocket::connect(std::move(secure->stream), identity->collector_host, "/v1/stream");
  if (!socket) co_return socket.error();

  Conversation conversation{**socket, outbox_, *identity, *credentials, options_,
                            memory_,  wake_,   worker_,   clock_};
  if (auto begun = co_await conversation.begin(); !begun) {
    (*socket)->abort();
    co_return begun.error();
  }
  logging::info("connected to the collector",
                {{"host", identity->collector_host}, {"port", std::to_string(identity->collector_port)}});
  co_await note("connection",
                "connected to " + identity->collector_host + ":" + std::to_string(identity->collector_port));
  if (const auto server_time = conversation.server_time()) {
    co_await note("server_time", timing::to_rfc3339(*server_time));
  }
  co_return co_await conversation.go_on();
}

}  // namespace agent::uplink
