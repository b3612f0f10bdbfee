// The sealed records of the agents, exactly as received, and how far each
// stream of them is stored.
//
// Digests, keys, signatures and bodies are raw bytes. Stored records are never
// changed; the database refuses it.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/store/connection.h"
#include "common/timing/utc.h"

namespace collector::store {

// Where a stream (agent, epoch) stands.
struct StreamRow {
  std::int64_t committed_seq = 0;
  std::string head;  // Of the hash chain, at committed_seq.
};

struct BatchRow {
  std::int64_t id = 0;  // Given by the store.
  std::string agent_id;
  std::int64_t epoch = 0;
  std::int64_t first_seq = 0;
  std::int64_t record_count = 0;  // Given by the store.
  std::string prev_head;
  std::string head;
  std::string key_id;
  std::string sig;
  timing::UtcMs received;
};

// One record of a batch; its seq follows from its place in the batch.
struct NewRecord {
  std::string hash;
  std::string body;  // A serialised Fact (proto/deskledger/v1/fact.proto).
};

struct RecordRow {
  std::int64_t id = 0;  // Grows in the order of commits.
  std::int64_t batch_id = 0;
  std::string agent_id;
  std::int64_t epoch = 0;
  std::int64_t seq = 0;
  std::string hash;
  std::string body;
  timing::UtcMs received;
};

// A record with the batch whose signature covers it.
struct ProvenRecordRow {
  RecordRow record;
  BatchRow batch;
};

// Absent if nothing of this stream was stored yet.
[[nodiscard]] base::Result<std::optional<StreamRow>> load_stream(Transaction& transaction,
                                                                 const std::string& agent_id,
                                                                 std::int64_t epoch);

// The newest epoch of this agent that has records; 0 if nothing of it is stored.
[[nodiscard]] base::Result<std::int64_t> newest_epoch(Transaction& transaction, const std::string& agent_id);

// Stores the batch, its records (seq first_seq, first_seq + 1, ...) and the
// stream's new watermark; returns the batch's id. conflict if any of them is
// stored already. The caller has verified the chain and that first_seq follows
// on the watermark.
[[nodiscard]] base::Result<std::int64_t> append_batch(Transaction& transaction, const BatchRow& batch,
                                                      const std::vector<NewRecord>& records);

// The hashes stored for seq first_seq ... first_seq + count - 1, in order; fewer
// if the stream ends before.
[[nodiscard]] base::Result<std::vector<std::string>> find_record_hashes(Transaction& transaction,
                                                                        const std::string& agent_id,
                                                                        std::int64_t epoch,
                                                                        std::int64_t first_seq,
                                                                        std::int64_t count);

// Up to `limit` records whose id is above `record_id`, in order of id.
[[nodiscard]] base::Result<std::vector<RecordRow>> records_after(Transaction& transaction,
                                                                 std::int64_t record_id, std::int64_t limit);

// The records a session came from, in order of id, each with its proof.
[[nodiscard]] base::Result<std::vector<ProvenRecordRow>> records_of_session(Transaction& transaction,
                                                                            std::int64_t session_id);

}  // namespace collector::store
