// One agent's connection, once TLS and WebSocket stand. Used by AgentServer alone.
//
// Three coroutines have a part in it: this one reads, the Speaker writes, and the committer's answers come
// home in between. Up to a window of batches is under way at once; anything else is answered before the next
// frame is read.

#pragma once

#include <deskledger/v1/wire.pb.h>

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "collector/ingest/ingest.h"
#include "collector/net/port.h"
#include "collector/net/speaker.h"
#include "common/crypto/ed25519.h"
#include "common/record/agent_id.h"
#include "common/record/batch.h"
#include "common/tls/tls_stream.h"
#include "common/websocket/connection.h"

namespace collector::net {

class AgentStream {
 public:
  // `address` is for people, `key` the address as the limits know it. All references must outlive it.
  AgentStream(const boost::asio::any_io_executor& executor, Port& port, websocket::Connection& socket,
              tls::Peer peer, std::string address, std::string key);

  // Hello, Welcome, then batches until the connection ends.
  [[nodiscard]] boost::asio::awaitable<void> serve();

  // Ends it now, from outside, and counts why.
  void cut(websocket::CloseCode code, std::string_view outcome, const std::string& reason);

 private:
  using Ack = deskledger::v1::Ack;
  using Frame = deskledger::v1::Frame;

  [[nodiscard]] boost::asio::awaitable<void> converse();
  [[nodiscard]] boost::asio::awaitable<bool> welcome();
  [[nodiscard]] boost::asio::awaitable<std::optional<deskledger::v1::Hello>> hear_hello();
  void say_welcome(deskledger::v1::Welcome welcome);
  // Ends older streams of this agent. False if that made it a clone.
  [[nodiscard]] boost::asio::awaitable<bool> take_over();
  [[nodiscard]] boost::asio::awaitable<void> listen();
  [[nodiscard]] boost::asio::awaitable<void> take(Frame frame, std::size_t bytes);
  [[nodiscard]] boost::asio::awaitable<void> take_batch(const deskledger::v1::Batch& batch,
                                                        std::size_t bytes);
  [[nodiscard]] boost::asio::awaitable<void> take_renewal(const deskledger::v1::RenewRequest& request);
  [[nodiscard]] boost::asio::awaitable<void> take_terminals_request(std::uint64_t known_version);
  [[nodiscard]] boost::asio::awaitable<void> take_fork(const deskledger::v1::ForkReport& report);
  [[nodiscard]] boost::asio::awaitable<void> refuse_batch(record::Refusal refusal);
  // On the worker. permission_denied if the agent was silenced since its Hello. A list that is too long is
  // counted as `terminals_too_many`.
  [[nodiscard]] base::Status read_terminals(std::uint64_t known_version, deskledger::v1::Terminals& told);

  // False, with a place in the answers, if this batch is not taken now.
  [[nodiscard]] bool admits(const deskledger::v1::Batch& batch, std::size_t bytes);
  void submit(record::OpenedBatch opened, const deskledger::v1::Batch& batch);
  void answer_busy(std::uint64_t first_seq, std::string_view outcome, std::int64_t retry_after_ms);
  // What is said when it is this answer's turn.
  Speaker::Word put_in_words(const base::Result<ingest::Answer>& answer);
  Speaker::Word acknowledge(ingest::Answer answer);
  void tell_journal(const ingest::Answer& answer) const;
  void tell_refused(const std::string& outcome, const std::string& detail) const;
  void tell_connected() const;
  void tell_disconnected() const;

  void note(std::string_view outcome, const std::string& detail = {});
  // The same for a fault of the agent's own making.
  void strike(std::string_view outcome, const std::string& detail = {});
  void end_unanswered();
  static constexpr const char* kUnanswered = "the database does not answer";
  // Its other side was heard within kAlive_ms, and nobody has ended it.
  bool is_alive() const;
  std::string id() const { return std::string{agent_.bytes()}; }

  boost::asio::any_io_executor executor_;
  Port& port_;
  websocket::Connection& socket_;
  tls::Peer peer_;
  std::string address_;
  std::string key_;
  Speaker speaker_;
  std::uint32_t window_;
  record::AgentId agent_;
  std::uint32_t epoch_ = 1;
  std::optional<crypto::PublicKey> record_key_;
  ingest::Answer stands_;  // The newest place in the stream that was told.
  // The first batch that was answered busy: what follows it cannot join before it has come again.
  std::optional<std::uint64_t> busy_from_;
  bool welcomed_ = false;
  std::int64_t heard_ms_ = 0;
  std::string ended_ = "by the collector";
};

}  // namespace collector::net
