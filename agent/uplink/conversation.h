// One stream with the collector, from Hello to its end. Used by Uplink alone.

#pragma once

#include <deskledger/v1/wire.pb.h>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/identity/identity.h"
#include "agent/outbox/outbox.h"
#include "agent/uplink/uplink.h"
#include "common/async/alarm.h"
#include "common/async/event.h"
#include "common/base/result.h"
#include "common/websocket/connection.h"

namespace agent::uplink {

namespace wire = deskledger::v1;

class Conversation {
 public:
  // All references must outlive it. `server_authority` is the CA that the connection's server was trusted
  // for.
  Conversation(websocket::Connection& connection, outbox::Outbox& outbox, const identity::Identity& identity,
               const identity::Credentials& credentials, const crypto::Digest& server_authority,
               const Options& options, Memory& memory, async::Event& wake,
               boost::asio::any_io_executor worker, const timing::Clock& clock);

  // Hello and Welcome: afterwards it is known where to go on. conflict if the
  // collector stands at no point of our chain, which it was told then.
  [[nodiscard]] boost::asio::awaitable<base::Status> begin();

  // The collector's clock as it was at the welcome; nothing before, and from a collector that does not tell.
  std::optional<timing::UtcMs> server_time() const { return server_time_; }

  // Sends and receives until the connection ends; the reason.
  [[nodiscard]] boost::asio::awaitable<base::Error> go_on();

 private:
  [[nodiscard]] boost::asio::awaitable<base::Status> send(wire::Frame frame);
  [[nodiscard]] boost::asio::awaitable<base::Result<wire::Frame>> receive(std::chrono::milliseconds limit);
  [[nodiscard]] boost::asio::awaitable<base::Status> join(wire::Welcome welcome);
  [[nodiscard]] boost::asio::awaitable<void> report_fork(wire::Welcome welcome, std::string own_head,
                                                         std::uint64_t own_next_seq);
  // Whether a batch may go out now.
  bool may_send();
  [[nodiscard]] boost::asio::awaitable<base::Status> send_next_batch(bool& sent);
  [[nodiscard]] boost::asio::awaitable<base::Status> send_all();
  [[nodiscard]] boost::asio::awaitable<void> receive_all();
  [[nodiscard]] boost::asio::awaitable<void> look_now_and_then();
  [[nodiscard]] boost::asio::awaitable<void> want_terminals_now_and_then();
  [[nodiscard]] boost::asio::awaitable<base::Status> ask_for_terminals();
  void end(base::Error error);
  [[nodiscard]] boost::asio::awaitable<base::Status> take(wire::Ack ack);
  [[nodiscard]] boost::asio::awaitable<base::Status> take(wire::Terminals terminals);
  [[nodiscard]] boost::asio::awaitable<base::Status> ask_for_certificate();
  [[nodiscard]] base::Status acknowledge(const wire::Ack& ack);
  // The collector's signature about this epoch with all that is needed to check it, except who we are.
  std::string proof_of(std::uint64_t seq, const crypto::Digest& head, std::string_view sig,
                       std::int64_t server_utc_ms) const;
  void rest(std::chrono::milliseconds asked);
  [[nodiscard]] base::Status take(const wire::RenewResponse& answer);
  [[nodiscard]] base::Status keep(const wire::RenewResponse& answer) const;
  [[nodiscard]] base::Result<std::vector<crypto::Certificate>> read_trusted(
      const wire::RenewResponse& answer) const;
  void pause_renewal();
  void plan_renewal();
  timing::UtcMs now() const;
  bool wants_certificate() const;

  websocket::Connection& connection_;
  outbox::Outbox& outbox_;
  const identity::Identity& identity_;
  const identity::Credentials& credentials_;
  crypto::Digest server_authority_;
  const Options& options_;
  Memory& memory_;
  async::Event& wake_;
  boost::asio::any_io_executor worker_;
  const timing::Clock& clock_;

  std::uint64_t next_seq_ = 1;  // To be sent next.
  crypto::Digest prev_head_;    // Of record next_seq_ - 1.
  std::uint32_t epoch_ = 1;
  std::uint32_t in_flight_ = 0;
  std::uint32_t window_ = 1;
  std::int64_t last_word_boot_ms_ = 0;  // When an answer last came, or began to be waited for.
  std::optional<timing::UtcMs> server_time_;
  std::int64_t server_time_boot_ms_ = 0;  // When it was told.
  boost::asio::any_io_executor executor_;
  std::optional<async::Alarm> rest_;  // Until it rings no batch goes out: the collector wants it so.
  // A batch was not taken: when all are answered, sending begins anew behind the last word of the collector.
  bool rewinds_ = false;
  std::uint64_t answered_seq_ = 0;
  crypto::Digest answered_head_;
  bool trust_differs_ = false;  // The collector has other CA certificates for us.
  bool renew_first_ = false;
  bool renewal_asked_ = false;
  // Set if the server's certificate is of another CA than ours; when it rings, ours is to be renewed.
  std::optional<async::Alarm> other_issuer_;
  bool terminals_due_ = false;
  bool terminals_asked_ = false;      // And not answered.
  std::optional<base::Error> ended_;  // By another task than the sending one.
};

}  // namespace agent::uplink
