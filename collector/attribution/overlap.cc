#include "collector/attribution/overlap.h"

#include <algorithm>

namespace collector::attribution {

namespace {

void sort_by_begin(std::vector<Interval>& intervals) {
  std::ranges::stable_sort(intervals, {}, [](const Interval& one) { return std::pair{one.begin, one.end}; });
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

std::int64_t wall_ms(std::vector<Interval> intervals) {
  sort_by_begin(intervals);
  std::int64_t ms = 0;
  timing::UtcMs covered = timing::UtcMs::min();
  for (const auto& one : intervals) {
    const auto from = std::max(one.begin, covered);
    if (one.end <= from) continue;
    ms += (one.end - from).count();
    covered = one.end;
  }
  return ms;
}

std::int64_t sum_ms(const std::vector<Interval>& intervals) {
  std::int64_t ms = 0;
  for (const auto& one : intervals) ms += (one.end - one.begin).count();
  return ms;
}

}  // namespace collector::attribution
