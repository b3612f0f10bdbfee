// Flags for sessions that somebody may have forgotten to end. Pure. A flag asks
// a person to look; nothing is ever cut.

#pragma once

#include <cstdint>
#include <optional>

#include "common/timing/utc.h"

namespace agent::capture {

struct GuardRails {
  std::int64_t length_max_ms = std::int64_t{12} * 3'600'000;  // 0: no limit.
  std::optional<int> overnight_at_min = 180;  // Minutes after local midnight; nothing: never flagged.
};

struct GuardFlags {
  bool over_length = false;
  bool overnight = false;
  friend bool operator==(const GuardFlags&, const GuardFlags&) = default;
};

// For a session that runs, or ran, from `from` to `to`; local time is UTC and
// `utc_offset_min`. Overnight: the local time of day overnight_at_min lies in
// it, its beginning not counted. Nothing is flagged if `to` is before `from`.
GuardFlags flags_of(const GuardRails& rails, timing::UtcMs from, timing::UtcMs to,
                    std::int32_t utc_offset_min);

}  // namespace agent::capture
