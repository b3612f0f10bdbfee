// The chain that joins the records of one agent: each record's hash covers the one before it, so that a
// missing, added, changed or moved record breaks every hash after it (docs/formats/wire.md).

#pragma once

#include <cstdint>
#include <string_view>

#include "common/crypto/digest.h"
#include "common/record/agent_id.h"

namespace record {

// The chain before the first record (seq 1) of an epoch: 32 zero bytes.
inline constexpr crypto::Digest kChainStart{};

// Hashes record after record of one agent and epoch.
class Chain {
 public:
  // `head` is the hash of record `next_seq` - 1, or kChainStart if `next_seq` is 1.
  Chain(const AgentId& agent, std::uint32_t epoch, std::uint64_t next_seq, const crypto::Digest& head)
      : agent_{agent}, epoch_{epoch}, next_seq_{next_seq}, head_{head} {}

  // The hash of the record with seq next_seq(), which becomes the head. `body` is at most 2^32 - 1 bytes.
  const crypto::Digest& append(std::string_view body);

  const crypto::Digest& head() const { return head_; }
  std::uint64_t next_seq() const { return next_seq_; }

 private:
  crypto::Sha256 hash_;
  AgentId agent_;
  std::uint32_t epoch_;
  std::uint64_t next_seq_;
  crypto::Digest head_;
};

}  // namespace record
