#include "agent/capture/source.h"

#include <algorithm>
#include <utility>

#include "agent/trace/header.h"

namespace agent::capture {

namespace {

// How long a gap waits for the first line behind it, which tells its end.
constexpr std::int64_t kGapPatienceMs = 10'000;
// A service that lives notices a vanished window within about a minute and logs the end of its sessions
// (traces.md section 2.3); AnyDesk's own word is better than ours.
constexpr std::int64_t kServicePatienceMs = 90'000;
// How often the outbox is told that the processes of open sessions live. It costs a sync of the disk.
constexpr std::int64_t kAliveEveryMs = 60'000;

}  // namespace

Source::Source(tail::FileSystem& files, const timing::Clock& clock, const std::string& path,
               std::optional<tail::Position> position, tail::CutShape cut, const GuardRails& rails,
               Findings& findings)
    : clock_{clock},
      findings_{findings},
      follower_{files, path, std::move(position), cut},
      builder_{path},
      window_{path},
      marks_{rails} {}

base::Result<tail::ReadState> Source::read() {
  for (const Ending& ending : std::exchange(lost_, {})) take(ending);
  const std::int64_t boot_ms = clock_.boot_ms();
  const std::int64_t wall_minus_boot_ms = timing::to_ms(clock_.utc()) - boot_ms;
  auto state = follower_.read(*this, Capture::kStepBytesMax);
  if (state && *state == tail::ReadState::caught_up) {
    read_to_end_ = ClockPair{.boot_ms = boot_ms, .wall_minus_boot_ms = wall_minus_boot_ms};
  }
  return state;
}

Reading Source::reading() const {
  return {.now = {.utc = clock_.utc(),
                  .boot_ms = clock_.boot_ms(),
                  .utc_offset_min = clock_.utc_offset_min(),
                  .boot_id = clock_.boot_id()},
          .read_to_end = read_to_end_};
}

void Source::on_line(const tail::Line& line) {
  last_line_size_ = std::min(line.text.size(), last_line_.size());
  std::copy_n(line.text.begin(), last_line_size_, last_line_.begin());
  if (gap_) {
    if (const auto at = last_line_at()) close_gap(at);
  }
  const auto event = trace::parse(line.text, line.offset, trace_);
  if (!event) return;
  tell_all(builder_.add(*event), event->at);
  tell_all(window_.add(*event), event->at);
}

void Source::on_gap(const tail::Gap& gap) {
  if (gap_) close_gap(std::nullopt);
  gap_ = OpenGap{.gap = {.source = path(),
                         .after_offset = gap.after_logical_offset,
                         .bytes_lost_min = gap.bytes_lost_min,
                         .cause = std::string{tail::to_string(gap.cause)},
                         .from = last_line_at(),
                         .to = {}},
                 .since_boot_ms = clock_.boot_ms()};
  stale_ = true;
}

void Source::close_gap(std::optional<timing::UtcMs> first_behind) {
  gap_->gap.to = first_behind;
  findings_.fact(seal::fact_of(gap_->gap, reading().now));
  gap_.reset();
  stale_ = true;
}

std::optional<timing::UtcMs> Source::last_line_at() const {
  if (last_line_size_ == 0) return stored_last_line_at_;
  const auto header = trace::parse_header({last_line_.data(), last_line_size_});
  return header ? std::optional{header->at} : std::nullopt;
}

void Source::tell_all(const Changes& changes, std::optional<timing::UtcMs> line_at) {
  for (const session::Snapshot& snapshot : changes) tell(snapshot, line_at);
}

void Source::tell(const session::Snapshot& snapshot, std::optional<timing::UtcMs> line_at) {
  const Reading now = reading();
  const seal::Measured measured = marks_.measure(snapshot, line_at, now);
  session::Snapshot told = snapshot;
  if (snapshot.witness == session::Witness::service) told.key = findings_.key_of(snapshot);
  Telling telling{.key = told.key,
                  .remote_id = told.remote_id.value_or(""),
                  .body = seal::fact_of(told, now.now, measured)};
  if (snapshot.witness == session::Witness::service) {
    findings_.by_service(std::move(telling));
  } else {
    findings_.by_window(snapshot, std::move(telling));
  }
}

void Source::settle(const ProcessLife& life) {
  if (gap_ && clock_.boot_ms() - gap_->since_boot_ms >= kGapPatienceMs) close_gap(std::nullopt);
  meet(life);
  take_ends();
  note_alive();
  watch_rails();
}

std::vector<session::LiveProcess> Source::live_processes() const {
  auto processes = builder_.processes_of_open_sessions();
  for (const auto& process : window_.processes_of_open_sessions()) processes.push_back(process);
  return processes;
}

void Source::add_wanted(std::set<std::uint32_t>& pids) const {
  for (const auto& process : live_processes()) pids.insert(process.pid);
}

// A process that an earlier look, perhaps an earlier agent's, saw alive and that is no more has ended unseen.
// What was never seen alive proves nothing: its pid may be one of another pid namespace.
void Source::meet(const ProcessLife& life) {
  std::set<std::uint32_t> wanted;
  for (const auto& process : live_processes()) {
    wanted.insert(process.pid);
    const process::Look look = life.look(process.pid);
    const auto known = seen_.find(process.pid);
    if (look.seen == process::Seen::alive && look.who) {
      if (known == seen_.end() || known->second != look.who->born) {
        seen_[process.pid] = look.who->born;
        alive_noted_boot_ms_.reset();
      }
    } else if (known != seen_.end() &&
               (look.seen == process::Seen::gone || look.seen == process::Seen::not_anydesk)) {
      end_process(process.pid, session::AbandonCause::unknown, alive_at_, process.service);
    }
  }
  stale_ =
      std::erase_if(seen_, [&](const auto& known) { return !wanted.contains(known.first); }) > 0 || stale_;
}

void Source::ended(const process::End& end) {
  const auto known = seen_.find(end.who.pid);
  if (known == seen_.end() || known->second != end.who.born) return;
  const auto processes = live_processes();
  const bool is_service = std::ranges::any_of(processes, [&](const session::LiveProcess& process) {
    return process.pid == end.who.pid && process.service;
  });
  end_process(end.who.pid, abandon_cause_of(end.cause), clock_.utc(), is_service);
}

void Source::end_process(std::uint32_t pid, session::AbandonCause cause, timing::UtcMs last_alive,
                         bool is_service) {
  seen_.erase(pid);
  // With the service gone, too, nobody is left who could log an end.
  const bool service_lives =
      !is_service && std::ranges::any_of(live_processes(), [&](const session::LiveProcess& process) {
        return process.service && seen_.contains(process.pid);
      });
  endings_.push_back({.pid = pid,
                      .end = {.last_alive = last_alive, .cause = cause},
                      .due_boot_ms = clock_.boot_ms() + (service_lives ? kServicePatienceMs : 0)});
}

void Source::take_ends() {
  const std::int64_t now = clock_.boot_ms();
  for (const Ending& ending : endings_) {
    if (ending.due_boot_ms <= now) take(ending);
  }
  std::erase_if(endings_, [now](const Ending& ending) { return ending.due_boot_ms <= now; });
}

void Source::take(const Ending& ending) {
  tell_all(builder_.process_gone(ending.pid, ending.end), std::nullopt);
  tell_all(window_.process_gone(ending.pid, ending.end), std::nullopt);
  ++ends_taken_;
  stale_ = true;
}

void Source::note_alive() {
  if (seen_.empty()) return;
  const std::int64_t now = clock_.boot_ms();
  if (alive_noted_boot_ms_ && now - *alive_noted_boot_ms_ < kAliveEveryMs) return;
  alive_noted_boot_ms_ = now;
  alive_at_ = clock_.utc();
  for (const auto& [pid, born] : seen_) {
    builder_.alive(pid, alive_at_);
    window_.alive(pid, alive_at_);
  }
  stale_ = true;
}

void Source::watch_rails() {
  const Reading now = reading();
  const auto look_at = [&](const Changes& open) {
    for (const session::Snapshot& snapshot : open) {
      if (!marks_.passed_a_rail(snapshot, now)) continue;
      tell(snapshot, std::nullopt);
      stale_ = true;
    }
  };
  look_at(builder_.open_sessions());
  look_at(window_.open_sessions());
}

Source::Counts Source::counts() const {
  const auto& tail = follower_.counters();
  const auto n = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
  Counts counts{{"lines", n(tail.lines)},
                {"bytes", n(tail.bytes)},
                {"cuts_survived", n(tail.cuts_survived)},
                {"gaps", n(tail.gaps)},
                {"nul_bytes", n(tail.nul_bytes)},
                {"overlong_lines", n(tail.overlong_lines)},
                {"unsettled", n(tail.unsettled)},
                {"rotations", n(tail.rotations)},
                {"lines_malformed", n(trace_.malformed)},
                {"lines_unknown", n(trace_.unknown_session)},
                {"process_ends", n(ends_taken_)},
                {"fibers_dropped", n(builder_.fibers_dropped() + window_.tabs_dropped())}};
  for (const auto& [stem, times] : trace_.unknown_stems.counts()) counts["unknown:" + stem] = n(times);
  return counts;
}

std::string Source::position() const {
  const auto& position = follower_.position();
  return position ? tail::encode(*position) : std::string{};
}

// A position can change without a line: the file was seen for the first time, or read to its end and left.
bool Source::changed() const {
  return stale_ || counts() != committed_ || position() != committed_position_;
}

outbox::SourceState Source::state() const {
  return {.name = path(), .position = position(), .builder = builder_.save()};
}

std::map<std::string, std::int64_t> Source::counted() const {
  Counts since = counts();
  for (const auto& [name, before] : committed_) since[name] -= before;
  return since;
}

void Source::committed() {
  committed_ = counts();
  committed_position_ = position();
  stale_ = false;
}

}  // namespace agent::capture
