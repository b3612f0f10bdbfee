// The port that agents connect to (7443): enrolment and streams of batches.
//
// One network thread. Anything that touches the database happens elsewhere:
// batches go to the committer, the rest to `worker`, one at a time. Who may do
// how much is limited by limits.h; whatever is refused has a name, a counter
// (`deskledger-collector agents`) and a line in the journal.

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <string>

#include "collector/net/port.h"
#include "common/async/task_group.h"
#include "common/base/result.h"
#include "common/tls/tls_stream.h"

namespace collector::net {

class AgentServer {
 public:
  AgentServer(boost::asio::any_io_executor executor, AgentServerParts parts);

  // Opens the port. `listen` is "address:port" or "[v6]:port"; port 0 lets the
  // system choose. invalid_argument for anything else, conflict if the port is taken.
  [[nodiscard]] base::Status open(const std::string& listen);
  std::uint16_t port() const;

  // Accepts until its task is cancelled; then ends every connection and returns.
  [[nodiscard]] boost::asio::awaitable<void> run();

  // Writes down what was counted, and ends the streams of agents that were silenced since, by whatever
  // process. run() does it every `look`.
  [[nodiscard]] boost::asio::awaitable<void> look();

  // Open now, with those that still shake hands or say farewell.
  std::size_t connections() const { return port_.guard.connections(); }

 private:
  [[nodiscard]] boost::asio::awaitable<void> accept_all();
  [[nodiscard]] boost::asio::awaitable<void> look_now_and_then();
  // From the first byte to the last. `key` is the address as the limits know it.
  [[nodiscard]] boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket, std::string key);
  void note_no_connection(const tls::SecureStream& secure, const std::string& key, const base::Error& error);

  boost::asio::any_io_executor executor_;
  Port port_;
  boost::asio::ip::tcp::acceptor acceptor_;
  async::TaskGroup connections_;
  std::int64_t trust_version_ = -1;  // That was looked at last.
};

}  // namespace collector::net
