#include "collector/commands/duration_text.h"

#include <charconv>
#include <string>

namespace collector::commands {

base::Result<std::chrono::minutes> parse_duration(std::string_view text) {
  const auto refuse = [&] {
    return base::fail(
        base::ErrorCode::invalid_argument,
        "'" + std::string{text} + "' is no length of time such as 15m, 2h or 7d (at most 365d)");
  };
  if (text.size() < 2) return refuse();
  std::int64_t unit_min = 0;
  switch (text.back()) {
    case 'm': unit_min = 1; break;
    case 'h': unit_min = 60; break;
    case 'd': unit_min = 24 * 60; break;
    default: return refuse();
  }
  std::int64_t number = 0;
  const char* const end = text.data() + text.size() - 1;
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || rest != end || number < 1 || number > kDurationMax.count() / unit_min) {
    return refuse();
  }
  return std::chrono::minutes{number * unit_min};
}

}  // namespace collector::commands
