// A generated day, written live by its processes, read by the agent's capture,
// sent to a collector's store and assembled to sessions there: all in this
// process, without waiting, and with everything that can come between.

#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "agent/capture/capture.h"
#include "agent/outbox/outbox.h"
#include "agent/tail/system_files.h"
#include "collector/store/connection.h"
#include "collector/store/sessions.h"
#include "tests/collector/ingest/sender.h"
#include "tests/support/clock/manual_clock.h"
#include "tests/support/trace/day.h"
#include "tests/support/trace/shared_file.h"

namespace e2e {

// A new folder, in memory where the system has such; gone with the object.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// A collector's store in a folder, and the way of records into it.
class Desk {
 public:
  explicit Desk(const std::filesystem::path& folder);

  const record::AgentId& agent() const { return sender_.agent(); }
  // What the outbox holds and the collector has not: in batches of up to `records_max`. `answer_lost`: the
  // agent never hears that it arrived. Throws if a batch is not taken.
  void receive(agent::outbox::Outbox& outbox, std::size_t records_max, bool answer_lost);
  void assemble();

  std::vector<collector::store::SessionRow> sessions();
  std::vector<collector::store::GapRow> gaps();
  std::size_t undecoded();

 private:
  collector::ingest::Sender sender_{1};
  collector::store::Connection connection_;
};

// The machine's files, some of which are not ours to read.
class LockableFiles final : public agent::tail::FileSystem {
 public:
  std::set<std::string> locked;  // Paths.

  base::Result<std::unique_ptr<agent::tail::ReadableFile>> open(const std::string& path) override {
    if (locked.contains(path)) return base::fail(base::ErrorCode::permission_denied, "opening");
    return files_->open(path);
  }
  base::Result<agent::tail::FileState> look_up(const std::string& path) override {
    return files_->look_up(path);
  }
  base::Result<std::vector<std::string>> list(const std::string& folder) override {
    return files_->list(folder);
  }

 private:
  std::unique_ptr<agent::tail::FileSystem> files_ = agent::tail::system_files();
};

// The agent's first half, on real files: stopped and started again at will.
class Workstation {
 public:
  // `traces` are paths or patterns below `folder`.
  Workstation(std::filesystem::path folder, const std::vector<std::string>& traces,
              const record::AgentId& agent, agent::tail::CutShape shape);
  ~Workstation();

  void start();                        // Also again: new objects from the same files.
  std::vector<std::string> refresh();  // The paths that are new.
  agent::capture::Step step();
  // Until everything is read. Throws if it does not come to rest.
  void rest();
  agent::outbox::Outbox& outbox() { return *outbox_; }
  std::int64_t counter(const std::string& name);

  support::ManualClock clock;
  LockableFiles files;

 private:
  std::filesystem::path folder_;
  std::vector<std::string> patterns_;
  record::AgentId agent_;
  agent::tail::CutShape shape_;
  std::unique_ptr<agent::outbox::Outbox> outbox_;
  std::unique_ptr<agent::capture::Capture> capture_;
};

struct Replayed {
  std::uint64_t cuts = 0, holes = 0, restarts = 0, steps = 0, writes = 0;
};

// Throws where lines are read twice or not at all, unless the day has them damaged or lost.
// Writes the day below `folder` and lets workstation and desk do something between any two writes. When it
// returns everything is read, sent and assembled.
Replayed replay(const support::trace::Day& day, agent::tail::CutShape shape, std::uint64_t seed,
                const std::filesystem::path& folder, Workstation& workstation, Desk& desk);

}  // namespace e2e
