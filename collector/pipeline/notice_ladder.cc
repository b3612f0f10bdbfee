#include "collector/pipeline/notice_ladder.h"

namespace collector::pipeline {

std::vector<std::size_t> rungs_to_drop(std::span<const std::int64_t> entries) {
  std::vector<std::size_t> drop;
  if (entries.empty()) return drop;
  const std::int64_t all = entries.front();
  std::int64_t later = all;  // The last one that stays.
  for (std::size_t i = 1; i < entries.size(); ++i) {
    // Behind the last one is the ledger's beginning, which is always known.
    const std::int64_t earlier = i + 1 < entries.size() ? entries[i + 1] : 0;
    if (all - earlier <= 2 * (all - later) + 4 * kEntriesMax)
      drop.push_back(i);
    else
      later = entries[i];
  }
  return drop;
}

}  // namespace collector::pipeline
