#include "agent/trace/connection_check.h"

#include <algorithm>
#include <set>
#include <utility>

namespace agent::trace {

namespace {

constexpr std::int64_t kMsPerMin = 60'000;
constexpr std::int32_t kQuarterMin = 15;
constexpr std::int64_t kOffsetMaxMin = 14L * 60;
// The two clocks are read one after the other, and the minute may change between.
constexpr std::int64_t kEarlyMaxMin = 1;
// After the trace was read so far past a line's time, its attempt will not come any more.
constexpr std::int64_t kOverdueMin = 10;
// IDs have 10 digits, aliases some dozen characters.
constexpr std::size_t kRemoteBytesMax = 128;

std::int64_t floor_div(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

template <class T>
void keep_newest(std::vector<T>& all) {
  if (all.size() > kConnectionsMax) all.erase(all.begin());
}

}  // namespace

void ConnectionCheck::add_line(std::string_view line) {
  if (line.find_first_not_of(" \t\r") == std::string_view::npos) return;
  const auto parsed = parse_connection_line(line);
  if (!parsed) {
    ++counters_.lines_malformed;
    return;
  }
  if (!parsed->outgoing) {
    ++counters_.lines_incoming;
    return;
  }
  ++counters_.lines_outgoing;
  if (lines_.size() == kConnectionsMax) ++counters_.undecidable;
  lines_.push_back({.local_min = parsed->local_min,
                    .id = std::string{parsed->id},
                    .alias = std::string{parsed->alias.substr(0, kRemoteBytesMax)}});
  keep_newest(lines_);
}

void ConnectionCheck::add_attempt(std::string_view remote_id, timing::UtcMs requested) {
  remote_id = remote_id.substr(0, kRemoteBytesMax);
  const auto ms = timing::to_ms(requested);
  note_covered(ms);
  // Told again, perhaps with the ID that was found out meanwhile.
  const auto known = std::ranges::find_if(
      attempts_, [&](const Attempt& a) { return a.utc_ms == ms && (a.remote == remote_id || !a.taken); });
  if (known != attempts_.end()) {
    known->remote = remote_id;
    return;
  }
  attempts_.push_back({.utc_ms = ms, .remote = std::string{remote_id}});
  keep_newest(attempts_);
}

void ConnectionCheck::note_covered(std::int64_t utc_ms) {
  covered_from_ms_ = std::min(covered_from_ms_.value_or(utc_ms), utc_ms);
}

ConnectionCheck::Attempt* ConnectionCheck::find(std::vector<Attempt>& attempts, const Line& line,
                                                std::int32_t offset_min) {
  Attempt* best = nullptr;
  for (Attempt& attempt : attempts) {
    if (attempt.taken || (attempt.remote != line.id && attempt.remote != line.alias)) continue;
    const auto late = line.local_min - offset_min - floor_div(attempt.utc_ms, kMsPerMin);
    if (late < -kEarlyMaxMin || late > kConnectionDelayMaxMin) continue;
    // Lines come in the order of their attempts.
    if (best == nullptr || attempt.utc_ms < best->utc_ms) best = &attempt;
  }
  return best;
}

std::size_t ConnectionCheck::pairs(const std::vector<Line>& lines, std::int32_t offset_min) const {
  auto attempts = attempts_;
  return static_cast<std::size_t>(std::ranges::count_if(lines, [&](const Line& line) {
    Attempt* attempt = find(attempts, line, offset_min);
    if (attempt != nullptr) attempt->taken = true;
    return attempt != nullptr;
  }));
}

std::optional<std::int32_t> ConnectionCheck::find_offset(const std::vector<Line>& lines,
                                                         std::int32_t own_offset_min) const {
  std::set<std::int32_t> candidates;
  for (const Line& line : lines) {
    for (const Attempt& attempt : attempts_) {
      if (attempt.taken || (attempt.remote != line.id && attempt.remote != line.alias)) continue;
      const auto apart = line.local_min - floor_div(attempt.utc_ms, kMsPerMin) + kEarlyMaxMin;
      const auto offset = floor_div(apart, kQuarterMin) * kQuarterMin;
      if (offset >= -kOffsetMaxMin && offset <= kOffsetMaxMin)
        candidates.insert(static_cast<std::int32_t>(offset));
    }
  }
  std::optional<std::int32_t> best;
  std::size_t best_rank = 0;
  bool tie = false;
  for (const auto offset : candidates) {
    const auto count = pairs(lines, offset);
    const bool likely = offset == own_offset_min || offset == 0;
    if (count == 0 || (count == 1 && !likely)) continue;
    // More pairs win; among as many, the workstation's own zone, then UTC.
    const std::size_t rank = count * 3 + (offset == own_offset_min ? 2 : offset == 0 ? 1 : 0);
    tie = rank == best_rank || (tie && rank < best_rank);
    if (rank <= best_rank) continue;
    best = offset;
    best_rank = rank;
  }
  return tie ? std::nullopt : best;
}

std::vector<ConnectionVerdict> ConnectionCheck::take_matches() {
  std::vector<ConnectionVerdict> verdicts;
  std::erase_if(lines_, [&](const Line& line) {
    Attempt* attempt = find(attempts_, line, *offset_min_);
    if (attempt == nullptr) return false;
    attempt->taken = true;
    verdicts.push_back({.remote_id = line.id, .local_min = line.local_min, .matched = true});
    return true;
  });
  counters_.matched += verdicts.size();
  return verdicts;
}

bool ConnectionCheck::is_overdue(const Line& line, std::int64_t read_up_to_min) const {
  return line.local_min - *offset_min_ + kOverdueMin <= read_up_to_min;
}

std::vector<ConnectionVerdict> ConnectionCheck::settle(timing::UtcMs read_up_to,
                                                       std::int32_t own_offset_min) {
  note_covered(timing::to_ms(read_up_to));
  const auto read_up_to_min = floor_div(timing::to_ms(read_up_to), kMsPerMin);
  if (!offset_min_) offset_min_ = find_offset(lines_, own_offset_min);
  if (!offset_min_) return {};
  auto verdicts = take_matches();

  // The zone may have changed: the clocks of the season, a journey. Only lines that should have found their
  // attempt by now may say so, and UTC is no likelier than another zone once the file has shown its own.
  std::vector<Line> overdue;
  std::ranges::copy_if(lines_, std::back_inserter(overdue),
                       [&](const Line& line) { return is_overdue(line, read_up_to_min); });
  const auto other = find_offset(overdue, own_offset_min);
  if (other && (*other == own_offset_min || pairs(overdue, *other) >= 2)) {
    offset_min_ = other;
    const auto more = take_matches();
    verdicts.insert(verdicts.end(), more.begin(), more.end());
  }

  const auto covered_from_min = floor_div(*covered_from_ms_, kMsPerMin);
  std::erase_if(lines_, [&](const Line& line) {
    if (!is_overdue(line, read_up_to_min)) return false;
    if (line.local_min - *offset_min_ < covered_from_min) {
      ++counters_.undecidable;
    } else {
      ++counters_.unmatched;
      verdicts.push_back({.remote_id = line.id, .local_min = line.local_min, .matched = false});
    }
    return true;
  });
  return verdicts;
}

}  // namespace agent::trace
