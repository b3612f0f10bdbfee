// The collector's own log: which heads of which streams it has put down, and the signed checkpoints over
// them. What is hashed and signed is made by collector/proof; here it is only kept.
//
// The chain of changes (changes.h) stands in it as one more stream: that of the agent whose id is all zeros,
// which no agent has, and of epoch 0.
//
// Digests and ids are raw bytes. The transaction's errors are those of connection.h.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/store/connection.h"
#include "common/timing/utc.h"

namespace collector::store {

// The head of a stream that the log does not have yet.
struct MovedStream {
  std::string agent_id;
  std::int64_t epoch = 0;
  std::int64_t committed_seq = 0;
  std::string head;
};

struct CheckpointRow {
  std::int64_t tree_size = 0;
  std::string root;
  std::string note;
  timing::UtcMs signed_at;
};

// Up to `limit`, in order of agent and epoch; the chain of changes is the first of all.
[[nodiscard]] base::Result<std::vector<MovedStream>> streams_to_log(Transaction& transaction,
                                                                    std::int64_t limit);

// Keeps one leaf for each of `streams`, with the indices first_index, first_index + 1, ..., and notes on each
// stream that the log has it. conflict if an index is taken.
[[nodiscard]] base::Status append_leaves(Transaction& transaction, std::int64_t first_index,
                                         const std::vector<MovedStream>& streams, timing::UtcMs logged);

// conflict if there is one of that size.
[[nodiscard]] base::Status add_checkpoint(Transaction& transaction, const CheckpointRow& checkpoint);

// Of the largest tree.
[[nodiscard]] base::Result<std::optional<CheckpointRow>> newest_checkpoint(Transaction& transaction);

}  // namespace collector::store
