#include "collector/attribution/overlap.h"

#include <algorithm>
#include <tuple>

namespace collector::attribution {

namespace {

void sort_by_begin(std::vector<Interval>& intervals) {
  std::ranges::sort(intervals, {},
                    [](const Interval& one) { return std::tuple{one.begin, one.end, one.id}; });
}

}  // namespace

std::set<std::int64_t> overlapping(std::vector<Interval> intervals) {
  sort_by_begin(intervals);
  std::set<std::int64_t> ids;
  const Interval* last = nullptr;  // Of those so far, the one that ends last.
  for (const auto& one : intervals) {
    if (one.end == one.begin) continue;
    if (last != nullptr && one.begin < last->end) {
      ids.insert(last->id);
      ids.insert(one.id);
    }
    if (last == nullptr || last->end < one.end) last = &one;
  }
  return ids;
}

Spent time_spent(std::vector<Interval> intervals) {
  sort_by_begin(intervals);
  Spent spent;
  std::chrono::milliseconds wall{0};
  timing::UtcMs covered = timing::UtcMs::min();
  for (const auto& one : intervals) {
    const auto length = std::chrono::floor<std::chrono::seconds>(one.end - one.begin);
    spent.customers_s += length.count();
    const auto from = std::max(one.begin, covered), to = one.begin + length;
    if (to <= from) continue;
    wall += to - from;
    covered = to;
  }
  spent.technician_s = std::chrono::floor<std::chrono::seconds>(wall).count();
  return spent;
}

}  // namespace collector::attribution
