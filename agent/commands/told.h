// What the newest records tell, as `status` shows it.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/session/snapshot.h"
#include "common/timing/utc.h"

namespace agent::commands {

// One session, from a record or from a builder's state. Texts are as they came.
struct SessionView {
  std::string key;
  std::string remote_id;  // Empty: not known, or withheld.
  bool withheld = false;  // capture.unregistered: only the record holds nothing of it.
  std::string kind;
  std::string outcome;  // As session::to_string() says it.
  std::optional<timing::UtcMs> requested;
  std::optional<timing::UtcMs> started;
  std::optional<timing::UtcMs> ended;
  std::string end_reason;
  std::string source;
  bool from_window = false;  // Read from the window's trace alone.
  std::string anydesk_id;
  std::string anydesk_version;

  // Start to end of a completed session; absent otherwise.
  std::optional<std::chrono::milliseconds> duration() const;
};

struct GapView {
  std::string source;
  std::uint64_t bytes_lost_min = 0;
  std::string cause;
  timing::UtcMs observed;
  // The lines around it, by their own times; absent: none was read.
  std::optional<timing::UtcMs> from = {};
  std::optional<timing::UtcMs> to = {};
};

struct Told {
  std::vector<SessionView> sessions;  // The last word on each, in order of those words.
  std::vector<GapView> gaps;
};

// `bodies` of records, the oldest first. A body this version cannot read is left out: `status` shows what it
// can, and the outbox is checked elsewhere.
Told told_by(const std::vector<std::string>& bodies);

SessionView view_of(const session::Snapshot& snapshot);

}  // namespace agent::commands
