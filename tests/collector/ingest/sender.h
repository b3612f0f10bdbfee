// One enrolled agent's side: keys, a chain, and batches as they come out of open_batch.

#pragma once

#include <string>
#include <vector>

#include "collector/ingest/ingest.h"
#include "common/crypto/ed25519.h"
#include "common/record/batch.h"
#include "common/record/chain.h"

namespace collector::ingest {

class Sender {
 public:
  // The n-th agent of a test; not enrolled by itself.
  explicit Sender(int n);

  const record::AgentId& agent() const { return agent_; }
  std::string id() const { return std::string{agent_.bytes()}; }

  // The next `count` records behind what was sent, signed and verified.
  Incoming next(int count, const std::string& word = "record");
  // Records from `first_seq` on, chained behind `prev_head`; moves nothing.
  Incoming batch(std::uint64_t first_seq, const crypto::Digest& prev_head,
                 const std::vector<std::string>& bodies) const;
  void begin_epoch(std::uint32_t epoch);
  // The report with a signature over what it says now, as far as that can be signed.
  deskledger::v1::ForkReport sign(deskledger::v1::ForkReport report) const;
  const crypto::PublicKey& public_key() const { return key_.public_key(); }

  std::uint64_t seq = 0;
  crypto::Digest head = record::kChainStart;

 private:
  record::AgentId agent_;
  crypto::SigningKey key_;
  std::uint32_t epoch_ = 1;
};

// Keeps the agent, as enrolment would.
void enrol(store::Transaction& tx, const Sender& sender);

}  // namespace collector::ingest
