#include "agent/session/batch.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace agent::session {

namespace {

timing::UtcMs first_time(const Snapshot& snapshot) {
  for (const auto& time : {snapshot.requested, snapshot.started, snapshot.ended}) {
    if (time) return *time;
  }
  return {};
}

bool known_and_equal(const std::optional<timing::UtcMs>& a, const std::optional<timing::UtcMs>& b) {
  return a && b && *a == *b;
}

bool same_session(const Snapshot& a, const Snapshot& b) {
  if (a.pid != b.pid || a.fiber != b.fiber || a.source == b.source) return false;
  if (a.requested && b.requested) return *a.requested == *b.requested;
  return known_and_equal(a.started, b.started) || known_and_equal(a.ended, b.ended);
}

// `tail` goes on where the file of `head` broke off: it was renamed in mid-session.
bool continues(const Snapshot& head, const Snapshot& tail) {
  return head.outcome == Outcome::active && tail.outcome == Outcome::partial && head.pid == tail.pid &&
         head.fiber == tail.fiber && head.source != tail.source && first_time(tail) >= *head.requested &&
         !(head.started && tail.started);
}

// How much of a session a snapshot tells.
int knowledge(const Snapshot& snapshot) {
  return (snapshot.requested ? 4 : 0) + (snapshot.ended ? 2 : 0) + (snapshot.started ? 1 : 0);
}

Snapshot joined(Snapshot head, const Snapshot& tail) {
  if (!head.started) {
    head.started = tail.started;
    head.started_offset = tail.started_offset;
  }
  head.ended = tail.ended;
  head.ended_offset = tail.ended_offset;
  if (!tail.end_reason.empty()) head.end_reason = tail.end_reason;
  if (!head.remote_id) head.remote_id = tail.remote_id;
  head.clock_went_backwards = head.clock_went_backwards || tail.clock_went_backwards;
  if (head.ended) head.outcome = head.started ? Outcome::completed : Outcome::failed;
  return head;
}

// Takes `found` into `file` if an earlier file tells of the same session.
bool absorb(std::vector<Snapshot>& file, const Snapshot& found) {
  for (Snapshot& known : file) {
    if (same_session(known, found)) {
      if (knowledge(found) > knowledge(known)) known = found;
      return true;
    }
    if (continues(known, found)) {
      known = joined(known, found);
      return true;
    }
    if (continues(found, known)) {
      known = joined(found, known);
      return true;
    }
  }
  return false;
}

}  // namespace

void Batch::line(std::string_view text, std::uint64_t offset) {
  const auto event = trace::parse(text, offset, counters_);
  if (!event) return;
  for (Snapshot& snapshot : builder_.add(*event)) {
    const auto known = latest_.find(snapshot.key);
    if (known == latest_.end()) {
      std::string key = snapshot.key;
      latest_.emplace(std::move(key), std::move(snapshot));
    } else {
      known->second = std::move(snapshot);
    }
  }
}

std::vector<Snapshot> Batch::take_settled() {
  const auto oldest = builder_.oldest_unsettled();
  std::vector<Snapshot> settled;
  for (auto it = latest_.begin(); it != latest_.end();) {
    const auto next = std::next(it);
    if (!oldest || it->second.first_offset < *oldest)
      settled.push_back(std::move(latest_.extract(it).mapped()));
    it = next;
  }
  sort_by_file(settled);
  return settled;
}

std::vector<Snapshot> Batch::sessions() && {
  for (Snapshot& snapshot : builder_.open_sessions()) latest_.insert_or_assign(snapshot.key, snapshot);
  std::vector<Snapshot> sessions;
  sessions.reserve(latest_.size());
  // One by one, so that a long trace's sessions are never in memory twice.
  while (!latest_.empty()) sessions.push_back(std::move(latest_.extract(latest_.begin()).mapped()));
  sort_by_file(sessions);
  return sessions;
}

std::vector<Snapshot> merge_files(std::vector<std::vector<Snapshot>> files) {
  for (std::size_t i = 1; i < files.size(); ++i) {
    std::erase_if(files[i], [&](const Snapshot& found) {
      return std::any_of(files.begin(), files.begin() + static_cast<std::ptrdiff_t>(i),
                         [&](std::vector<Snapshot>& earlier) { return absorb(earlier, found); });
    });
  }
  std::vector<Snapshot> merged;
  std::vector<std::size_t> at(files.size(), 0);
  while (true) {
    std::optional<std::size_t> next;
    for (std::size_t i = 0; i < files.size(); ++i) {
      if (at[i] >= files[i].size()) continue;
      if (!next || first_time(files[i][at[i]]) < first_time(files[*next][at[*next]])) next = i;
    }
    if (!next) return merged;
    merged.push_back(std::move(files[*next][at[*next]++]));
  }
}

}  // namespace agent::session
