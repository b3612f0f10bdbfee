// A clock that stands still until a test moves it, while any thread reads it; restart() alone wants nobody
// else.

#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

#include "common/timing/clock.h"

namespace support {

class ManualClock final : public timing::Clock {
 public:
  explicit ManualClock(timing::UtcMs now = timing::from_ms(1'790'000'000'000))
      : utc_ms_{timing::to_ms(now)} {}

  timing::UtcMs utc() const override { return timing::from_ms(utc_ms_); }
  std::int64_t boot_ms() const override { return boot_ms_; }
  std::int32_t utc_offset_min() const override { return utc_offset_min_; }
  std::string boot_id() const override { return boot_id_; }

  // Time passes: both clocks.
  void advance(std::chrono::milliseconds by) {
    utc_ms_ += by.count();
    boot_ms_ += by.count();
  }
  // Somebody sets the wall clock.
  void set_utc(timing::UtcMs now) { utc_ms_ = timing::to_ms(now); }
  void set_utc_offset_min(std::int32_t minutes) { utc_offset_min_ = minutes; }
  // The machine starts again: its boot-time clock begins anew.
  void restart(const std::string& boot_id) {
    boot_id_ = boot_id;
    boot_ms_ = 0;
  }

 private:
  std::atomic<std::int64_t> utc_ms_;
  std::atomic<std::int64_t> boot_ms_ = 1'000'000;
  std::atomic<std::int32_t> utc_offset_min_ = 120;
  std::string boot_id_ = "boot-1";
};

}  // namespace support
