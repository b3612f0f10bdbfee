// The collector's own log, kept: at an interval the heads of all streams that moved become its leaves, and a
// checkpoint over all leaves is signed. Whoever keeps a checkpoint elsewhere can tell later whether anything
// in front of it was changed, this collector's keys or not.

#pragma once

#include <filesystem>
#include <string>

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
  // can be copied away from this machine.
  Log(std::string origin, crypto::SigningKey key, std::filesystem::path checkpoint_file);

  // Puts down every head that moved and signs one checkpoint, in one transaction; if nothing moved, nothing
  // is written, and the database is only asked. Killed anywhere, the next step makes up for it. True if there
  // is a new checkpoint.
  //
  // corrupt if the log is not what the newest checkpoint was signed over, conflict if that one has another
  // origin or key: nothing is signed then, and `verify` says what is wrong. Else the database's errors, or
  // those of the file; what is in the database then stays.
  [[nodiscard]] base::Result<bool> step(store::Connection& database, timing::UtcMs now);

  // Leaves in one transaction: other writers wait meanwhile.
  static constexpr std::int64_t kLeavesMax = 1'000;

 private:
  [[nodiscard]] base::Result<bool> append(store::Connection& database, timing::UtcMs now);
  [[nodiscard]] base::Status catch_up(store::Transaction& tx);
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
