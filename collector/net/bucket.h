// A token bucket: so much now, so much a second. Pure: it is told the time.

#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace collector::net {

class Bucket {
 public:
  // `burst` may be taken at once, and comes back at `per_s` a second, which is above 0.
  Bucket(double per_s, double burst) : per_s_{per_s}, burst_{burst}, level_{burst} {}

  // Takes `n` and returns 0, or takes nothing and returns the milliseconds until it can be taken. What is
  // larger than the burst is given when the bucket is full, which then owes the rest. `now_ms` never goes
  // back.
  std::int64_t take(std::int64_t n, std::int64_t now_ms) {
    level_ = level_at(now_ms);
    then_ms_ = now_ms;
    const auto needed = std::min(static_cast<double>(n), burst_);
    if (level_ < needed) return static_cast<std::int64_t>(std::ceil((needed - level_) / per_s_ * 1'000));
    level_ -= static_cast<double>(n);
    return 0;
  }

  bool is_full(std::int64_t now_ms) const { return level_at(now_ms) >= burst_; }

 private:
  double level_at(std::int64_t now_ms) const {
    return std::min(burst_, level_ + static_cast<double>(now_ms - then_ms_) / 1'000 * per_s_);
  }

  double per_s_;
  double burst_;
  double level_;
  std::int64_t then_ms_ = 0;
};

}  // namespace collector::net
