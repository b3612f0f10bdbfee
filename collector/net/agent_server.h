// The port that agents connect to (7443): enrolment and streams of batches.
//
// One network thread. Anything that touches the database happens elsewhere:
// batches go to the committer, the rest to `worker`, one at a time.

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <string>

#include "collector/identity/trust.h"
#include "collector/ingest/committer.h"
#include "collector/store/connection.h"
#include "common/async/task_group.h"
#include "common/base/result.h"
#include "common/crypto/ed25519.h"
#include "common/timing/clock.h"

namespace collector::net {

// Everything the server uses; all of it must outlive the server.
struct AgentServerParts {
  const identity::CurrentTrust& trust;
  const crypto::SigningKey& acknowledgement_key;
  ingest::Committer& committer;
  store::Connection& database;  // Used on `worker` only.
  boost::asio::any_io_executor worker;
  const timing::Clock& clock;
};

class AgentServer {
 public:
  AgentServer(boost::asio::any_io_executor executor, AgentServerParts parts);

  // Opens the port. `listen` is "address:port" or "[v6]:port"; port 0 lets the
  // system choose. invalid_argument for anything else, conflict if the port is taken.
  [[nodiscard]] base::Status open(const std::string& listen);
  std::uint16_t port() const;

  // Accepts until its task is cancelled; then ends every connection and returns.
  [[nodiscard]] boost::asio::awaitable<void> run();

  // More are closed at once, and counted in the journal.
  static constexpr std::size_t kConnectionsMax = 20'000;

 private:
  [[nodiscard]] boost::asio::awaitable<void> accept_all();
  [[nodiscard]] boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket);

  boost::asio::any_io_executor executor_;
  AgentServerParts parts_;
  boost::asio::ip::tcp::acceptor acceptor_;
  async::TaskGroup connections_;
};

}  // namespace collector::net
