// Where bands are looked up: the clock of a contract's time zone and the holidays of its calendar, as the
// plain data that rating takes.

#pragma once

#include <map>
#include <string>
#include <tuple>

#include "collector/directory/nouns.h"
#include "collector/rating/band.h"
#include "common/base/result.h"
#include "common/timing/utc.h"

namespace collector::pipeline {

// The clock for whatever begins in the UTC year of `start`, for three years from that year's beginning:
// longer than what can be rated as one. The days of `calendar` that are no holidays are weekdays; null: all
// are.
[[nodiscard]] base::Result<rating::Calendar> calendar_around(timing::UtcMs start,
                                                             const std::string& time_zone,
                                                             const directory::HolidayCalendar* calendar);

// The calendars of a directory's contracts, each made once. As long as the directory it is given.
class Calendars {
 public:
  explicit Calendars(const directory::Directory& directory) : directory_{directory} {}

  // Null if `rule` has no bands; else it stays where it is until this ends. A calendar of
  // holidays that is not there has no days. Errors of the zone database, with the contract's name.
  [[nodiscard]] base::Result<const rating::Calendar*> of(const directory::Contract& contract,
                                                         const rating::Rule& rule, timing::UtcMs start);

 private:
  using Key = std::tuple<std::string, std::string, int>;  // Zone, holidays, year.

  const directory::Directory& directory_;
  std::map<Key, rating::Calendar> made_;
};

}  // namespace collector::pipeline
