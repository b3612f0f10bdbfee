// The byte strings that are hashed or signed, one function each. docs/formats/wire.md shows them in
// hexadecimal.
//
// Each begins with its own name and a zero byte, so that a signature made for one purpose is worthless for
// every other. Integers are big-endian and of fixed width.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/crypto/digest.h"
#include "common/crypto/ed25519.h"
#include "common/record/agent_id.h"

namespace record {

// What Chain hashes, up to the body that follows it.
std::string record_text_head(const AgentId& agent, std::uint32_t epoch, std::uint64_t seq,
                             const crypto::Digest& previous, std::uint32_t body_bytes);

struct BatchText {
  AgentId agent;
  std::uint32_t epoch;
  std::uint64_t first_seq;
  std::uint32_t count;
  crypto::Digest prev_head;
  crypto::Digest head;
};

// What an agent signs for a batch, with its record key.
std::string batch_text(const BatchText& batch);

// What a collector signs for an acknowledgement, with its acknowledgement key.
std::string ack_text(const AgentId& agent, std::uint32_t epoch, std::uint64_t committed_seq,
                     const crypto::Digest& head);

// What a new agent signs to show that the record key is its own, and meant for this request and this token.
std::string enroll_text(std::string_view csr_der, const crypto::PublicKey& record_key,
                        std::string_view token_secret);

// What an agent signs to say that the collector stands at a point that is none of its own chain. `own_head`
// is empty if it has no such record.
struct ForkText {
  AgentId agent;
  std::uint32_t epoch;
  std::uint64_t committed_seq;
  crypto::Digest collector_head;
  std::uint64_t own_next_seq;
  std::string own_head;
};
std::string fork_text(const ForkText& fork);

// What one leaf of the collector's own log says: the stream stood there then. The log's tree hashes these
// texts (docs/formats/record.md).
struct LogLeaf {
  AgentId agent;
  std::uint32_t epoch;
  std::uint64_t committed_seq;
  crypto::Digest head;
  std::uint64_t logged_utc_ms;
};
std::string log_leaf_text(const LogLeaf& leaf);

// What one change by a person says, behind the change before it: the chain of changes hashes these texts
// (docs/formats/change.md).
struct ChangeText {
  std::uint64_t number = 0;  // From 1, without gaps.
  crypto::Digest previous;   // Hash of the one before; all zero for the first.
  std::uint64_t changed_utc_ms = 0;
  std::string_view who, action, object, key, before, after, why;
};
std::string change_text(const ChangeText& change);

// What an agent signs to have its certificate renewed.
std::string renew_text(const AgentId& agent, std::string_view csr_der);

// What a collector signs for a renewal: the certificate and all the CA certificates that the agent shall
// trust, in DER and in the order they travel in.
std::string renewed_text(const AgentId& agent, std::string_view certificate_der,
                         const std::vector<std::string>& trusted_ca_der);

// What a collector signs for a list of registered terminals. `digests` as they travel.
struct TerminalsText {
  AgentId agent;
  std::uint64_t version;
  bool unchanged;
  bool too_many;
  std::span<const std::uint64_t> digests;
};
std::string terminals_text(const TerminalsText& terminals);

}  // namespace record
