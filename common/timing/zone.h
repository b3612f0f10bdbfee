// Calendar days and wall clocks of places. The only user of the time zone
// database (Howard Hinnant's date library on the system's tzdata); a room of
// its own so that the agent need not carry it.

#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/timing/utc.h"

namespace timing {

// Whether the database knows the IANA name, such as "Europe/Athens". False too
// when there is no database.
bool is_zone(std::string_view name);

// The first instant of the day in the zone. Where the clocks skip midnight it
// is the instant they skip to; where midnight comes twice, the earlier one.
// invalid_argument for a day that does not exist in the calendar or an unknown
// zone; unavailable if the machine has no zone database.
[[nodiscard]] base::Result<UtcMs> start_of_day(std::chrono::year_month_day day, std::string_view zone_name);

// The wall clock of the zone, "2026-11-16 09:05", seconds cut off. Errors as above.
[[nodiscard]] base::Result<std::string> local_text(UtcMs moment, std::string_view zone_name);

// What a wall clock is ahead of UTC from a moment on.
struct OffsetChange {
  UtcMs from;
  std::int64_t seconds = 0;  // East of Greenwich.

  bool operator==(const OffsetChange&) const = default;
};

// The offset at `from`, and each change of it up to `to`, oldest first: the
// clock of a place as plain data, for those that may not ask the zone database.
// The first one's time is `from`. Errors as above; invalid_argument also if
// `to` is before `from`, or more than 100 years behind it.
[[nodiscard]] base::Result<std::vector<OffsetChange>> offset_changes(std::string_view zone_name, UtcMs from,
                                                                     UtcMs to);

}  // namespace timing
