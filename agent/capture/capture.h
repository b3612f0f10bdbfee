// From trace files to durable records: the first half of the agent, in one step
// at a time.
//
// A step reads what is new in every source, lets the session builders see it,
// hears which of AnyDesk's processes have ended, and commits facts, positions
// and builder states in one outbox transaction. A kill between two steps loses
// nothing and repeats nothing. If the outbox cannot take a step (disk full), its
// facts stay in memory, nothing more is read, and the next step tries again:
// AnyDesk's file is the buffer.
//
// One thread. Blocks for as long as reading and committing take.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/capture/guard_rails.h"
#include "agent/capture/process_life.h"
#include "agent/capture/registry.h"
#include "agent/capture/witnesses.h"
#include "agent/outbox/outbox.h"
#include "agent/process/process_watch.h"
#include "agent/tail/follower.h"
#include "agent/tail/sources.h"
#include "agent/tail/watcher.h"
#include "common/base/result.h"
#include "common/timing/clock.h"

namespace agent::capture {

// What to do after a step.
struct Step {
  std::uint64_t records = 0;  // Committed now.
  bool more = false;          // Step again at once.
  bool settling = false;      // Step again after tail::kSettleDelay.
  // Why a source could not be read, the first one if there are several, and how many; the others were. It is
  // tried again in each step.
  std::optional<base::Error> unreadable;
};

// The administrator's choices.
struct Options {
  GuardRails rails = {};
  Unregistered unregistered = Unregistered::report;
};

class ConnectionSource;
class Source;

class Capture {
 public:
  // All references, and `watch`, must outlive it. `patterns` are agent/tail's; `cut` is AnyDesk's own,
  // smaller in tests. Without `watch` no process is a witness.
  Capture(tail::FileSystem& files, outbox::Outbox& outbox, const timing::Clock& clock,
          std::vector<std::string> patterns, tail::LetterCase letters, tail::CutShape cut = {},
          Options options = {}, process::ProcessWatch* watch = nullptr);
  ~Capture();

  // Takes what an earlier agent stored beside the sources. refresh() does it if it was not done.
  [[nodiscard]] base::Status recall();

  // Looks for files that came; returns the paths of those that are new since the last call.
  // A source whose stored state cannot be read starts from the beginning of its file: the collector
  // knows the sessions again by their keys.
  [[nodiscard]] base::Result<std::vector<std::string>> refresh();

  // Has `watcher` tell of every folder where a trace, or a folder on the way to one, could appear. To be
  // called before the first refresh(), and before the next one when the watcher said `everything`.
  [[nodiscard]] base::Status watch_places(tail::Watcher& watcher);

  // To be called when a file changed or a process ended, and every few seconds: flags and what waits for a
  // second witness depend on time. An error is the outbox's own: nothing was committed.
  [[nodiscard]] base::Result<Step> step();

  // The collector's list of registered terminals (record::terminal_digest), ascending. The next step tells
  // what was kept for want of it.
  void set_terminals(std::uint64_t version, std::vector<std::uint64_t> digests);
  // Of the list it has; 0: none yet.
  std::uint64_t terminals_version() const { return registry_.version(); }

  std::size_t sources() const { return sources_.size(); }

  // New bytes read from one source in one step.
  static constexpr std::size_t kStepBytesMax = 256 * 1024;

 private:
  class Desk;

  [[nodiscard]] base::Status add_source(const std::string& path);
  [[nodiscard]] base::Status add_connection_source(const std::string& trace);
  void read_sources(Step& step);
  void cross_check(Step& step);
  void decide_windows();
  [[nodiscard]] base::Result<std::uint64_t> commit();
  std::map<std::string, std::int64_t> own_counts() const;

  tail::FileSystem& files_;
  outbox::Outbox& outbox_;
  const timing::Clock& clock_;
  std::vector<std::string> patterns_;
  tail::LetterCase letters_;
  tail::CutShape cut_;
  Options options_;
  ProcessLife life_;
  Witnesses witnesses_;
  Registry registry_;
  std::unique_ptr<Desk> desk_;
  std::map<std::string, std::unique_ptr<Source>> sources_;
  std::map<std::string, std::unique_ptr<ConnectionSource>> connections_;
  bool recalled_ = false;            // What an earlier agent stored was taken.
  bool reading_ = false;             // A source has more, or is settling.
  bool unsaved_ = false;             // The last commit failed; nothing more is read until it is made good.
  std::vector<std::string> bodies_;  // Facts not committed yet.
  bool witnesses_changed_ = false, kept_changed_ = false, terminals_changed_ = false;
  std::int64_t states_unreadable_ = 0;
  std::map<std::string, std::int64_t> counted_;  // Of own_counts(), what was committed.
};

}  // namespace agent::capture
