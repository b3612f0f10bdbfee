#include "agent/capture/session_marks.h"

#include <deskledger/agent/v1/capture.pb.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace agent::capture {

namespace v1 = deskledger::agent::v1;

namespace {

// A line is in the file this soon after the time that it shows.
constexpr std::int64_t kWriteLagMs = 1'000;
// Between the two readings of clocks that make one moment.
constexpr std::uint32_t kNoticeMs = 50;

// The two clocks drift apart without anybody setting one: GetTickCount64 is not disciplined by NTP. Crystals
// are good to 500 ppm.
std::int64_t jump_min_ms(std::int64_t between_ms) {
  return 2'000 + between_ms / 2'000;
}

void put(const BootMoment& moment, v1::BootMoment& to) {
  to.set_boot_id(moment.boot_id);
  to.set_boot_ms(moment.boot_ms);
  to.set_uncertainty_ms(moment.uncertainty_ms);
  to.set_wall_minus_boot_ms(moment.wall_minus_boot_ms);
}

BootMoment read(const v1::BootMoment& from) {
  return {.boot_id = from.boot_id(),
          .boot_ms = from.boot_ms(),
          .uncertainty_ms = from.uncertainty_ms(),
          .wall_minus_boot_ms = from.wall_minus_boot_ms()};
}

}  // namespace

std::optional<BootMoment> moment_of(timing::UtcMs at, const Reading& reading) {
  if (!reading.read_to_end) return std::nullopt;
  const std::int64_t now = reading.now.boot_ms;
  const std::int64_t since = now - reading.read_to_end->boot_ms;
  const std::int64_t wall_minus_boot = timing::to_ms(reading.now.utc) - now;
  // The clock that showed `at` was either today's, or the one from before it was set since the last look.
  for (const std::int64_t ahead : {wall_minus_boot, reading.read_to_end->wall_minus_boot_ms}) {
    const std::int64_t age = now - (timing::to_ms(at) - ahead);
    if (age < -kWriteLagMs || age > since + kWriteLagMs) continue;
    return BootMoment{.boot_id = reading.now.boot_id,
                      .boot_ms = now - age,
                      .uncertainty_ms = kNoticeMs,
                      .wall_minus_boot_ms = ahead};
  }
  return std::nullopt;
}

const SessionMarks::Mark* SessionMarks::find(const std::string& key) const {
  const auto found = std::ranges::find(marks_, key, &Mark::key);
  return found == marks_.end() ? nullptr : &*found;
}

SessionMarks::Mark& SessionMarks::open(const std::string& key) {
  const auto found = std::ranges::find(marks_, key, &Mark::key);
  if (found != marks_.end()) return *found;
  if (std::cmp_greater_equal(std::ranges::count(marks_, true, &Mark::ended), kEndedMarksMax)) {
    marks_.erase(std::ranges::find(marks_, true, &Mark::ended));
  }
  if (marks_.size() >= kMarksMax) marks_.erase(marks_.begin());
  marks_.push_back({.key = key, .start = {}, .end = {}, .told = {}, .ended = false});
  return marks_.back();
}

GuardFlags SessionMarks::flags_now(const session::Snapshot& snapshot, const Reading& reading) const {
  if (!snapshot.started) return {};
  timing::UtcMs to = reading.now.utc;
  if (snapshot.ended) {
    to = *snapshot.ended;
  } else if (snapshot.outcome != session::Outcome::active) {
    to = snapshot.last_seen.value_or(*snapshot.started);
  }
  return flags_of(rails_, *snapshot.started, to, reading.now.utc_offset_min);
}

seal::Measured SessionMarks::measure(const session::Snapshot& snapshot, std::optional<timing::UtcMs> line_at,
                                     const Reading& reading) {
  Mark& mark = open(snapshot.key);
  if (!mark.start && snapshot.started && line_at == snapshot.started) {
    mark.start = moment_of(*snapshot.started, reading);
  }
  if (!mark.end && snapshot.started && snapshot.ended && line_at == snapshot.ended) {
    mark.end = moment_of(*snapshot.ended, reading);
  }
  mark.ended = snapshot.ended.has_value();
  const GuardFlags now = flags_now(snapshot, reading);
  // An active session keeps its flags, even if somebody set the clock back; an end decides anew.
  mark.told = snapshot.ended ? now
                             : GuardFlags{.over_length = now.over_length || mark.told.over_length,
                                          .overnight = now.overnight || mark.told.overnight};
  seal::Measured measured{.duration_boot_ms = {},
                          .duration_boot_uncertainty_ms = 0,
                          .clock_jumped = false,
                          .over_length = mark.told.over_length,
                          .overnight = mark.told.overnight};
  if (mark.start && mark.end && mark.start->boot_id == mark.end->boot_id) {
    const std::int64_t duration = std::max<std::int64_t>(0, mark.end->boot_ms - mark.start->boot_ms);
    measured.duration_boot_ms = duration;
    measured.duration_boot_uncertainty_ms = mark.start->uncertainty_ms + mark.end->uncertainty_ms;
    const std::int64_t drift = mark.end->wall_minus_boot_ms - mark.start->wall_minus_boot_ms;
    measured.clock_jumped = std::abs(drift) > jump_min_ms(duration);
  }
  return measured;
}

bool SessionMarks::passed_a_rail(const session::Snapshot& snapshot, const Reading& reading) const {
  if (snapshot.outcome != session::Outcome::active) return false;
  const GuardFlags now = flags_now(snapshot, reading);
  const Mark* mark = find(snapshot.key);
  const GuardFlags told = mark == nullptr ? GuardFlags{} : mark->told;
  return (now.over_length && !told.over_length) || (now.overnight && !told.overnight);
}

void SessionMarks::save(v1::SourceMemory& to) const {
  for (const Mark& mark : marks_) {
    v1::SessionMark& stored = *to.add_marks();
    stored.set_key(mark.key);
    if (mark.start) put(*mark.start, *stored.mutable_start());
    if (mark.end) put(*mark.end, *stored.mutable_end());
    stored.set_over_length(mark.told.over_length);
    stored.set_overnight(mark.told.overnight);
    stored.set_ended(mark.ended);
  }
}

void SessionMarks::load(const v1::SourceMemory& from) {
  marks_.clear();
  for (const v1::SessionMark& stored : from.marks()) {
    Mark mark{.key = stored.key(),
              .start = {},
              .end = {},
              .told = {.over_length = stored.over_length(), .overnight = stored.overnight()},
              .ended = stored.ended()};
    if (stored.has_start()) mark.start = read(stored.start());
    if (stored.has_end()) mark.end = read(stored.end());
    marks_.push_back(std::move(mark));
  }
}

}  // namespace agent::capture
