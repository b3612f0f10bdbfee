#include "collector/proof/log_check.h"

#include "common/base/hex.h"
#include "common/record/signed_text.h"

namespace collector::proof {

namespace {

using std::to_string;

std::string leaf_name(std::int64_t index) {
  return "leaf " + to_string(index) + " of the log";
}

std::int64_t number(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}

}  // namespace

std::optional<crypto::Digest> hash_of(const store::AuditLeaf& row) {
  const auto agent = record::AgentId::from_hex(row.stream.agent);
  const auto head = crypto::Digest::from_bytes(row.head);
  const bool epoch_fits = row.stream.epoch >= 0 && row.stream.epoch <= kEpochMax;
  if (!agent || agent->hex() != row.stream.agent || !head || !epoch_fits) return std::nullopt;
  return leaf_hash(record::log_leaf_text({.agent = *agent,
                                          .epoch = static_cast<std::uint32_t>(row.stream.epoch),
                                          .committed_seq = static_cast<std::uint64_t>(row.committed_seq),
                                          .head = *head,
                                          .logged_utc_ms = static_cast<std::uint64_t>(row.logged_ms)}));
}

LogCheck::LogCheck(NoteKey key, std::vector<KeptCheckpoint> kept)
    : key_{std::move(key)}, kept_{std::move(kept)} {}

void LogCheck::found(Finding finding) {
  if (findings_.size() < kFindingsMax) findings_.push_back(std::move(finding));
}

void LogCheck::leaf(const store::AuditLeaf& row) {
  const auto hash = hash_of(row);
  if (!hash && !lost_) {
    ++leaves_;
    lost_ = true;
    return found({.kind = Kind::leaf_changed,
                  .leaf = row.index,
                  .what = leaf_name(row.index) + " is no leaf" +
                          (row.damaged.empty() ? std::string{} : ": " + row.damaged)});
  }
  leaf(row.index, hash.value_or(crypto::Digest{}), row.logged_ms);
}

void LogCheck::leaf(std::int64_t index, const crypto::Digest& hash, std::int64_t logged_ms) {
  ++leaves_;
  if (lost_) return;
  const auto next = number(tree_.size());
  if (index != next) {
    lost_ = true;
    return found({.kind = index > next ? Kind::leaf_missing : Kind::leaf_changed,
                  .leaf = next,
                  .what = leaf_name(next) + (index > next ? " is missing" : " stands there twice"),
                  .expected = to_string(next),
                  .found = to_string(index)});
  }
  if (tree_.size() == covered_) {
    group_ms_ = logged_ms;
  } else if (logged_ms != group_ms_ && !other_time_) {
    other_time_ = index;
  }
  tree_.append(hash);
  check_kept();
}

void LogCheck::check_kept() {
  for (const auto& kept : kept_) {
    if (kept.checkpoint.size != tree_.size() || kept.checkpoint.root == tree_.root()) continue;
    found({.kind = Kind::log_rewritten,
           .checkpoint = number(kept.checkpoint.size),
           .what = "the first " + to_string(kept.checkpoint.size) +
                   " leaves of the log are not those that the checkpoint in " + kept.source +
                   " was signed over: the log was changed or written anew",
           .expected = kept.checkpoint.root.hex(),
           .found = tree_.root().hex()});
  }
}

// What the note says, if it is signed and the row's columns say the same.
std::optional<Checkpoint> LogCheck::open(const store::AuditCheckpoint& row) {
  Finding finding{.kind = Kind::checkpoint_changed, .checkpoint = row.size};
  const auto name = "the checkpoint over " + to_string(row.size) + " leaves";
  if (!row.damaged.empty()) {
    finding.what = name + ": " + row.damaged;
    found(std::move(finding));
    return std::nullopt;
  }
  auto opened = open_checkpoint(row.note, key_);
  if (!opened) {
    if (opened.error().code == base::ErrorCode::unauthenticated) finding.kind = Kind::checkpoint_signature;
    finding.what = name + ": " + opened.error().message;
    found(std::move(finding));
    return std::nullopt;
  }
  const auto differs = [&](const char* column, std::string expected, std::string was) {
    finding.what = std::string{column} + " of " + name + " is not what its note says";
    finding.expected = std::move(expected);
    finding.found = std::move(was);
    found(finding);
    return std::nullopt;
  };
  if (opened->size != static_cast<std::uint64_t>(row.size)) {
    return differs("the size", to_string(opened->size), to_string(row.size));
  }
  if (opened->root.bytes() != row.root)
    return differs("the root", opened->root.hex(), base::to_hex(row.root));
  if (timing::to_ms(opened->signed_at) != row.signed_ms) {
    return differs("the time", to_string(timing::to_ms(opened->signed_at)), to_string(row.signed_ms));
  }
  return *opened;
}

void LogCheck::checkpoint(const store::AuditCheckpoint& row) {
  ++checkpoints_;
  const auto opened = open(row);
  if (!opened || lost_) return;
  if (opened->size > tree_.size()) {
    lost_ = true;
    return found({.kind = Kind::leaf_missing,
                  .leaf = number(tree_.size()),
                  .checkpoint = row.size,
                  .what = leaf_name(number(tree_.size())) +
                          " is missing, and all behind it: a checkpoint was signed over " +
                          to_string(opened->size),
                  .expected = to_string(opened->size),
                  .found = to_string(tree_.size())});
  }
  if (opened->size <= covered_) {
    return found({.kind = Kind::checkpoint_changed,
                  .checkpoint = row.size,
                  .what = "the checkpoint over " + to_string(row.size) + " leaves stands there twice"});
  }
  check_root(*opened);
}

void LogCheck::check_root(const Checkpoint& signed_one) {
  const auto first = number(covered_);
  const auto last = number(signed_one.size) - 1;
  const auto time = timing::to_ms(signed_one.signed_at);
  if (signed_one.root != tree_.root()) {
    lost_ = true;
    Finding finding{.kind = Kind::leaf_changed, .leaf = first, .checkpoint = last + 1};
    // A leaf of another time than its checkpoint is the one.
    if (other_time_) finding.leaf = group_ms_ == time ? *other_time_ : first;
    const bool one = first == last || other_time_;
    finding.what =
        one ? leaf_name(*finding.leaf) + " was changed"
            : "one of the leaves " + to_string(first) + " to " + to_string(last) + " of the log was changed";
    finding.what += ": the checkpoint over " + to_string(last + 1) + " leaves has another root";
    finding.expected = signed_one.root.hex();
    finding.found = tree_.root().hex();
    return found(std::move(finding));
  }
  if (other_time_ || group_ms_ != time) {
    found(
        {.kind = Kind::checkpoint_missing,
         .leaf = first,
         .checkpoint = other_time_,
         .what = "a checkpoint behind " + leaf_name(other_time_ ? *other_time_ - 1 : first) + " is missing"});
  }
  covered_ = signed_one.size;
  other_time_.reset();
}

void LogCheck::end() {
  if (lost_) return;
  if (tree_.size() > covered_) {
    found({.kind = Kind::checkpoint_missing,
           .leaf = number(covered_),
           .checkpoint = number(tree_.size()),
           .what = "no checkpoint covers " + leaf_name(number(covered_)) + " and what is behind it"});
  }
  for (const auto& kept : kept_) {
    if (kept.checkpoint.size <= tree_.size()) continue;
    found({.kind = Kind::log_rewritten,
           .leaf = number(tree_.size()),
           .checkpoint = number(kept.checkpoint.size),
           .what = "the log has " + to_string(tree_.size()) + " leaves; the checkpoint in " + kept.source +
                   " was signed over " + to_string(kept.checkpoint.size) + ": its end is missing",
           .expected = to_string(kept.checkpoint.size),
           .found = to_string(tree_.size())});
  }
}

}  // namespace collector::proof
