#include "collector/commands/moment.h"

namespace collector::commands {

namespace {

constexpr std::size_t kDayLength = std::string_view{"2026-11-16"}.size();
constexpr std::size_t kMinuteLength = std::string_view{"2026-11-16 10:05"}.size();
constexpr std::size_t kSecondLength = std::string_view{"2026-11-16 10:05:00"}.size();

}  // namespace

base::Result<timing::UtcMs> parse_moment(std::string_view text, std::string_view field) {
  std::string full{text};
  if (full.size() == kDayLength) full += "T00:00";
  if (full.size() == kMinuteLength) full += ":00";
  if (full.size() == kSecondLength) full += "Z";
  if (full.size() > kDayLength && full[kDayLength] == ' ') full[kDayLength] = 'T';
  if (const auto moment = timing::from_rfc3339(full)) return *moment;
  return base::fail(base::ErrorCode::invalid_argument,
                    std::string{field} + " '" + std::string{text} +
                        "' is no day or time: write 2026-11-16, '2026-11-16 10:05' (UTC) or "
                        "2026-11-16T10:05:00Z");
}

base::Status set_moment(std::optional<timing::UtcMs>& place, const std::optional<std::string>& text,
                        std::string_view field) {
  if (!text) return {};
  const auto moment = parse_moment(*text, field);
  if (!moment) return std::unexpected{moment.error()};
  place = *moment;
  return {};
}

}  // namespace collector::commands
