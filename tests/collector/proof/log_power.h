// A collector that keeps its log on a disk that may lose its power or fail, agents that send to it, and a
// witness who copies each checkpoint away as soon as it can be seen.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/proof/log.h"
#include "collector/proof/log_check.h"
#include "tests/collector/ingest/power.h"
#include "tests/support/power/files.h"

namespace collector::proof {

class Logged {
 public:
  // The disk must outlive it, and be everyone's (vfs.h).
  Logged(support::power::Disk& disk, const std::string& name, std::uint64_t seed);

  // What the collector does when it starts; the agents connect, and enrol the first time. The errors of this
  // and of what follows are the collector's, or what was wrong with what it answered.
  [[nodiscard]] base::Status start();
  void end() { started_.reset(); }
  // Batches, until one moved a stream.
  [[nodiscard]] base::Status take_batches();
  [[nodiscard]] base::Status connect_again() { return load_.connect_again(*started_->running); }
  // One step of the log. The witness looks behind it, however it ended.
  [[nodiscard]] base::Status keep_log();

  // One more step; then nothing moved that is not in the log, `verify` is clean, also against all that the
  // witness has, the file has the newest checkpoint, and every acknowledged record and every change is
  // stored. What is wrong, as a sentence; empty if nothing is.
  std::string look_for_damage();

  // How many different checkpoints the witness has.
  std::size_t seen() const { return seen_.size(); }

 private:
  struct Started {
    std::unique_ptr<ingest::Running> running;
    store::Connection people;  // Notes changes.
    store::Connection database;
    Log log;
  };

  std::optional<Checkpoint> in_file();
  std::string damage_of_log();

  support::power::Files files_;
  ingest::Load load_;
  std::string url_;
  std::optional<Started> started_;
  std::vector<KeptCheckpoint> seen_;
  std::uint64_t told_ =
      0;  // Leaves under the checkpoint that the last step without an error left in the file.
  std::string damage_;
  std::int64_t noted_ = 0;  // Changes by a person that were committed.
  std::int64_t now_ = 1'790'000'000'000;
};

struct LogLife {
  int cuts = 0;
  std::size_t checkpoints = 0;  // That were seen.
  std::string damage;           // Empty: everything held.
};

// The power goes at the first write, sync or rename of a step of the log, then at the second of the next one,
// until a step meets no cut; each time the collector must start unaided. `careless`: the log's commits do not
// wait for the disk.
LogLife cut_at_every_call_of_a_step(std::uint64_t seed, bool careless = false);

// `cuts` times the power goes somewhere between start and end.
LogLife cut_log_anywhere(std::uint64_t seed, int cuts);

}  // namespace collector::proof
