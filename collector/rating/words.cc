#include "collector/rating/words.h"

#include <algorithm>
#include <array>

namespace collector::rating {

namespace {

using base::ErrorCode;
using base::fail;

constexpr std::array<std::string_view, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::string_view kHolidays = "holidays";
constexpr std::uint8_t kWeekdays = 0x1F, kWeekend = 0x60, kDaily = 0x7F;

// Up to six digits and nothing else.
std::optional<std::int64_t> digits(std::string_view text) {
  if (text.empty() || text.size() > 6) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<std::size_t> day_number(std::string_view name) {
  const auto at = std::ranges::find(kDays, name);
  if (at == kDays.end()) return std::nullopt;
  return static_cast<std::size_t>(at - kDays.begin());
}

// What stands before the first `separator`; the rest stays in `text`.
std::string_view cut(std::string_view& text, char separator) {
  const auto end = std::min(text.find(separator), text.size());
  const auto part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

// One part of a list of days: a name, a group or a range.
bool add_days(Band& band, std::string_view word) {
  if (word == "weekdays") {
    band.weekdays |= kWeekdays;
  } else if (word == "weekend") {
    band.weekdays |= kWeekend;
  } else if (word == "daily") {
    band.weekdays |= kDaily;
  } else if (word.find('-') != std::string_view::npos) {
    const auto from = day_number(cut(word, '-')), to = day_number(word);
    if (!from || !to || *from > *to) return false;
    for (std::size_t day = *from; day <= *to; ++day) add_day(band, kDays[day]);
  } else {
    return add_day(band, word);
  }
  return true;
}

bool set_times(Band& band, std::string_view word) {
  const auto from = clock_from(cut(word, '-')), to = clock_from(word);
  if (!from || !to) return false;
  band.from_min = *from;
  band.to_min = *to;
  return true;
}

std::string two_digits(std::int64_t n) {
  return std::to_string(100 + n).substr(1);
}

}  // namespace

std::string_view to_string(Boundary boundary) {
  return boundary == Boundary::start ? "start" : "after";
}

std::string_view to_string(GraceScope scope) {
  return scope == GraceScope::first ? "first" : "every";
}

std::string_view to_string(RoundGroup round_group) {
  return round_group == RoundGroup::session  ? "session"
         : round_group == RoundGroup::series ? "series"
                                             : "day";
}

std::optional<Boundary> boundary_from(std::string_view word) {
  if (word == "start") return Boundary::start;
  if (word == "after") return Boundary::after;
  return std::nullopt;
}

std::optional<GraceScope> grace_scope_from(std::string_view word) {
  if (word == "first") return GraceScope::first;
  if (word == "every") return GraceScope::every;
  return std::nullopt;
}

std::optional<RoundGroup> round_group_from(std::string_view word) {
  if (word == "session") return RoundGroup::session;
  if (word == "series") return RoundGroup::series;
  if (word == "day") return RoundGroup::day;
  return std::nullopt;
}

std::string weight_text(std::int64_t weight) {
  std::string text = std::to_string(weight / 1'000);
  std::string part = std::to_string(1'000 + weight % 1'000).substr(1);
  while (part.ends_with('0')) part.pop_back();
  if (!part.empty()) text += "." + part;
  return text;
}

std::optional<std::int64_t> weight_from(std::string_view text) {
  const bool has_point = text.find('.') != std::string_view::npos;
  const auto whole = digits(cut(text, '.'));
  if (!whole || (has_point && text.empty()) || text.size() > 3) return std::nullopt;
  std::string thousandths{text};
  thousandths.resize(3, '0');
  const auto part = digits(thousandths);
  if (!part) return std::nullopt;
  return *whole * 1'000 + *part;
}

std::string clock_text(std::int64_t minutes) {
  return two_digits(minutes / 60) + ":" + two_digits(minutes % 60);
}

std::optional<std::int64_t> clock_from(std::string_view text) {
  const auto hours_text = cut(text, ':');
  const auto hours = digits(hours_text), minutes = digits(text);
  if (!hours || !minutes || hours_text.size() > 2 || text.size() != 2) return std::nullopt;
  if (*hours > 24 || *minutes > 59 || (*hours == 24 && *minutes > 0)) return std::nullopt;
  return *hours * 60 + *minutes;
}

std::vector<std::string> day_names(const Band& band) {
  std::vector<std::string> names;
  for (std::size_t day = 0; day < kDays.size(); ++day) {
    if ((band.weekdays >> day & 1) != 0) names.emplace_back(kDays[day]);
  }
  if (band.holidays) names.emplace_back(kHolidays);
  return names;
}

bool add_day(Band& band, std::string_view name) {
  if (name == kHolidays) {
    band.holidays = true;
    return true;
  }
  const auto day = day_number(name);
  if (day) band.weekdays |= static_cast<std::uint8_t>(1U << *day);
  return day.has_value();
}

std::string band_text(const Band& band) {
  Band rest = band;
  std::string days;
  for (const auto& [word, group] :
       {std::pair{"daily", kDaily}, {"weekdays", kWeekdays}, {"weekend", kWeekend}}) {
    if (rest.weekdays != group) continue;
    days = word;
    rest.weekdays = 0;
  }
  for (const auto& name : day_names(rest)) days += (days.empty() ? "" : ",") + name;
  std::string times;
  if (band.from_min != 0 || band.to_min != 1'440) {
    times = " " + clock_text(band.from_min) + "-" + clock_text(band.to_min);
  }
  return days + times + " x" + weight_text(band.weight);
}

base::Result<Band> band_from(std::string name, std::string_view text) {
  Band band{.name = std::move(name)};
  const auto refuse = [&](std::string_view part, const char* may_be) {
    return fail(ErrorCode::invalid_argument,
                "band '" + band.name + "': '" + std::string{part} + "' is no " + may_be);
  };
  for (auto days = cut(text, ' '); !days.empty();) {
    const auto word = cut(days, ',');
    if (!add_days(band, word)) {
      return refuse(word, "day: mon to sun, a range such as mon-fri, weekdays, weekend, daily or holidays");
    }
  }
  if (text.find('-') != std::string_view::npos) {
    const auto times = cut(text, ' ');
    if (!set_times(band, times)) return refuse(times, "time of the day such as 17:00-24:00");
  }
  const auto weight = text.starts_with('x') ? weight_from(text.substr(1)) : std::nullopt;
  if (!weight) return refuse(text, "weight such as x1.5, with up to three places behind the point");
  band.weight = *weight;
  return band;
}

}  // namespace collector::rating
