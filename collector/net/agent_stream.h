// One agent's connection, once TLS and WebSocket stand. Used by AgentServer alone.

#pragma once

#include <deskledger/v1/wire.pb.h>

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "collector/net/agent_server.h"
#include "collector/store/agents.h"
#include "common/record/agent_id.h"
#include "common/tls/tls_stream.h"
#include "common/websocket/connection.h"

namespace collector::net {

// Answers one EnrollRequest and says farewell.
[[nodiscard]] boost::asio::awaitable<void> serve_enrolment(AgentServerParts& parts,
                                                           websocket::Connection& socket,
                                                           std::string address);

class AgentStream {
 public:
  AgentStream(AgentServerParts& parts, websocket::Connection& socket, tls::Peer peer, std::string address);

  // Hello, Welcome, then batches until the connection ends.
  [[nodiscard]] boost::asio::awaitable<void> serve();

 private:
  using Ack = deskledger::v1::Ack;

  [[nodiscard]] boost::asio::awaitable<bool> welcome();
  // On the worker: who says hello, and where it stands. Seen and counted.
  [[nodiscard]] base::Status note_hello(std::optional<store::AgentRow>& row, ingest::Answer& stands);
  [[nodiscard]] boost::asio::awaitable<bool> take(deskledger::v1::Frame frame);
  [[nodiscard]] boost::asio::awaitable<bool> take_batch(const deskledger::v1::Batch& batch);
  [[nodiscard]] boost::asio::awaitable<bool> refuse_batch(const record::Refusal& refusal);
  [[nodiscard]] boost::asio::awaitable<bool> answer_busy();
  [[nodiscard]] boost::asio::awaitable<bool> acknowledge(std::uint32_t epoch, ingest::Answer answer);
  [[nodiscard]] boost::asio::awaitable<bool> take_renewal(const deskledger::v1::RenewRequest& request);
  [[nodiscard]] boost::asio::awaitable<bool> take_terminals_request(std::uint64_t known_version);
  // On the worker. permission_denied if the agent was revoked since its Hello. A list that is too long is
  // counted as `terminals_too_many`.
  [[nodiscard]] base::Status read_terminals(std::uint64_t known_version, deskledger::v1::Terminals& told);
  [[nodiscard]] boost::asio::awaitable<bool> send(const deskledger::v1::Frame& frame);

  AgentServerParts& parts_;
  websocket::Connection& socket_;
  tls::Peer peer_;
  std::string address_;
  record::AgentId agent_;
  std::uint32_t epoch_ = 1;
  std::optional<crypto::PublicKey> record_key_;
};

}  // namespace collector::net
