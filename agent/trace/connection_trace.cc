#include "agent/trace/connection_trace.h"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace agent::trace {

namespace {

constexpr std::string_view kBlanks = " \t\r";
constexpr std::size_t kIdDigitsMax = 20;

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// The first column, taken off the front.
std::string_view take_first(std::string_view& text) {
  const auto end = std::min(text.find_first_of(kBlanks), text.size());
  const auto word = text.substr(0, end);
  text = trimmed(text.substr(end));
  return word;
}

std::string_view take_last(std::string_view& text) {
  const auto before = text.find_last_of(kBlanks);
  const auto word = before == std::string_view::npos ? text : text.substr(before + 1);
  text = trimmed(text.substr(0, text.size() - word.size()));
  return word;
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// `text` must be digits only.
int number(std::string_view text) {
  int value = -1;
  if (is_digits(text)) std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// "2025-10-09," and "05:37".
std::optional<std::int64_t> minute_of(std::string_view date, std::string_view time) {
  if (date.size() != 11 || date[4] != '-' || date[7] != '-' || date[10] != ',') return std::nullopt;
  if (time.size() != 5 || time[2] != ':') return std::nullopt;
  const int year = number(date.substr(0, 4));
  const int month = number(date.substr(5, 2));
  const int day = number(date.substr(8, 2));
  const int hour = number(time.substr(0, 2));
  const int minute = number(time.substr(3, 2));
  if (year < 0 || month < 1 || day < 1 || hour < 0 || hour > 23 || minute < 0 || minute > 59)
    return std::nullopt;
  const std::chrono::year_month_day on{std::chrono::year{year},
                                       std::chrono::month{static_cast<unsigned>(month)},
                                       std::chrono::day{static_cast<unsigned>(day)}};
  if (!on.ok()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days{on}.time_since_epoch().count();
  return (days * 24 + hour) * 60 + minute;
}

}  // namespace

std::optional<ConnectionLine> parse_connection_line(std::string_view line) {
  auto rest = trimmed(line);
  const auto direction = take_first(rest);
  if (direction != "Outgoing" && direction != "Incoming") return std::nullopt;
  const auto date = take_first(rest);
  const auto minute = minute_of(date, take_first(rest));
  const auto id = take_last(rest);
  if (!minute || !is_digits(id) || id.size() > kIdDigitsMax) return std::nullopt;
  ConnectionLine parsed{
      .outgoing = direction == "Outgoing", .local_min = *minute, .status = {}, .alias = {}, .id = id};
  const bool has_alias = rest.find_first_of(kBlanks) != std::string_view::npos;
  if (has_alias) parsed.alias = take_last(rest);
  parsed.status = rest;
  return parsed;
}

}  // namespace agent::trace
