// Calendars of holidays. A calendar is there as long as it has a day.

#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "collector/directory/nouns.h"
#include "collector/store/connection.h"
#include "collector/store/directory.h"

namespace collector::store {

// By calendar and day; the id is 0.
[[nodiscard]] base::Result<Put> put_holiday(Transaction& transaction, const std::string& calendar,
                                            const directory::Holiday& holiday);

// Whether it was there.
[[nodiscard]] base::Result<bool> remove_holiday(Transaction& transaction, const std::string& calendar,
                                                std::chrono::year_month_day day);

// In order of names and days.
[[nodiscard]] base::Result<std::vector<directory::HolidayCalendar>> list_calendars(Transaction& transaction);

}  // namespace collector::store
