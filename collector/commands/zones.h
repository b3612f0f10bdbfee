// The zone database as the store wants it.

#pragma once

#include <chrono>
#include <string>

#include "common/timing/zone.h"

namespace collector::commands {

inline base::Result<timing::UtcMs> start_of_day_in_zone(std::chrono::year_month_day day,
                                                        const std::string& zone) {
  return timing::start_of_day(day, zone);
}

}  // namespace collector::commands
