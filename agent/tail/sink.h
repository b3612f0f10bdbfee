// Who receives what a follower reads.

#pragma once

#include <cstdint>
#include <string_view>

#include "agent/tail/line.h"

namespace agent::tail {

enum class GapCause {
  anchor_not_found,  // The same file, but what was read last is no longer in it.
  file_replaced,     // Another file stands at the path, and the old one was not read to its end.
};

constexpr std::string_view to_string(GapCause cause) {
  switch (cause) {
    case GapCause::anchor_not_found: return "anchor_not_found";
    case GapCause::file_replaced: return "file_replaced";
  }
  return "unknown";
}

// Lines may be missing here: it could not be proved that none is.
struct Gap {
  std::uint64_t after_logical_offset = 0;  // Everything before it was handed out.
  std::uint64_t bytes_lost_min = 0;        // Seen to exist and never read. 0: perhaps nothing was lost.
  GapCause cause = GapCause::anchor_not_found;
};

// Called from Follower::read on its thread, in file order. Must not call back
// into the follower.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void on_line(const Line& line) = 0;
  virtual void on_gap(const Gap& gap) = 0;
};

}  // namespace agent::tail
