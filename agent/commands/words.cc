#include "agent/commands/words.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "common/base/text_table.h"

namespace agent::commands {

std::string grouped(std::int64_t number) {
  std::string text = std::to_string(number);
  const std::size_t sign = number < 0 ? 1 : 0;
  for (std::size_t at = text.size(); at > sign + 3;) {
    at -= 3;
    text.insert(at, ",");
  }
  return text;
}

std::string size_text(std::uint64_t bytes) {
  if (bytes < 1024) return std::to_string(bytes) + " B";
  constexpr std::array<const char*, 4> kUnits = {"KB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < kUnits.size(); ++unit) value /= 1024;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), value < 10 ? "%.1f %s" : "%.0f %s", value, kUnits[unit]);
  return text.data();
}

std::string span_text(std::chrono::milliseconds span) {
  const auto seconds =
      std::max<std::int64_t>(std::chrono::duration_cast<std::chrono::seconds>(span).count(), 0);
  const auto pair = [](std::int64_t large, const char* unit, std::int64_t small, const char* small_unit) {
    std::string text = grouped(large) + " " + unit;
    if (small > 0) text += " " + std::to_string(small) + " " + small_unit;
    return text;
  };
  if (seconds < 60) return std::to_string(seconds) + " s";
  if (seconds < 3600) return std::to_string(seconds / 60) + " min";
  if (seconds < 86'400) return pair(seconds / 3600, "h", seconds / 60 % 60, "min");
  return pair(seconds / 86'400, "d", seconds / 3600 % 24, "h");
}

std::string duration_text(std::chrono::milliseconds duration) {
  const long long seconds = std::max<std::int64_t>(duration.count() / 1000, 0);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%lld:%02lld:%02lld", seconds / 3600, seconds / 60 % 60,
                seconds % 60);
  return text.data();
}

std::string time_text(timing::UtcMs time) {
  std::string text = timing::to_rfc3339(time).substr(0, 19);
  if (text.size() > 10) text[10] = ' ';
  return text;
}

std::string id_text(std::string_view id) {
  const bool digits = std::ranges::all_of(id, [](char c) { return c >= '0' && c <= '9'; });
  std::string text{id};
  if (!digits) return text;
  for (std::size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, " ");
  }
  return text;
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t used) {
  std::string out;
  std::size_t column = used;
  bool first = true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    const std::size_t width = base::text_width(word);
    if (!first && column + 1 + width > kScreenWidth) {
      out += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (!first) {
      out += ' ';
      ++column;
    }
    out += word;
    column += width;
    first = false;
  }
  return out;
}

}  // namespace agent::commands
