// The agents' side of a collector, kept in memory: answers as docs/formats/wire.md says, unless a test wants
// something else of it. Loopback, real TLS, one thread.

#pragma once

#include <deskledger/v1/wire.pb.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/async/task_group.h"
#include "common/crypto/ed25519.h"
#include "common/record/agent_id.h"
#include "common/websocket/connection.h"
#include "tests/support/net/certificates.h"

namespace support {

namespace net = boost::asio;
namespace wire = deskledger::v1;

class StandInCollector {
 public:
  explicit StandInCollector(net::io_context& io);

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  const TestAuthority& authority() const { return authority_; }
  const crypto::SigningKey& key() const { return key_; }

  // Who may speak; an enrolment fills both.
  record::AgentId agent = record::AgentId::from_hex("000102030405060708090a0b0c0d0e0f").value();
  std::optional<crypto::PublicKey> record_key;

  // Accepts until its task is cancelled.
  net::awaitable<void> run();

  // What it has of an epoch.
  struct Stored {
    std::vector<std::string> bodies;
    std::vector<crypto::Digest> hashes;
    std::uint64_t committed() const { return bodies.size(); }
    crypto::Digest head() const { return hashes.empty() ? crypto::Digest{} : hashes.back(); }
  };
  std::map<std::uint32_t, Stored> stored;

  // What happened.
  int connections = 0;
  int frames = 0;          // Read and to be written, of all connections.
  int batches = 0;         // Read.
  int duplicates = 0;      // Of them, stored before.
  int unanswered_max = 0;  // Batches read and not answered at one time.
  int renewals = 0;
  std::vector<wire::Hello> hellos;
  std::vector<wire::ForkReport> forks;
  std::vector<std::string> refusals;  // What was wrong with a batch; empty with a good agent.

  // What a test wants otherwise.
  std::optional<crypto::Certificate> former;  // A CA whose certificates count besides its own.
  std::vector<std::string> paths{"/v1/enroll", "/v1/stream", "/v1/batch"};  // Others are answered with 404.
  bool drop_upgraded = false;  // WebSockets end as soon as they stand.
  int drop_at_frame = -1;      // The connection is cut in place of this frame (counted by `frames`).
  int answer_from = 1;         // Acks are held back until so many batches are unanswered.
  bool silent = false;         // No batch is answered.
  // The answer to a question for the registered terminals; without it that frame is out of place.
  std::function<wire::Terminals(const wire::TerminalsRequest&)> terminals;
  bool terminals_wait = false;  // That answer goes out only when the next batch has come.
  std::function<void(wire::Terminals&)> change_signed_terminals;
  std::function<void(wire::Welcome&)> change_welcome;               // Before it is signed.
  std::function<void(wire::Welcome&)> change_signed_welcome;        // After.
  std::function<void(wire::Ack&)> change_ack;                       // Before it is signed.
  std::function<void(wire::Ack&)> change_signed_ack;                // After.
  std::function<void(wire::RenewResponse&)> change_renewal;         // Before it is signed.
  std::function<void(wire::RenewResponse&)> change_signed_renewal;  // After.
  // The whole answer to an enrolment, as bytes.
  std::function<std::string(const wire::EnrollRequest&)> enroll;
  // Of these functions none is called any more: what they refer to is about to end.
  void forget_wishes();

  // The answer that accepts.
  wire::EnrollResponse accept(const wire::EnrollRequest& request);

 private:
  struct Talk {
    websocket::Connection& connection;
    std::uint32_t epoch = 0;
    std::vector<wire::Ack> held;
    std::optional<wire::Frame> held_terminals = {};
  };

  net::awaitable<void> serve(net::ip::tcp::socket socket);
  net::awaitable<void> serve_enrolment(websocket::Connection& connection);
  net::awaitable<void> serve_stream(websocket::Connection& connection);
  net::awaitable<bool> take(Talk& talk, wire::Frame frame);
  net::awaitable<bool> send(Talk& talk, wire::Frame frame);
  net::awaitable<bool> answer(Talk& talk, wire::Ack ack);
  wire::Frame welcome(std::uint32_t epoch);
  wire::Terminals signed_terminals(wire::Terminals told);
  wire::Ack store(const wire::Batch& batch, std::uint32_t epoch);
  // True if the connection is to be cut now.
  bool cut() { return frames++ == drop_at_frame; }

  TestAuthority authority_;
  Identity own_;
  crypto::SigningKey key_ = crypto::SigningKey::generate().value();
  net::ip::tcp::acceptor acceptor_;
  async::TaskGroup tasks_;
};

}  // namespace support
