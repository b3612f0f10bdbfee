#include "common/timing/clock.h"

#ifdef _WIN32
#include <windows.h>
#else
#include <ctime>
#include <fstream>
#endif
#ifdef __APPLE__
#include <sys/sysctl.h>
#include <sys/types.h>

#include <array>
#endif

namespace timing {

namespace {

std::string read_boot_id() {
#if defined(_WIN32)
  // Windows counts its starts here.
  DWORD starts = 0;
  DWORD bytes = sizeof starts;
  constexpr const char* kKey =
      "SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Memory Management\\PrefetchParameters";
  const LSTATUS read =
      RegGetValueA(HKEY_LOCAL_MACHINE, kKey, "BootId", RRF_RT_REG_DWORD, nullptr, &starts, &bytes);
  return read == ERROR_SUCCESS ? "windows-" + std::to_string(starts) : "";
#elif defined(__APPLE__)
  std::array<char, 64> text{};
  std::size_t bytes = text.size() - 1;
  return ::sysctlbyname("kern.bootsessionuuid", text.data(), &bytes, nullptr, 0) == 0 ? text.data() : "";
#else
  std::ifstream in{"/proc/sys/kernel/random/boot_id"};
  std::string id;
  std::getline(in, id);
  return id;
#endif
}

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

  std::string boot_id() const override { return boot_id_; }

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

 private:
  std::string boot_id_ = read_boot_id();  // It cannot change while we live.
};

}  // namespace

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

}  // namespace timing
