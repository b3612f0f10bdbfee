// The life of AnyDesk's processes, as a second witness beside their traces.
//
// A trace cannot tell that its writer was killed (traces.md section 2.3). This
// room watches processes by their pid and tells when one has ended, without
// ever looking through all processes. Only a process that was seen alive and is
// an AnyDesk program counts: a pid in a trace may be one of another pid
// namespace (flatpak) or may belong to another program by now.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/base/waitable.h"

namespace agent::process {

// A process as it can be told from a later one with the same pid: `born` is its
// start by the system's own count (Linux: ticks since boot; Windows: FILETIME;
// macOS: microseconds since 1970).
struct Identity {
  std::uint32_t pid = 0;
  std::uint64_t born = 0;
  friend bool operator==(const Identity&, const Identity&) = default;
};

enum class EndCause {
  unknown,  // Gone; the system does not tell us how.
  crash,    // Of its own error: a fatal signal, an exception, an exit code of failure.
  kill,     // Ended from outside.
  log_off,  // Ended with its user's session.
  normal,   // Exit code 0.
  // What is read from what: wait_status.h (Linux, macOS), exit_code.h (Windows, where most is inferred).
};

struct End {
  Identity who;
  EndCause cause = EndCause::unknown;
};

enum class Seen {
  alive,        // An AnyDesk program; it is watched from now on.
  gone,         // No process has this pid, or one that has ended already.
  not_anydesk,  // Another program has this pid.
  unknown,      // We may not look, or the system gives us no more watches.
};

struct Look {
  Seen seen = Seen::unknown;
  std::optional<Identity> who;  // With alive.
};

// One thread.
class ProcessWatch {
 public:
  virtual ~ProcessWatch() = default;
  // Signalled from when drain() may have something to tell until it was called, and valid as long as this
  // object; kNotWaitable: call drain() at the polling rate.
  [[nodiscard]] virtual base::Waitable waitable() const = 0;
  // Looks at `pid` and, if it is an AnyDesk program, watches it. Twice is once. A watched process that has
  // ended is still told by drain(), even if another one has its pid by now.
  [[nodiscard]] virtual Look watch(std::uint32_t pid) = 0;
  // No longer of interest: whoever had this pid is not told any more.
  virtual void forget(std::uint32_t pid) = 0;
  // Watched processes that have ended since the last call; each once. Call it after watch(), too, which may
  // have noticed an end. Never blocks. Linux: one whose parent
  // does not ask for its status is told a little later (kReapPatience), with what is known by then.
  [[nodiscard]] virtual std::vector<End> drain() = 0;
};

// The machine's own: pidfd on Linux, process handles on Windows, kqueue on
// macOS. `program_stem`: the beginning of an AnyDesk program's file name, in
// lower case (program.h).
std::unique_ptr<ProcessWatch> system_process_watch(std::string program_stem = "anydesk");

}  // namespace agent::process
