#include "collector/commands/session_overlaps.h"

#include "collector/attribution/overlap.h"
#include "collector/commands/session_rows.h"
#include "collector/commands/session_state.h"

namespace collector::commands {

namespace {

using std::chrono::days;

std::int64_t day_of(timing::UtcMs moment) {
  return std::chrono::floor<days>(moment).time_since_epoch().count();
}

}  // namespace

base::Result<const SessionOverlaps::Served*> SessionOverlaps::day(std::int64_t number) {
  if (const auto at = days_.find(number); at != days_.end()) return &at->second;
  const timing::UtcMs begin{days{number}};
  auto served = store::served_between(tx_, begin, begin + days{1});
  if (!served) return std::unexpected{served.error()};
  if (days_.size() == kDaysMax) days_.clear();
  return &days_.emplace(number, std::move(*served)).first->second;
}

base::Result<const SessionOverlaps::Served*> SessionOverlaps::odd() {
  if (!odd_) {
    auto served = store::served_oddly(tx_);
    if (!served) return std::unexpected{served.error()};
    odd_ = std::move(*served);
  }
  return &*odd_;
}

base::Result<bool> SessionOverlaps::overlaps(const store::OverviewRow& row) {
  const auto state = state_of(row);
  if (!row.technician_id || state == "attempt" || state == "withdrawn" || !seconds_of(row)) return false;
  const attribution::Interval own{.id = row.session.id, .begin = *started_of(row), .end = *ended_of(row)};
  std::map<std::int64_t, attribution::Interval> near{{own.id, own}};
  const auto gather = [&](const Served& served) {
    for (const auto& one : served) {
      if (one.technician_id != *row.technician_id || one.end < own.begin || one.begin > own.end) continue;
      near.insert({one.session_id, {.id = one.session_id, .begin = one.begin, .end = one.end}});
    }
  };
  const auto few = odd();
  if (!few) return std::unexpected{few.error()};
  gather(**few);
  // Nothing else is longer than a day, so what reaches into this session began at most one day before it.
  for (auto number = day_of(own.begin) - 1; number <= day_of(own.end); ++number) {
    const auto served = day(number);
    if (!served) return std::unexpected{served.error()};
    gather(**served);
  }
  std::vector<attribution::Interval> intervals;
  for (const auto& [id, interval] : near) intervals.push_back(interval);
  return attribution::overlapping(std::move(intervals)).contains(own.id);
}

}  // namespace collector::commands
