// Medians and percentiles of what was measured.

#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace bench {

// The smallest figure that `percent` of all do not exceed. There must be one.
inline double percentile(std::vector<double> figures, std::size_t percent) {
  std::ranges::sort(figures);
  const std::size_t rank = (figures.size() * percent + 99) / 100;
  return figures[std::max<std::size_t>(rank, 1) - 1];
}

inline double median(std::vector<double> figures) {
  return percentile(std::move(figures), 50);
}

}  // namespace bench
