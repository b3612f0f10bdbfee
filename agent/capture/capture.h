// From trace files to durable records: the first half of the agent, in one step
// at a time.
//
// A step reads what is new in every source, lets the session builders see it,
// and commits facts, positions and builder states in one outbox transaction. A
// kill between two steps loses nothing and repeats nothing. If the outbox
// cannot take a step (disk full), its facts stay in memory, nothing more is
// read, and the next step tries again: AnyDesk's file is the buffer.
//
// One thread. Blocks for as long as reading and committing take.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/outbox/outbox.h"
#include "agent/seal/fact.h"
#include "agent/session/builder.h"
#include "agent/tail/follower.h"
#include "agent/tail/sources.h"
#include "agent/trace/parse.h"
#include "common/base/result.h"
#include "common/timing/clock.h"

namespace agent::capture {

// What to do after a step.
struct Step {
  std::uint64_t records = 0;  // Committed now.
  bool more = false;          // Step again at once.
  bool settling = false;      // Step again after tail::kSettleDelay.
  // Why a source could not be read, the last one if there are several; the others were. It is tried
  // again in each step.
  std::optional<base::Error> unreadable;
};

class Capture {
 public:
  // All references must outlive it. `patterns` are agent/tail's; `cut` is AnyDesk's own, smaller in tests.
  Capture(tail::FileSystem& files, outbox::Outbox& outbox, const timing::Clock& clock,
          std::vector<std::string> patterns, tail::LetterCase letters, tail::CutShape cut = {});
  ~Capture();

  // Looks for files that came; returns the paths of those that are new since the last call.
  // A source whose stored state cannot be read starts from the beginning of its file: the collector
  // knows the sessions again by their keys.
  [[nodiscard]] base::Result<std::vector<std::string>> refresh();

  // An error is the outbox's own: nothing was committed.
  [[nodiscard]] base::Result<Step> step();

  std::size_t sources() const { return sources_.size(); }

  // New bytes read from one source in one step.
  static constexpr std::size_t kStepBytesMax = 256 * 1024;

 private:
  class Source;

  [[nodiscard]] base::Status add_source(const std::string& path);
  [[nodiscard]] base::Result<std::uint64_t> commit();

  tail::FileSystem& files_;
  outbox::Outbox& outbox_;
  const timing::Clock& clock_;
  std::vector<std::string> patterns_;
  tail::LetterCase letters_;
  tail::CutShape cut_;
  std::map<std::string, std::unique_ptr<Source>> sources_;
  std::vector<std::string> bodies_;     // Facts not committed yet.
  std::int64_t states_unreadable_ = 0;  // Not committed to the counters yet.
};

}  // namespace agent::capture
