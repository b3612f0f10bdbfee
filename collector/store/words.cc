#include "collector/store/words.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "collector/store/session.h"

namespace collector::store {
namespace {

[[noreturn]] void refuse(const std::string& text) {
  throw StatementFailed{
      base::Error{base::ErrorCode::corrupt, "store: \"" + text + "\" is no word of the directory"}};
}

int number_at(const std::string& text, std::size_t at, std::size_t length) {
  int value = 0;
  const char* begin = text.data() + at;
  const auto [end, error] = std::from_chars(begin, begin + length, value);
  if (error != std::errc{} || end != begin + length) refuse(text);
  return value;
}

}  // namespace

std::string to_text(directory::Model model) {
  return std::string{directory::to_string(model)};
}

std::string to_text(directory::Exhaustion exhaustion) {
  return std::string{directory::to_string(exhaustion)};
}

std::string to_text(directory::Period period) {
  return std::string{directory::to_string(period)};
}

std::string to_text(const std::vector<std::int64_t>& numbers) {
  std::string text;
  for (const auto number : numbers) text += (text.empty() ? "" : ",") + std::to_string(number);
  return text;
}

std::string to_text(std::chrono::year_month_day day) {
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(day.year()),
                static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return text;
}

std::string to_text(const std::vector<directory::Agreed>& agreed) {
  std::string text;
  for (const auto& one : agreed) text += (text.empty() ? "" : "\n") + one.name + "=" + one.value;
  return text;
}

std::vector<directory::Agreed> to_agreed(const std::string& text) {
  std::vector<directory::Agreed> agreed;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto equals = text.find('=', at);
    if (equals >= end) refuse(text);
    agreed.push_back(
        {.name = text.substr(at, equals - at), .value = text.substr(equals + 1, end - equals - 1)});
    at = end + 1;
  }
  return agreed;
}

directory::Model to_model(const std::string& text) {
  if (const auto found = directory::model_from(text)) return *found;
  refuse(text);
}

directory::Exhaustion to_exhaustion(const std::string& text) {
  if (const auto found = directory::exhaustion_from(text)) return *found;
  refuse(text);
}

directory::Period to_period(const std::string& text) {
  if (const auto found = directory::period_from(text)) return *found;
  refuse(text);
}

std::vector<std::int64_t> to_numbers(const std::string& text) {
  std::vector<std::int64_t> numbers;
  for (std::size_t at = 0; at < text.size();) {
    const auto comma = std::min(text.find(',', at), text.size());
    numbers.push_back(number_at(text, at, comma - at));
    at = comma + 1;
  }
  return numbers;
}

std::chrono::year_month_day to_day(const std::string& text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') refuse(text);
  const std::chrono::year_month_day day{std::chrono::year{number_at(text, 0, 4)},
                                        std::chrono::month{static_cast<unsigned>(number_at(text, 5, 2))},
                                        std::chrono::day{static_cast<unsigned>(number_at(text, 8, 2))}};
  if (!day.ok()) refuse(text);
  return day;
}

}  // namespace collector::store
