// A batch arrives; one named outcome comes out.
//
// Everything that needs no database was checked before (record::open_batch).
// What is decided here is decided inside the transaction that stores it, so
// that two connections of one agent, a revocation and a kill cannot come
// between: a batch is stored whole, exactly behind what is stored already, or
// not at all (docs/formats/wire.md).

#pragma once

#include <cstdint>
#include <string>

#include "collector/store/connection.h"
#include "common/base/result.h"
#include "common/record/batch.h"
#include "common/timing/utc.h"

namespace collector::ingest {

// The signature that was checked and the key it was checked with, kept as proof beside the records.
struct Incoming {
  record::OpenedBatch batch;
  std::string key_id;
  std::string sig;
};

// What to answer. committed_seq and head say what is durable once the transaction has committed.
struct Answer {
  record::v1::Ack::Outcome outcome = record::v1::Ack::OUTCOME_UNSPECIFIED;
  std::uint64_t committed_seq = 0;
  crypto::Digest head = {};
  std::string detail = {};
  std::uint64_t differs_at = 0;      // After a conflict: the first record known to differ.
  std::uint32_t retry_after_ms = 0;  // With busy alone.
};

// A stable name for counters and messages: "accepted", "bad_chain".
std::string_view to_string(record::v1::Ack::Outcome outcome);

// True for outcomes after which the connection is closed: the agent must not
// go on as it is; after a gap it is told anew where the collector stands.
// Accepted, duplicate and busy are part of normal life.
bool ends_connection(record::v1::Ack::Outcome outcome);

// Where the stream of this agent stands; nothing stored is seq 0 and kChainStart.
[[nodiscard]] base::Result<Answer> where_stands(store::Transaction& tx, const record::AgentId& agent,
                                                std::uint32_t epoch);

// Stores `incoming` if it joins what is stored, and counts the outcome. New
// records in an epoch older than the newest stored one are a conflict too: two
// use the agent's key. A conflict raises an alarm and puts the agent into
// quarantine (alarm.h). Errors are the database's own; the caller's transaction
// then rolls back.
[[nodiscard]] base::Result<Answer> take(store::Transaction& tx, const Incoming& incoming, timing::UtcMs now);

}  // namespace collector::ingest
