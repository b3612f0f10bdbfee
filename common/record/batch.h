// Records as they travel: made by an agent, opened by a collector.

#pragma once

#include <deskledger/v1/wire.pb.h>

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/crypto/digest.h"
#include "common/crypto/ed25519.h"
#include "common/record/agent_id.h"

namespace record {

namespace v1 = deskledger::v1;

// Where a batch stands in its agent's chain.
struct Position {
  AgentId agent;
  std::uint32_t epoch;
  std::uint64_t first_seq;   // 1 or more
  crypto::Digest prev_head;  // the hash of record first_seq - 1; kChainStart for the first
};

// Chains `bodies`, compresses them if that helps (a body beyond the inflate ratio travels as it is) and signs
// the batch. invalid_argument if there are none, or more or larger ones than limits.h allows, or an empty
// one.
[[nodiscard]] base::Result<v1::Batch> make_batch(const Position& position,
                                                 std::span<const std::string> bodies,
                                                 const crypto::SigningKey& key);

// How many of `bodies`, from the first on, fit into one batch. At least 1 if there is one that may travel at
// all.
std::size_t fitting(std::span<const std::string> bodies);

struct OpenedBatch {
  Position position;
  crypto::Digest head;
  std::vector<std::string> bodies;
  std::vector<crypto::Digest> hashes;  // of each record, the last one is `head`
};

// Why a batch is not accepted, as the Ack names it: MALFORMED, WRONG_AGENT, UNKNOWN_KEY, BAD_SIGNATURE or
// BAD_CHAIN. `detail` is for people and holds nothing secret.
struct Refusal {
  v1::Ack::Outcome outcome;
  std::string detail;
};

// The public key with that id if it is one of this agent's, else nothing.
using FindKey = std::function<std::optional<crypto::PublicKey>(const crypto::Digest& key_id)>;

// Checks everything that can be checked without a database, cheapest first, and nothing is decompressed
// before the signature holds. `agent` is who the certificate of the connection says is speaking. That the
// batch joins what is stored is for the caller to check.
[[nodiscard]] std::expected<OpenedBatch, Refusal> open_batch(const v1::Batch& batch, const AgentId& agent,
                                                             const FindKey& find_key);

// Writes the collector's signature into `ack`, whose epoch, committed_seq and head are set.
void sign_ack(v1::Ack& ack, const AgentId& agent, const crypto::SigningKey& key);

// True if `ack` bears the signature of `key` for `agent`.
bool is_signed(const v1::Ack& ack, const AgentId& agent, const crypto::PublicKey& key);

}  // namespace record
