#include "collector/pipeline/calendars.h"

#include <algorithm>
#include <chrono>

#include "common/timing/zone.h"

namespace collector::pipeline {

namespace {

std::chrono::year year_of(timing::UtcMs moment) {
  return std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(moment)}.year();
}

timing::UtcMs beginning_of(std::chrono::year year) {
  return timing::UtcMs{std::chrono::sys_days{year / std::chrono::January / 1}.time_since_epoch()};
}

}  // namespace

base::Result<rating::Calendar> calendar_around(timing::UtcMs start, const std::string& time_zone,
                                               const directory::HolidayCalendar* calendar) {
  const auto year = year_of(start);
  const auto changes =
      timing::offset_changes(time_zone, beginning_of(year), beginning_of(year + std::chrono::years{3}));
  if (!changes) return std::unexpected{changes.error()};
  rating::Calendar made{.offsets = {}, .holidays = {}};
  for (const auto& change : *changes)
    made.offsets.push_back({.from = change.from, .seconds = change.seconds});
  if (calendar == nullptr) return made;
  for (const auto& holiday : calendar->holidays) {
    const auto days = std::chrono::sys_days{holiday.day}.time_since_epoch();
    made.holidays.push_back(static_cast<std::int32_t>(days.count()));
  }
  std::ranges::sort(made.holidays);
  return made;
}

base::Result<const rating::Calendar*> Calendars::of(const directory::Contract& contract,
                                                    const rating::Rule& rule, timing::UtcMs start) {
  if (rule.bands.empty()) return nullptr;
  const Key key{contract.time_zone, contract.holiday_calendar, static_cast<int>(year_of(start))};
  if (const auto found = made_.find(key); found != made_.end()) return &found->second;
  const auto& all = directory_.calendars;
  const auto holidays = std::ranges::find(all, contract.holiday_calendar, &directory::HolidayCalendar::name);
  auto made = calendar_around(start, contract.time_zone, holidays == all.end() ? nullptr : &*holidays);
  if (!made) return base::fail("contract \"" + contract.name + "\"", made.error());
  return &made_.emplace(key, *std::move(made)).first->second;
}

}  // namespace collector::pipeline
