#include "common/timing/utc.h"

#include <charconv>
#include <cstdio>

namespace timing {

namespace {

using base::ErrorCode;
using base::fail;

// Reads exactly `width` decimal digits at `at`; -1 if they are not there.
int digits(std::string_view text, std::size_t at, std::size_t width) {
  if (at + width > text.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + width; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

// `width` digits of `value` at `at`, and `behind` behind them. Every session printed has three times: a
// format string that is read each time cost ten times this.
void put(std::string& text, std::size_t at, std::size_t width, int value, char behind) {
  text[at + width] = behind;
  for (std::size_t i = at + width; i-- > at; value /= 10) text[i] = static_cast<char>('0' + value % 10);
}

// Of a year that RFC 3339 has no form for.
std::string far_away(const std::chrono::year_month_day& date, std::int64_t ms) {
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(ms / 3'600'000), static_cast<int>(ms / 60'000 % 60),
                static_cast<int>(ms / 1000 % 60), static_cast<int>(ms % 1000));
  return text;
}

}  // namespace

std::string to_rfc3339(UtcMs t) {
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date{day};
  const auto ms = (t - day).count();
  const int year = static_cast<int>(date.year());
  if (year < 0 || year > 9999) return far_away(date, ms);
  std::string text(sizeof "0000-00-00T00:00:00.000Z" - 1, 'Z');
  put(text, 0, 4, year, '-');
  put(text, 5, 2, static_cast<int>(static_cast<unsigned>(date.month())), '-');
  put(text, 8, 2, static_cast<int>(static_cast<unsigned>(date.day())), 'T');
  put(text, 11, 2, static_cast<int>(ms / 3'600'000), ':');
  put(text, 14, 2, static_cast<int>(ms / 60'000 % 60), ':');
  put(text, 17, 2, static_cast<int>(ms / 1000 % 60), '.');
  put(text, 20, 3, static_cast<int>(ms % 1000), 'Z');
  return text;
}

base::Result<UtcMs> from_rfc3339(std::string_view text) {
  const auto bad = [&] {
    return fail(ErrorCode::invalid_argument,
                "'" + std::string{text} + "' is no time such as 2026-11-21T09:05:07.123Z");
  };
  const int year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  const int hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
  if (year < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0) return bad();
  if (text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != ' ') || text[13] != ':' ||
      text[16] != ':') {
    return bad();
  }
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return bad();

  std::size_t at = 19;
  int ms = 0;
  if (at < text.size() && text[at] == '.') {
    ++at;
    int scale = 100;
    const std::size_t first = at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
      ms += (text[at] - '0') * scale;
      scale /= 10;
    }
    if (at == first || at - first > 9) return bad();
  }

  std::chrono::minutes offset{0};
  const std::string_view zone = text.substr(at);
  if (zone.size() == 6 && (zone[0] == '+' || zone[0] == '-') && zone[3] == ':') {
    const int zone_hours = digits(zone, 1, 2), zone_minutes = digits(zone, 4, 2);
    if (zone_hours < 0 || zone_hours > 23 || zone_minutes < 0 || zone_minutes > 59) return bad();
    offset = std::chrono::minutes{(zone_hours * 60 + zone_minutes) * (zone[0] == '-' ? -1 : 1)};
  } else if (zone != "Z") {
    return bad();
  }
  const std::chrono::milliseconds in_day = std::chrono::hours{hour} + std::chrono::minutes{minute} +
                                           std::chrono::seconds{second} + std::chrono::milliseconds{ms};
  return UtcMs{std::chrono::sys_days{date}.time_since_epoch() + in_day - offset};
}

}  // namespace timing
