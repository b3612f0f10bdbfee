// A collector's port for agents on 127.0.0.1, with everything behind it, and agents that call.

#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <optional>
#include <string>
#include <vector>

#include "collector/net/agent_server.h"
#include "common/record/batch.h"
#include "common/record/chain.h"
#include "common/record/signed_text.h"
#include "common/tls/context.h"
#include "common/tls/tls_stream.h"
#include "common/websocket/connection.h"
#include "tests/collector/store/store_fixture.h"
#include "tests/support/clock/manual_clock.h"
#include "tests/support/net/co_test.h"

namespace collector::net {

namespace wire = deskledger::v1;
using boost::asio::awaitable;
using store::must;

// An agent's keys and certificate.
struct Caller {
  record::AgentId id;
  crypto::SigningKey record_key;
  crypto::TlsKey tls_key;
  crypto::Certificate certificate;
};

struct Dialled {
  std::unique_ptr<websocket::Connection> socket;
  wire::Frame first;  // What the server answered first.
};

class HarbourTest : public store::StoreTest {
 public:  // For the tests' coroutines, which are lambdas without captures.
  // The port looks who was silenced when a test asks it to, unless `look` is short.
  explicit HarbourTest(const Limits& limits = {}, std::chrono::milliseconds look = std::chrono::hours{24});
  ~HarbourTest() override;

  // Enrols an agent in the database; its certificate is valid for `lifetime` from five minutes ago on.
  Caller make_caller(int n, std::chrono::seconds lifetime = std::chrono::hours{1});
  void make_token(const std::string& secret);
  void revoke(const Caller& caller);
  void quarantine(const Caller& caller);
  void release(const Caller& caller);
  using StoreTest::read;
  using StoreTest::write;

  // Runs `task` beside the server, to its end.
  void converse(awaitable<void> task);
  // Until the server has ended every connection: what it counts of one is counted at its end.
  void settle();
  // The server writes down what it counted and looks who was silenced.
  void look();

  awaitable<std::unique_ptr<websocket::Connection>> dial(tls::ClientTls tls, std::string path);
  tls::ClientTls tls_of(const Caller& caller) const;
  tls::ClientTls tls_of_nobody() const;
  // TLS, WebSocket, Hello; the Welcome is in `first`.
  awaitable<Dialled> hello(const Caller& caller, std::uint32_t epoch = 1);
  // A connection over which bytes go as they are.
  awaitable<tls::AnyStream> dial_raw(tls::ClientTls tls);
  // One frame there and one back; nothing if the connection ended instead.
  static awaitable<std::optional<wire::Frame>> ask(websocket::Connection& socket, wire::Frame frame);
  // True if the server ends the connection without another message.
  static awaitable<bool> is_ended(websocket::Connection& socket);

  // One record for each word: g++ 12 cannot keep an initializer list alive across co_await.
  static wire::Frame batch(const Caller& caller, std::uint64_t first_seq, const crypto::Digest& prev_head,
                           const std::string& words, std::uint32_t epoch = 1);
  // What `caller` says if its own chain has another record where the collector stands.
  static wire::Frame fork(const Caller& caller, std::uint64_t committed_seq, const crypto::Digest& head);
  std::size_t stored();
  std::int64_t counted(const std::string& outcome);

  identity::CurrentTrust trust_;
  const crypto::Authority& authority_;  // Of the trust it began with.
  crypto::SigningKey acknowledgement_;
  // Stands still from the test's beginning unless it is moved.
  support::ManualClock clock_{timing::system_clock().utc()};
  boost::asio::io_context io_{1};
  boost::asio::thread_pool worker_{1};
  std::optional<ingest::Committer> committer_;
  std::optional<store::Connection> database_;
  std::optional<AgentServer> server_;
  boost::asio::cancellation_signal stop_;
  bool server_ended_ = false;
  std::uint16_t through_ = 0;  // The port to dial in place of the server's own, if not 0.
};

#define HARBOUR_SUITE(name)                                                                               \
  class name : public HarbourTest {};                                                                     \
  INSTANTIATE_TEST_SUITE_P(On, name, testing::Values(store::Dialect::sqlite, store::Dialect::postgresql), \
                           store::dialect_name)

}  // namespace collector::net
