#include "collector/proof/log.h"

#include <algorithm>

#include "collector/proof/log_check.h"
#include "collector/store/audit.h"
#include "common/crypto/secret_file.h"
#include "common/record/signed_text.h"

namespace collector::proof {

using base::ErrorCode;

namespace {

base::Result<crypto::Digest> leaf_of(const store::MovedStream& stream, timing::UtcMs logged) {
  const auto agent = record::AgentId::from_bytes(stream.agent_id);
  if (!agent) return std::unexpected{agent.error()};
  const auto head = crypto::Digest::from_bytes(stream.head);
  if (!head) return std::unexpected{head.error()};
  return leaf_hash(
      record::log_leaf_text({.agent = *agent,
                             .epoch = static_cast<std::uint32_t>(stream.epoch),
                             .committed_seq = static_cast<std::uint64_t>(stream.committed_seq),
                             .head = *head,
                             .logged_utc_ms = static_cast<std::uint64_t>(timing::to_ms(logged))}));
}

std::string leaves(std::uint64_t n) {
  return std::to_string(n) + (n == 1 ? " leaf" : " leaves");
}

}  // namespace

Log::Log(std::string origin, crypto::SigningKey key, std::filesystem::path checkpoint_file)
    : origin_{std::move(origin)},
      key_{std::move(key)},
      note_key_{.name = origin_, .key = key_.public_key()},
      checkpoint_file_{std::move(checkpoint_file)} {}

base::Result<bool> Log::step(store::Connection& database, timing::UtcMs now) {
  bool wrote = false;
  for (;;) {
    const auto more = append(database, now);
    if (!more) return std::unexpected{more.error()};
    if (!file_is_current_) {
      if (auto done = write_file(); !done) return std::unexpected{done.error()};
    }
    if (!*more) return wrote;
    wrote = true;
  }
}

base::Result<bool> Log::append(store::Connection& database, timing::UtcMs now) {
  bool moved = false;
  const auto read = database.read([&](store::Transaction& tx) -> base::Status {
    const auto streams = store::streams_to_log(tx, 1);
    if (!streams) return std::unexpected{streams.error()};
    moved = !streams->empty();
    return catch_up(tx);
  });
  if (!read) return std::unexpected{read.error()};
  if (!moved) return false;
  auto tree = tree_;
  const auto before = newest_;
  const auto written = database.transaction([&](store::Transaction& tx) { return append_in(tx, now, tree); });
  if (!written) {
    newest_ = before;
    return std::unexpected{written.error()};
  }
  tree_ = std::move(tree);
  file_is_current_ = false;
  return true;
}

// What must still be in the database: what was signed last, or stands in the file at the start. A file that
// is no checkpoint of this log proves nothing and is written over.
base::Result<std::optional<Checkpoint>> Log::remembered() const {
  std::string note;
  if (newest_) {
    note = newest_->note;
  } else {
    auto file = crypto::read_secret_file(checkpoint_file_);
    const auto code = file ? std::optional<ErrorCode>{} : file.error().code;
    if (code == ErrorCode::not_found || code == ErrorCode::corrupt) return std::nullopt;
    if (!file) return std::unexpected{file.error()};
    note = *std::move(file);
  }
  auto checkpoint = open_checkpoint(note, note_key_);
  if (!checkpoint) return std::nullopt;
  return *std::move(checkpoint);
}

// The tree of the first `size` leaves, or of as many as there are without a gap.
base::Result<Tree> Log::tree_of(store::Transaction& tx, std::uint64_t size) const {
  const auto kept = remembered();
  if (!kept) return std::unexpected{kept.error()};
  const auto cut = [&](const std::string& what) {
    return base::fail(
        ErrorCode::corrupt,
        "a checkpoint over " + leaves((*kept)->size) + " was signed, and " + what +
            ": it was cut back, written anew, or is a restored backup. Nothing is signed. If it "
            "is a backup: stop the collector, move " +
            checkpoint_file_.string() + " away and keep it, start again. See: deskledger-collector verify");
  };
  if (*kept && (*kept)->size > size) return cut("the database's newest is over " + std::to_string(size));
  Tree tree;
  auto rows = store::audit_leaves(tx);
  if (!rows) return std::unexpected{rows.error()};
  store::AuditLeaf row;
  while (tree.size() < size) {
    const auto more = rows->next(row);
    if (!more) return std::unexpected{more.error()};
    const auto hash = *more ? hash_of(row) : std::nullopt;
    if (!hash || row.index != static_cast<std::int64_t>(tree.size())) break;
    tree.append(*hash);
    if (*kept && (*kept)->size == tree.size() && (*kept)->root != tree.root()) {
      return cut("those of the database are others");
    }
  }
  return tree;
}

// Makes tree_ and newest_ what the database has. The whole log is read once, after a start.
base::Status Log::catch_up(store::Transaction& tx) {
  const auto newest = store::newest_checkpoint(tx);
  if (!newest) return std::unexpected{newest.error()};
  const auto size = *newest ? static_cast<std::uint64_t>((*newest)->tree_size) : 0;
  const bool same_note = newest_ && *newest && newest_->note == (*newest)->note;
  if (same_note && tree_.size() == size) return {};
  auto tree = tree_of(tx, size);
  if (!tree) return std::unexpected{tree.error()};
  if (*newest) {
    const auto opened = open_checkpoint((*newest)->note, note_key_);
    if (!opened) {
      return base::fail(ErrorCode::conflict, "the newest checkpoint of the log is not one of " +
                                                 note_key_.text() + " (" + opened.error().message +
                                                 "); was proof.origin or log.key changed?");
    }
    if (size != opened->size || tree->size() != size || tree->root() != opened->root) {
      return base::fail(
          ErrorCode::corrupt,
          "the log is not what its newest checkpoint was signed over; see: deskledger-collector "
          "verify");
    }
  }
  tree_ = std::move(*tree);
  newest_ = *newest;
  file_is_current_ = false;
  return {};
}

base::Status Log::append_in(store::Transaction& tx, timing::UtcMs now, Tree& tree) {
  if (newest_ && now < newest_->signed_at - kClockBackMax) {
    return base::fail(
        ErrorCode::unavailable,
        "the newest checkpoint is of " + timing::to_rfc3339(newest_->signed_at) +
            ", and this machine's clock says " + timing::to_rfc3339(now) +
            ": it is wrong now, or was it then. Until it is past that time less a day nothing is "
            "signed; what moved waits");
  }
  // A checkpoint's time is also that of its leaves, and no two are the same.
  auto signed_at = now;
  if (newest_) signed_at = std::max(now, newest_->signed_at + std::chrono::milliseconds{1});
  const auto streams = store::streams_to_log(tx, kLeavesMax);
  if (!streams) return std::unexpected{streams.error()};
  const auto first_index = static_cast<std::int64_t>(tree.size());
  for (const auto& stream : *streams) {
    const auto leaf = leaf_of(stream, signed_at);
    if (!leaf) return std::unexpected{leaf.error()};
    tree.append(*leaf);
  }
  if (auto done = store::append_leaves(tx, first_index, *streams, signed_at); !done) return done;
  const auto note = sign_checkpoint(
      {.origin = origin_, .size = tree.size(), .root = tree.root(), .signed_at = signed_at}, key_);
  newest_ = store::CheckpointRow{.tree_size = static_cast<std::int64_t>(tree.size()),
                                 .root = std::string{tree.root().bytes()},
                                 .note = note,
                                 .signed_at = signed_at};
  return store::add_checkpoint(tx, *newest_);
}

base::Status Log::write_file() {
  if (newest_) {
    if (auto done = crypto::write_secret_file(checkpoint_file_, newest_->note); !done) return done;
  }
  file_is_current_ = true;
  return {};
}

}  // namespace collector::proof
