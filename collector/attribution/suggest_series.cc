#include "collector/attribution/suggest_series.h"

#include <algorithm>
#include <tuple>

namespace collector::attribution {

std::vector<std::vector<std::int64_t>> suggest_series(
    std::vector<SeriesCandidate> sessions, std::chrono::milliseconds gap,
    const std::set<std::pair<std::int64_t, std::int64_t>>& dismissed) {
  const auto work = [](const SeriesCandidate& one) {
    return std::tuple{one.technician_id, one.customer_id, one.terminal_id};
  };
  std::ranges::sort(sessions, {}, [&](const SeriesCandidate& one) {
    return std::tuple{work(one), one.started, one.session_id};
  });
  using Group = std::pair<timing::UtcMs, std::vector<std::int64_t>>;
  std::vector<Group> groups;
  const SeriesCandidate* before = nullptr;
  for (const auto& one : sessions) {
    const bool follows = before != nullptr && work(*before) == work(one) &&
                         one.started - before->ended <= gap &&
                         !dismissed.contains({before->session_id, one.session_id});
    if (follows) {
      groups.back().second.push_back(one.session_id);
    } else {
      groups.push_back({one.started, {one.session_id}});
    }
    before = &one;
  }
  std::erase_if(groups, [](const Group& group) { return group.second.size() < 2; });
  std::ranges::sort(groups);
  std::vector<std::vector<std::int64_t>> suggested;
  for (auto& group : groups) suggested.push_back(std::move(group.second));
  return suggested;
}

}  // namespace collector::attribution
