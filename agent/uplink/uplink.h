// Sends what is in the outbox to the collector, for ever: each record once as
// far as its effect goes, in order, with bounded memory and no age limit.
//
// docs/formats/wire.md tells the conversation. When the connection breaks, or
// the collector is away for days, it tries again with full jitter (a random
// wait up to 1 s, 2 s, 4 s ... 60 s) and goes on behind what the collector says
// is durable. Where only a person can help it asks again slowly. Nothing is
// ever dropped.
//
// A conversation is a WebSocket, or, where something on the way breaks those,
// requests and answers over HTTP (common/websocket/http.h).

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "agent/identity/identity.h"
#include "agent/outbox/outbox.h"
#include "common/async/event.h"
#include "common/base/result.h"
#include "common/timing/clock.h"
#include "common/tls/proxy.h"
#include "common/websocket/connection.h"

namespace agent::uplink {

// How long it waits for what. Tests have less time.
struct Pace {
  std::chrono::milliseconds connect{15'000};    // From the name to the finished TLS handshake.
  std::chrono::milliseconds first_wait{1'000};  // Doubled with each failure, up to
  std::chrono::milliseconds longest_wait{60'000};
  // Between attempts, at most, when only a person can help: a refusal, a fork.
  std::chrono::milliseconds refused{600'000};
  // How long a busy collector may have us wait before we send again, whatever it says.
  std::chrono::milliseconds shortest_rest{100}, longest_rest{600'000};
  // A connection that lasted so long was a good one: the next failure begins with short waits again.
  std::chrono::milliseconds healthy{60'000};
  // A collector that takes batches and answers none for so long is left.
  std::chrono::milliseconds answer{60'000};
  // How often the answers' and the certificate's age are looked at.
  std::chrono::milliseconds look{30'000};
  // After the collector refused to renew a certificate that is still valid.
  std::chrono::milliseconds renewal_pause{3'600'000};
  // After a change of the CA each agent wants another certificate: it waits for so long, until the collector
  // can tell a certificate of the new CA by its date (collector/identity/rotation.cc), up to three times
  // that, because all of them want it.
  std::chrono::milliseconds new_issuer{120'000};
  // How often the list of registered terminals is asked for.
  std::chrono::milliseconds terminals{600'000};
  // How long HTTP is spoken before a WebSocket is tried again.
  std::chrono::milliseconds http{3'600'000};
};

enum class Transport { automatic, websocket, http };

// Who needs to know which remote IDs are registered. Called on the executor; the list is ascending.
struct TerminalReader {
  std::function<boost::asio::awaitable<void>(std::uint64_t version, std::vector<std::uint64_t> digests)> take;
  std::uint64_t known_version = 0;  // Of the list it has; 0: none.
};

struct Options {
  std::filesystem::path directory;  // Of the identity.
  std::string agent_version;
  std::string os;
  std::string hostname;
  Pace pace{};
  std::optional<TerminalReader> terminals = {};  // Absent: the list is not asked for.
  Transport transport = Transport::automatic;
  websocket::Limits limits = {};
  // Which proxy leads to `host`; asked before each attempt. Absent: none.
  std::function<base::Result<tls::ProxyChoice>(const std::string& host)> proxy = {};
};

// What one conversation leaves to the next.
struct Memory {
  std::minstd_rand random{std::random_device{}()};
  std::chrono::milliseconds jittered(std::chrono::milliseconds limit) {
    return std::chrono::milliseconds{std::uniform_int_distribution<std::int64_t>{0, limit.count()}(random)};
  }

  std::int64_t renewal_pause_ends_boot_ms = 0;
  std::chrono::milliseconds retry_after{0};   // What the collector asked for.
  std::uint64_t terminals_version = 0;        // Of the list of terminals that was taken last.
  std::int64_t trust_pause_ends_boot_ms = 0;  // The collector's other CA certificates were asked for already.
  std::int64_t issuer_pause_ends_boot_ms = 0;  // A certificate of the CA that issues now was, too.
  std::int64_t http_ends_boot_ms = 0;
  int early_deaths = 0;  // WebSockets, one after another, that died between the upgrade and the Welcome.
};

class Conversation;

// Lives on one executor. The outbox is touched on `worker` only, which must
// run one thing at a time and be the only user of the outbox.
class Uplink {
 public:
  Uplink(boost::asio::any_io_executor executor, boost::asio::any_io_executor worker, outbox::Outbox& outbox,
         Options options, const timing::Clock& clock);

  // Runs until its task is cancelled.
  [[nodiscard]] boost::asio::awaitable<void> run();

  // There are new records.
  void wake() { wake_.set(); }

 private:
  // One connection, from dialling to its end; never succeeds for good.
  [[nodiscard]] boost::asio::awaitable<base::Error> talk();
  // A WebSocket or HTTP on an open stream.
  [[nodiscard]] boost::asio::awaitable<base::Result<std::unique_ptr<websocket::Connection>>> open(
      tls::AnyStream stream, std::string host, bool http);
  bool speaks_http() const;
  void speak_http(const std::string& why);
  void judge_begin(const base::Status& begun, bool http);
  std::chrono::milliseconds wait_after(const base::Error& error, std::chrono::milliseconds& backoff);
  void log_once(const base::Error& error);
  [[nodiscard]] boost::asio::awaitable<void> note(std::string name, std::string value);

  boost::asio::any_io_executor executor_;
  boost::asio::any_io_executor worker_;
  outbox::Outbox& outbox_;
  Options options_;
  const timing::Clock& clock_;
  async::Event wake_;
  Memory memory_;
  std::string logged_;  // The reason that was logged last.
};

}  // namespace agent::uplink
