#include "collector/rating/band.h"

#include <algorithm>
#include <chrono>

namespace collector::rating {

namespace {

constexpr std::int64_t kDay_s = 86'400;

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

std::int64_t utc_s(timing::UtcMs moment) {
  return std::chrono::floor<std::chrono::seconds>(moment).time_since_epoch().count();
}

// Walks along the wall clock, from one moment at which something may change to the next.
class Walk {
 public:
  Walk(std::span<const Band> bands, const Calendar& calendar) : bands_{bands}, calendar_{calendar} {}

  // The band of the second `at` (UTC), and how long it certainly stays the same.
  int band_at(std::int64_t at, std::int64_t& lasts_s) {
    const auto next = offset_behind(at);
    const std::int64_t local = at + std::prev(next)->seconds;
    const std::int64_t day = floor_div(local, kDay_s), second = local - day * kDay_s;
    lasts_s = kDay_s - second;
    if (next != calendar_.offsets.end()) lasts_s = std::min(lasts_s, utc_s(next->from) - at);
    int found = kNoBand;
    for (std::size_t i = 0; i < bands_.size(); ++i) {
      const Band& band = bands_[i];
      if (!is_on(band, day)) continue;
      const std::int64_t from = band.from_min * 60, to = band.to_min * 60;
      if (second < from) lasts_s = std::min(lasts_s, from - second);
      if (second < from || second >= to) continue;
      lasts_s = std::min(lasts_s, to - second);
      if (found == kNoBand) found = static_cast<int>(i);
    }
    return found;
  }

 private:
  std::vector<Offset>::const_iterator offset_behind(std::int64_t at) const {
    const auto& offsets = calendar_.offsets;
    return std::upper_bound(
        std::next(offsets.begin()), offsets.end(), at,
        [](std::int64_t moment, const Offset& offset) { return moment < utc_s(offset.from); });
  }

  bool is_on(const Band& band, std::int64_t day) const {
    if (std::ranges::binary_search(calendar_.holidays, day)) return band.holidays;
    // 1970-01-01 was a Thursday.
    const auto weekday = static_cast<unsigned>(((day + 3) % 7 + 7) % 7);
    return (band.weekdays >> weekday & 1) != 0;
  }

  std::span<const Band> bands_;
  const Calendar& calendar_;
};

}  // namespace

std::vector<Share> share_out(std::span<const Stretch> stretches, std::span<const Band> bands,
                             const Calendar& calendar) {
  std::vector<std::int64_t> seconds(bands.size() + 1);
  Walk walk{bands, calendar};
  for (const Stretch& stretch : stretches) {
    std::int64_t at = utc_s(stretch.begin);
    for (std::int64_t left = stretch.seconds; left > 0;) {
      std::int64_t lasts_s = 0;
      const int band = walk.band_at(at, lasts_s);
      lasts_s = std::min(lasts_s, left);
      seconds[static_cast<std::size_t>(band + 1)] += lasts_s;
      at += lasts_s;
      left -= lasts_s;
    }
  }
  std::vector<Share> shares;
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    if (seconds[i] > 0) shares.push_back({.band = static_cast<int>(i) + kNoBand, .seconds = seconds[i]});
  }
  return shares;
}

}  // namespace collector::rating
