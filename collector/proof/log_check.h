// Checks the collector's log: every leaf in its place, and every checkpoint signed and over exactly these
// leaves.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/proof/checkpoint.h"
#include "collector/proof/finding.h"
#include "collector/proof/merkle.h"
#include "collector/proof/note.h"
#include "collector/proof/walk.h"

namespace collector::proof {

// A checkpoint that was kept away from the collector.
struct KeptCheckpoint {
  std::string source;  // Where it was read from, for people.
  Checkpoint checkpoint;
};

// The hash of what a leaf says; nothing if the row cannot be a leaf.
std::optional<crypto::Digest> hash_of(const store::AuditLeaf& row);

class LogCheck final : public LogSink {
 public:
  LogCheck(NoteKey key, std::vector<KeptCheckpoint> kept);

  void leaf(const store::AuditLeaf& row) override;
  // The same for a leaf of which only the hash is told.
  void leaf(std::int64_t index, const crypto::Digest& hash, std::int64_t logged_ms);
  void checkpoint(const store::AuditCheckpoint& row) override;
  // Behind the last one.
  void end();

  // At most kFindingsMax; what comes first in the log first.
  const std::vector<Finding>& findings() const { return findings_; }
  std::int64_t leaves() const { return leaves_; }
  std::int64_t checkpoints() const { return checkpoints_; }

  static constexpr std::size_t kFindingsMax = 100;

 private:
  void found(Finding finding);
  std::optional<Checkpoint> open(const store::AuditCheckpoint& row);
  void check_root(const Checkpoint& signed_one);
  void check_kept();

  NoteKey key_;
  std::vector<KeptCheckpoint> kept_;
  Tree tree_;
  std::int64_t leaves_ = 0;
  std::int64_t checkpoints_ = 0;
  // A leaf is missing or was changed: no root behind it can be computed.
  bool lost_ = false;

  // The leaves behind the last checkpoint that fits. All leaves of one checkpoint are put down at its time.
  std::uint64_t covered_ = 0;
  std::int64_t group_ms_ = 0;
  std::optional<std::int64_t> other_time_;  // The first of them with another time.
  std::vector<Finding> findings_;
};

}  // namespace collector::proof
