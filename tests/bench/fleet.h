// Many agents in one process, as far as a collector can tell: each with its own
// id, record key and certificate, over TLS and WebSocket, with frames that were
// sealed and signed before anything is measured.
//
// They are enrolled in the collector's database directly. What fails throws
// std::runtime_error.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/crypto/ed25519.h"
#include "common/record/agent_id.h"
#include "common/tls/context.h"
#include "common/websocket/connection.h"
#include "tests/support/site/site.h"

namespace bench {

struct FleetAgent {
  record::AgentId id;
  crypto::SigningKey key;
  tls::ClientTls tls;
  std::unique_ptr<websocket::Connection> connection = {};  // After connect().
  std::vector<std::string> frames = {};                    // Batches, ready to be sent.
};

// The body of record `seq` of an agent: every session is told three times (asked for, begun, ended), as in
// life.
std::string body_of(const FleetAgent& agent, std::uint64_t seq);

class Fleet {
 public:
  // `site`'s collector runs.
  Fleet(const support::Site& site, std::size_t agents);
  ~Fleet();

  std::size_t size() const { return agents_.size(); }

  // Seals `batches` more of `records` each for every agent.
  void seal(std::size_t batches, std::size_t records);

  // Hello and Welcome of all, a hundred at a time.
  void connect();

  struct Sent {
    std::vector<double> ack_ms;  // From the write of each batch to its signed ACCEPTED.
    double wall_s = 0;
  };
  // All agents send what was sealed, each with up to `window` batches unanswered.
  Sent send(std::size_t window);

  // Keeps the connections alive (they answer pings) and does nothing else.
  void rest(std::chrono::seconds time);

 private:
  using Task = std::function<boost::asio::awaitable<void>(FleetAgent&)>;

  // Runs `task` for every agent, `at_once` of them at a time, until all have ended.
  void run(std::size_t at_once, Task task);
  [[nodiscard]] boost::asio::awaitable<void> greet(FleetAgent& agent);
  [[nodiscard]] boost::asio::awaitable<void> send_all(FleetAgent& agent, std::size_t window, Sent& sent);

  std::uint16_t port_;
  boost::asio::io_context io_;
  std::vector<FleetAgent> agents_;
  std::vector<std::uint64_t> next_seq_;
  std::vector<crypto::Digest> heads_;
};

}  // namespace bench
