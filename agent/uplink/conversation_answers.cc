// The collector's answers to batches.

#include <algorithm>

#include "agent/uplink/conversation.h"
#include "agent/uplink/refusal.h"
#include "common/async/offload.h"
#include "common/base/hex.h"
#include "common/logging/log.h"
#include "common/record/batch.h"
#include "common/record/limits.h"

namespace agent::uplink {

using base::ErrorCode;
using base::fail;
using boost::asio::awaitable;
using std::chrono::milliseconds;

std::string Conversation::proof_of(std::uint64_t seq, const crypto::Digest& head, std::string_view sig,
                                   std::int64_t server_utc_ms) const {
  return "epoch=" + std::to_string(epoch_) + " seq=" + std::to_string(seq) + " head=" + head.hex() +
         " sig=" + base::to_hex(sig) + " key_id=" + identity_.collector_key.id().hex() +
         " server_utc_ms=" + std::to_string(server_utc_ms);
}

awaitable<base::Status> Conversation::take(wire::Ack ack) {
  if (!record::is_signed(ack, identity_.agent_id, identity_.collector_key)) {
    co_return fail(ErrorCode::unauthenticated,
                   "an acknowledgement without the collector's signature: it counts for nothing; if that "
                   "stays, enrol this workstation again");
  }
  const auto outcome = ack.outcome();
  const bool busy = outcome == wire::Ack::BUSY;
  // What was on its way behind a batch that was not taken cannot join.
  const bool behind = rewinds_ && outcome == wire::Ack::GAP;
  if (!busy && !behind && outcome != wire::Ack::ACCEPTED && outcome != wire::Ack::DUPLICATE) {
    memory_.retry_after = milliseconds{ack.retry_after_ms()};
    co_return std::unexpected{refusal_of(ack)};
  }
  base::Status acknowledged;
  co_await async::offload(worker_, [&] { acknowledged = acknowledge(ack); });
  if (!acknowledged) co_return acknowledged;
  const auto head = crypto::Digest::from_bytes(ack.head());
  if (!head) co_return std::unexpected{head.error()};
  answered_seq_ = ack.committed_seq();
  answered_head_ = *head;
  if (in_flight_ > 0) --in_flight_;
  last_word_boot_ms_ = clock_.boot_ms();
  if (ack.window() > 0) window_ = std::min(ack.window(), record::kWindowMax);
  if (busy) {
    if (!rewinds_) logging::info("the collector is busy", {{"detail", ack.detail()}});
    rewinds_ = true;
  }
  if (busy || ack.window() == 0) rest(milliseconds{ack.retry_after_ms()});
  co_return base::Status{};
}

// The jitter keeps agents that were told the same from coming back together.
void Conversation::rest(milliseconds asked) {
  const auto length = std::clamp(asked, options_.pace.shortest_rest, options_.pace.longest_rest);
  rest_.emplace(executor_, length + memory_.jittered(length / 2), [this] { wake_.set(); });
}

// On the worker. A signed word about other records than ours, an older epoch's for example, counts for
// nothing.
base::Status Conversation::acknowledge(const wire::Ack& ack) {
  const auto own = outbox_.hash_of(ack.committed_seq());
  if (!own && own.error().code != ErrorCode::not_found) return std::unexpected{own.error()};
  if (!own || ack.epoch() != epoch_ || ack.head() != own->bytes()) {
    return fail(ErrorCode::conflict, "the collector acknowledged record " +
                                         std::to_string(ack.committed_seq()) +
                                         " of another history than this outbox; an administrator must decide "
                                         "(docs/operating/agent.md)");
  }
  return outbox_.acknowledge(ack.committed_seq(), clock_.utc(),
                             proof_of(ack.committed_seq(), *own, ack.sig(), ack.server_utc_ms()));
}

}  // namespace agent::uplink
