// Calendar days and wall clocks of places. The only user of the time zone
// database (Howard Hinnant's date library on the system's tzdata); a room of
// its own so that the agent need not carry it.

#pragma once

#include <chrono>
#include <string>
#include <string_view>

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

}  // namespace timing
