// Checks one stream: its batches, its records, what the log says about it, and where it is said to stand.
//
// The rows come in one pass, in the order walk.h promises; only the batch at hand is in memory. The first
// thing that is wrong ends the check, because what follows is then wrong as well; the rest is only looked
// through for where the first wrong record went.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/proof/finding.h"
#include "collector/proof/walk.h"
#include "collector/store/audit.h"
#include "common/crypto/digest.h"
#include "common/crypto/ed25519.h"
#include "common/record/agent_id.h"
#include "common/record/signed_text.h"

namespace collector::proof {

class StreamCheck final : public StreamSink {
 public:
  // `key` is the agent's record key. An epoch that no agent can have is the first finding.
  StreamCheck(const record::AgentId& agent, std::int64_t epoch, const crypto::PublicKey& key);

  void batch(const store::AuditBatch& row) override;
  void record(store::AuditRecord& row) override;
  void leaf(const store::AuditLeaf& row) override;
  void end(const std::optional<store::AuditStream>& row) override;

  // Without agent, workstation and epoch. Nothing: the stream is clean as far as it was told.
  const std::optional<Finding>& finding() const { return finding_; }
  std::int64_t records() const { return records_; }
  std::int64_t batches() const { return batches_; }

 private:
  void found(Finding finding);
  void close_batch();
  void check_members();
  bool check_key();
  bool check_signature();
  bool is_signed(const record::BatchText& text) const;
  void explain_signature(const record::BatchText& text);
  bool check_place();
  void check_records();
  void find_first_wrong();
  void check_company();
  crypto::Digest hash_of(std::int64_t seq, const crypto::Digest& before, std::string_view body);
  void look_for_it(const store::AuditRecord& row);

  record::AgentId agent_;
  std::uint32_t epoch_;
  crypto::PublicKey key_;
  std::string key_id_;
  crypto::Sha256 sha_;

  // Where the stream stands after the batches that were closed.
  std::int64_t next_seq_ = 1;
  crypto::Digest head_;
  std::int64_t last_batch_id_ = 0;
  std::int64_t last_record_id_ = 0;
  std::int64_t last_leaf_seq_ = 0;
  std::int64_t last_leaf_index_ = -1;
  std::int64_t records_ = 0;
  std::int64_t batches_ = 0;

  // The batch at hand and its records; their memory is used again.
  std::optional<store::AuditBatch> batch_;
  std::vector<store::AuditRecord> members_;
  std::size_t member_count_ = 0;
  std::size_t members_bytes_ = 0;
  std::vector<crypto::Digest> hashes_;

  std::optional<Finding> finding_;
  // What should stand where the first wrong record is, as far as its own hash tells.
  struct Wanted {
    std::int64_t seq;
    crypto::Digest before;
    std::string hash;
  };
  std::optional<Wanted> wanted_;
};

}  // namespace collector::proof
