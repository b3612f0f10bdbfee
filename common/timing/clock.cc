#include "common/timing/clock.h"

#ifdef _WIN32
#include <windows.h>
#else
#include <ctime>
#endif

namespace timing {

namespace {

class SystemClock final : public Clock {
 public:
  UtcMs utc() const override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }

  std::int64_t boot_ms() const override {
#ifdef _WIN32
    // GetTickCount64 counts suspended time, as CLOCK_BOOTTIME does.
    return static_cast<std::int64_t>(GetTickCount64());
#else
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
#endif
  }

  std::int32_t utc_offset_min() const override {
#ifdef _WIN32
    DYNAMIC_TIME_ZONE_INFORMATION zone{};
    const DWORD kind = GetDynamicTimeZoneInformation(&zone);
    const LONG daylight = kind == TIME_ZONE_ID_DAYLIGHT ? zone.DaylightBias : zone.StandardBias;
    return -static_cast<std::int32_t>(zone.Bias + (kind == TIME_ZONE_ID_UNKNOWN ? 0 : daylight));
#else
    const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm local{};
    return localtime_r(&now, &local) == nullptr ? 0 : static_cast<std::int32_t>(local.tm_gmtoff / 60);
#endif
  }
};

}  // namespace

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

}  // namespace timing
