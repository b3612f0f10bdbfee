#include "common/timing/zone.h"

#include <date/tz.h>

#include <algorithm>
#include <cstdio>
#include <exception>

namespace timing {

namespace {

using base::ErrorCode;
using base::fail;

constexpr std::chrono::days kOffsetChangesMax{36'525};

// The zone of that name. The library throws for unknown names and for a missing database; the names are
// compared before it opens a file, so that a name can never be a path.
base::Result<const date::time_zone*> find_zone(std::string_view name) {
  try {
    const auto& zones = date::get_tzdb().zones;
    const auto at = std::ranges::find_if(zones, [&](const auto& each) { return each.name() == name; });
    if (at != zones.end()) return &*at;
  } catch (const std::exception& error) {
    return fail(ErrorCode::unavailable, std::string{"reading the time zone database: "} + error.what());
  }
  return fail(ErrorCode::invalid_argument,
              "'" + std::string{name} + "' is no time zone such as Europe/Athens");
}

}  // namespace

bool is_zone(std::string_view name) {
  return find_zone(name).has_value();
}

base::Result<UtcMs> start_of_day(std::chrono::year_month_day day, std::string_view zone_name) {
  if (!day.ok()) return fail(ErrorCode::invalid_argument, "the day does not exist in the calendar");
  const auto zone = find_zone(zone_name);
  if (!zone) return std::unexpected{zone.error()};
  try {
    const date::local_days midnight{std::chrono::sys_days{day}.time_since_epoch()};
    return std::chrono::time_point_cast<std::chrono::milliseconds>(
        (*zone)->to_sys(midnight, date::choose::earliest));
  } catch (const std::exception& error) {
    return fail(ErrorCode::unavailable, std::string{"reading the time zone database: "} + error.what());
  }
}

base::Result<std::string> local_text(UtcMs moment, std::string_view zone_name) {
  const auto zone = find_zone(zone_name);
  if (!zone) return std::unexpected{zone.error()};
  try {
    const auto local = (*zone)->to_local(moment).time_since_epoch();
    const auto days = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::year_month_day date{std::chrono::sys_days{days}};
    const auto minutes = std::chrono::floor<std::chrono::minutes>(local - days).count();
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(minutes / 60), static_cast<int>(minutes % 60));
    return std::string{text};
  } catch (const std::exception& error) {
    return fail(ErrorCode::unavailable, std::string{"reading the time zone database: "} + error.what());
  }
}

base::Result<std::vector<OffsetChange>> offset_changes(std::string_view zone_name, UtcMs from, UtcMs to) {
  if (to < from || to - from > kOffsetChangesMax) {
    return fail(ErrorCode::invalid_argument, "a clock can be told for up to 100 years");
  }
  const auto zone = find_zone(zone_name);
  if (!zone) return std::unexpected{zone.error()};
  try {
    std::vector<OffsetChange> changes;
    for (auto at = from; at <= to;) {
      const auto info = (*zone)->get_info(at);
      const auto seconds = std::chrono::seconds{info.offset}.count();
      // The name of a zone's time may change without its clock.
      if (changes.empty() || changes.back().seconds != seconds)
        changes.push_back({.from = at, .seconds = seconds});
      if (info.end > to) break;
      at = info.end;
    }
    return changes;
  } catch (const std::exception& error) {
    return fail(ErrorCode::unavailable, std::string{"reading the time zone database: "} + error.what());
  }
}

}  // namespace timing
