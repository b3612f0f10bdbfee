// Are the records in the file still the ones that were sealed?
//
// SQLite's own check sees a torn page, not a flipped bit in a body. Hashing a
// record again costs about 1 us, so that a million of them cannot be asked at
// every start: the newest are, each one is before it is handed out, and the
// rest in slices while the agent has nothing else to do.

#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "common/base/result.h"
#include "common/crypto/digest.h"
#include "common/record/agent_id.h"
#include "common/record/chain.h"

namespace agent::outbox {

// The state of the chain. `head` is the hash of record next_seq - 1.
struct ChainState {
  std::uint32_t epoch = 1;
  std::uint64_t next_seq = 1;
  crypto::Digest head{};
  std::uint64_t acked_seq = 0;  // Everything up to here is durable at the collector.
};

struct StoredRecord {
  std::uint64_t seq = 0;
  crypto::Digest hash{};
  std::string body;
};

// The hash of record `seq`; nothing if it is not there. 0 has the hash of all zeros.
[[nodiscard]] base::Result<std::optional<crypto::Digest>> stored_hash(sqlite3* db, std::uint64_t seq);

// Reads the records from `from_seq` on and compares each with its place in the chain.
class ChainCheck {
 public:
  // From the oldest one on, if `from_seq` was removed already. The record before the first one is the
  // measure; where that was removed, the first one's hash has to be believed.
  [[nodiscard]] static base::Result<ChainCheck> begin(sqlite3* db, const record::AgentId& agent,
                                                      std::uint32_t epoch, std::uint64_t from_seq);

  // Gives at most `records_max` sound records to `take`, in order, until it returns false. corrupt at the
  // first one that is not sound; those before it were given. Returns how many were given.
  [[nodiscard]] base::Result<std::size_t> read(sqlite3* db, std::size_t records_max,
                                               const std::function<bool(StoredRecord)>& take);

  std::uint64_t next_seq() const { return next_seq_; }
  // The hash of record next_seq() - 1, if it was there.
  const std::optional<crypto::Digest>& head() const { return head_; }

 private:
  ChainCheck(const record::AgentId& agent, std::uint32_t epoch, std::uint64_t next_seq,
             std::optional<crypto::Digest> head)
      : agent_{agent}, epoch_{epoch}, next_seq_{next_seq}, head_{head} {}
  [[nodiscard]] base::Status check(const StoredRecord& record);

  record::AgentId agent_;
  std::uint32_t epoch_;
  std::uint64_t next_seq_;
  std::optional<crypto::Digest> head_;
};

// The end of the chain: the newest records, that they end where the chain does, and that the first one the
// collector does not have is there. The cost does not depend on how many there are.
[[nodiscard]] base::Status check_tail(sqlite3* db, const record::AgentId& agent, const ChainState& chain);

}  // namespace agent::outbox
