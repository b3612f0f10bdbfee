// Which of AnyDesk's processes are watched, for all sources together: those
// that hold an open session, and no others.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "agent/process/process_watch.h"
#include "agent/session/snapshot.h"

namespace agent::capture {

session::AbandonCause abandon_cause_of(process::EndCause cause);

// One thread.
class ProcessLife {
 public:
  // Absent: nothing is watched, and no process is ever known. It must outlive this.
  explicit ProcessLife(process::ProcessWatch* watch) : watch_{watch} {}

  // From now on these are wanted. What is new among them is looked at once; what is no longer is forgotten.
  void want(const std::set<std::uint32_t>& pids);

  // What the look at a wanted process showed.
  process::Look look(std::uint32_t pid) const;

  // Watched processes that have ended since the last call.
  std::vector<process::End> ended();

 private:
  process::ProcessWatch* watch_;
  std::map<std::uint32_t, process::Look> looks_;
};

}  // namespace agent::capture
