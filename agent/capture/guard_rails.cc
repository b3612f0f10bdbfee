#include "agent/capture/guard_rails.h"

namespace agent::capture {

namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kDayMs = 24 * 60 * kMinuteMs;

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

}  // namespace

GuardFlags flags_of(const GuardRails& rails, timing::UtcMs from, timing::UtcMs to,
                    std::int32_t utc_offset_min) {
  if (to < from) return {};
  GuardFlags flags;
  flags.over_length = rails.length_max_ms > 0 && (to - from).count() > rails.length_max_ms;
  if (rails.overnight_at_min) {
    // Days that begin at the dreaded hour: a session in two of them ran through it.
    const std::int64_t shift = (std::int64_t{utc_offset_min} - *rails.overnight_at_min) * kMinuteMs;
    const auto day = [shift](timing::UtcMs at) { return floor_div(timing::to_ms(at) + shift, kDayMs); };
    flags.overnight = day(from) != day(to);
  }
  return flags;
}

}  // namespace agent::capture
