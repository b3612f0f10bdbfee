// The collector's own log, kept: at an interval the heads of all streams that moved become its leaves, and a
// checkpoint over all leaves is signed. Whoever keeps a checkpoint elsewhere can tell later whether anything
// in front of it was changed, this collector's keys or not.

#pragma once

#include <filesystem>
#include <string>

#include "collector/proof/checkpoint.h"
#include "collector/proof/merkle.h"
#include "collector/proof/note.h"
#include "collector/store/connection.h"
#include "collector/store/log.h"
#include "common/base/result.h"
#include "common/crypto/ed25519.h"
#include "common/timing/utc.h"

namespace collector::proof {

class Log {
 public:
  // `origin` names the log, for ever. Every new checkpoint is also written to `checkpoint_file`, so that it
  // can be copied away from this machine. What stands there at the start, signed by this log, is remembered
  // as if this object had signed it.
  Log(std::string origin, crypto::SigningKey key, std::filesystem::path checkpoint_file);

  // Puts down every head that moved and signs one checkpoint, in one transaction; if nothing moved, nothing
  // is written, and the database is only asked. Killed anywhere, the next step makes up for it. True if there
  // is a new checkpoint.
  //
  // corrupt if the log is not what the newest checkpoint was signed over, or does not go on from the one that
  // is remembered: somebody cut the database back, or put a backup in its place. conflict if the newest one
  // has another origin or key. Nothing is signed then, the file stays as it is, and `verify` says what is
  // wrong. unavailable if `now` is more than kClockBackMax before the newest checkpoint: what moved waits,
  // for no time of the log may be far from the truth. Else the database's errors, or those of the file; what
  // is in the database then stays.
  [[nodiscard]] base::Result<bool> step(store::Connection& database, timing::UtcMs now);

  // Leaves in one transaction: other writers wait meanwhile.
  static constexpr std::int64_t kLeavesMax = 1'000;
  // A clock that is set back by less moves the time of a checkpoint to just behind the newest one.
  static constexpr std::chrono::hours kClockBackMax{24};

 private:
  [[nodiscard]] base::Result<bool> append(store::Connection& database, timing::UtcMs now);
  [[nodiscard]] base::Status catch_up(store::Transaction& tx);
  [[nodiscard]] base::Result<std::optional<Checkpoint>> remembered() const;
  [[nodiscard]] base::Result<Tree> tree_of(store::Transaction& tx, std::uint64_t size) const;
  [[nodiscard]] base::Status append_in(store::Transaction& tx, timing::UtcMs now, Tree& tree);
  [[nodiscard]] base::Status write_file();

  std::string origin_;
  crypto::SigningKey key_;
  NoteKey note_key_;
  std::filesystem::path checkpoint_file_;
  Tree tree_;
  std::optional<store::CheckpointRow> newest_;
  bool file_is_current_ = false;
};

}  // namespace collector::proof
