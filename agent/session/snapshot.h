// What agent/session knows of one outgoing session (or attempt) at one moment.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/timing/utc.h"

namespace agent::session {

enum class Kind { desktop, file_transfer, vpn };

enum class Outcome {
  active,     // No end yet, and its service process is still the current one.
  completed,  // Start and end seen.
  failed,     // The fiber ended without AnyDesk's state 5: an attempt, not a session.
  abandoned,  // No end, and the service process is gone.
  partial,    // Its "Creating remote control session." line was cut away; what is known is given.
};

// Which of AnyDesk's two writers it was read from (traces.md section 3.1).
enum class Witness {
  service,  // The service's trace: the record.
  window,   // Only the window's trace could be read.
};

// Why an abandoned session has no end line.
enum class AbandonCause { unknown, crash, kill, power, log_off, replaced };

// What could not be proved.
enum class Doubt {
  remote_id_typed,  // The ID was never resolved: it is what was typed.
  pairing,          // Several tabs were open: which of them a line speaks of is a guess.
  kind,             // No line told the kind.
};

std::string_view to_string(Kind kind);
std::string_view to_string(Outcome outcome);
std::string_view to_string(Witness witness);
std::string_view to_string(AbandonCause cause);
std::string_view to_string(Doubt doubt);

struct Snapshot {
  std::string key;  // Unique for ever within one agent; equal for all snapshots of one session.
  Outcome outcome = Outcome::active;
  Kind kind = Kind::desktop;
  bool kind_known = true;  // False: no "Session features:" line was read, and `kind` is the most likely one.
  std::optional<std::string> remote_id;  // Resolved ID, else what was typed with its blanks removed.
  std::optional<timing::UtcMs> requested;
  std::optional<timing::UtcMs> started;
  std::optional<timing::UtcMs> ended;
  std::optional<timing::UtcMs> last_seen;  // Abandoned only: the last proof that its process lived.
  AbandonCause abandon_cause = AbandonCause::unknown;  // Abandoned only.
  std::string end_reason;  // The last reason line without its full stop; empty: none seen.
  std::uint32_t pid = 0;   // Of the AnyDesk service process.
  std::uint32_t fiber = 0;
  std::uint32_t window_pid = 0;  // Of the window process that holds it; 0: not told.
  std::uint32_t reconnects = 0;  // Times AnyDesk restored it inside the same fiber (section 3.7).
  std::string source;            // The trace file's name in agent/tail.
  Witness witness = Witness::service;
  std::vector<Doubt> doubts = {};  // Each once, in the order of the enumeration.
  // In the trace's own times, while this session was open: by more than
  // kClockToleranceMs (builder.h), or its end is before its start.
  bool clock_went_backwards = false;
  std::string anydesk_id;  // This workstation's own ID, if the trace has told it.
  std::string anydesk_version;
  // Logical offsets (agent/tail) of the lines the three times come from.
  std::optional<std::uint64_t> requested_offset;
  std::optional<std::uint64_t> started_offset;
  std::optional<std::uint64_t> ended_offset;
  // Logical offset of the first line known of it: the order of sessions within a source.
  std::uint64_t first_offset = 0;

  bool operator==(const Snapshot&) const = default;
};

// Whole milliseconds between start and end of a completed session; nothing
// otherwise, also when the clock ran backwards: the difference of two times is
// no duration then, whether it is negative or only too small.
std::optional<std::int64_t> duration_ms(const Snapshot& snapshot);

// In the order of the file they come from.
void sort_by_file(std::vector<Snapshot>& snapshots);

}  // namespace agent::session
