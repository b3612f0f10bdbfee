#include "tests/support/trace/day.h"

#include <algorithm>
#include <map>
#include <utility>

#include "tests/support/trace/edition.h"
#include "tests/support/trace/noise.h"

namespace support::trace {

namespace {

using Ms = std::chrono::milliseconds;
constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kMinute = 60 * kSecond;

// How a part of the day ends for those who had sessions open.
enum class End {
  stop,          // Everything is closed in order.
  window_quits,  // The window is closed in order; the service goes on.
  window_dies,   // The service notices after a while.
  kill,          // Service and window are killed: nothing is written.
  power,         // As kill, and the last bytes become NUL.
  day_ends,      // What is open stays open.
};

// The far side's ID is told so long after the request, and a state later (machine.cc).
constexpr std::int64_t kResolved_ms = 180;
constexpr std::int64_t kHandshake_ms = 1'700;
constexpr std::int64_t kFloodLasts_ms = 20 * kSecond;

class Maker {
 public:
  explicit Maker(const DayPlan& plan)
      : plan_{plan},
        edition_{edition_of(plan.seed)},
        machine_{edition_, "410900001", plan.seed * 7919 + 11},
        noise_{machine_, edition_, plan.line_bytes_max},
        at_{timing::from_rfc3339("2026-11-16T06:00:00Z").value() + Ms{chance(3'600'000)}} {
    name_threads();
    for (std::uint64_t n = 4 + chance(4); n > 0; --n) remotes_.push_back(new_remote());
  }

  Day make();

 private:
  std::uint64_t chance(std::uint64_t bound) { return machine_.random(bound); }
  bool one_in(std::uint64_t n) { return chance(n) == 0; }
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(chance(static_cast<std::uint64_t>(high - low + 1)));
  }

  void name_threads();
  std::string new_remote();
  std::string typed_for(const std::string& id);
  Pids new_pids();
  void boot();
  End part(bool last_of_boot, bool last_of_day);
  End choose_end(bool last_of_boot, bool last_of_day);
  void maybe_set_clock(timing::UtcMs from, timing::UtcMs to);
  Outgoing attempt(timing::UtcMs at);
  std::vector<Outgoing> attempts(timing::UtcMs from, timing::UtcMs to);
  void flood(std::vector<Outgoing>& plans, timing::UtcMs from, timing::UtcMs to);
  bool clip(Outgoing& plan, timing::UtcMs to, End end);
  void end_early(Outgoing& plan, timing::UtcMs ended, const std::string& reason);
  void lay(const Outgoing& plan, timing::UtcMs to, End end, bool lost);
  void around(timing::UtcMs from, timing::UtcMs to, End end);
  void finish(timing::UtcMs to, End end);
  void cut_power(timing::UtcMs to);
  timing::UtcMs shown(timing::UtcMs at) { return machine_.service_writer().shown(at); }
  std::vector<Write> writes();

  DayPlan plan_;
  Edition edition_;
  Machine machine_;
  Noise noise_;
  timing::UtcMs at_;
  std::vector<std::string> remotes_;
  std::vector<Pids> used_pids_;
  std::vector<TrueSession> sessions_;
  std::vector<std::size_t> killed_;  // Sessions that are abandoned if another service comes.
  std::size_t parts_ = 0, parts_done_ = 0;
  std::optional<timing::UtcMs> flood_at_;
  std::vector<std::pair<timing::UtcMs, std::size_t>> power_cuts_;  // When, and how many NUL bytes.
  std::string told_;
};

void Maker::name_threads() {
  static constexpr std::array<std::string_view, 9> kNames{
      "main", "main", "ctrl", "wrk0", "wrk12", "timr", "x11", "filetransfer", "dconf worker"};
  const bool some_blank = edition_.system == System::macos && edition_.at_least(7, 1);
  const bool many = one_in(2);
  const auto name = [this, some_blank, many]() -> std::string {
    if (some_blank && one_in(6)) return "";
    return std::string{many && one_in(3) ? kNames[chance(kNames.size())] : kNames[0]};
  };
  machine_.service_writer().name_threads(name);
  machine_.window_writer().name_threads(name);
}

std::string Maker::new_remote() {
  return one_in(4) ? "10" + std::to_string(10'000'000 + chance(90'000'000))
                   : "41" + std::to_string(1'000'000 + chance(9'000'000));
}

std::string Maker::typed_for(const std::string& id) {
  if (one_in(4)) return "till" + id.substr(id.size() - 2) + "@ad";
  if (!one_in(3)) return id;
  std::string grouped = id;
  for (std::size_t i = grouped.size() - 3; i > 0 && i < grouped.size(); i -= std::min<std::size_t>(i, 3)) {
    grouped.insert(i, " ");
  }
  return grouped;
}

Pids Maker::new_pids() {
  // After a restart of the machine the same programs often get the same numbers.
  if (!used_pids_.empty() && one_in(2)) return used_pids_[chance(used_pids_.size())];
  const auto pid = static_cast<std::uint32_t>(1'100 + 20 * chance(3'000));
  used_pids_.push_back({.service = pid, .window = pid + 5});
  return used_pids_.back();
}

void Maker::maybe_set_clock(timing::UtcMs from, timing::UtcMs to) {
  if (!one_in(3)) return;
  const std::int64_t by = between(3 * kSecond, one_in(2) ? 2 * 60 * kMinute : kMinute);
  const timing::UtcMs at = from + Ms{between(kSecond, (to - from).count())};
  const std::int64_t jump_ms = one_in(3) ? by : -by;
  machine_.service_writer().jump(at, jump_ms);
  if (edition_.installed) machine_.window_writer().jump(at, jump_ms);
  told_ += jump_ms < 0 ? " clock-back" : " clock-on";
}

Outgoing Maker::attempt(timing::UtcMs at) {
  static const std::array<std::string, 6> kEnds{
      "IPC socket closed normally.",         "Session closed by remote side: desk_rt_user_close.",
      "Net socket closed: anynet_closed.",   "Net socket closed: errno_60.",
      "Session closed locally: limit_over.", "Net socket closed: win32_10054."};
  const std::string id = remotes_[chance(remotes_.size())];
  Outgoing plan{.at = at, .typed = typed_for(id), .id = id};
  plan.type = one_in(4) ? Type::file_transfer : one_in(5) ? Type::vpn : Type::desktop;
  plan.wait_ms = between(kHandshake_ms, one_in(3) ? 60 * kSecond : 9 * kSecond);
  plan.duration_ms = between(1, one_in(3) ? 3 * 60 * kMinute : one_in(2) ? 20 * kMinute : 9 * kSecond);
  plan.reason = kEnds[chance(kEnds.size())];
  plan.direct = one_in(2);
  if (one_in(7)) {
    plan.course = Course::refused;
    plan.reason = one_in(2) ? "Session closed by remote side: display_server_not_supported."
                            : "Session closed by remote side: desk_rt_user_close.";
  } else if (one_in(9)) {
    plan.course = Course::offline;
    plan.reason = "Net socket error: result_relay_offline.";
    if (one_in(3)) plan.typed = "\xD0\xBA\xD0\xB0\xD1\x81\xD1\x81\xD0\xB0@ad";
  } else if (one_in(4) && plan.duration_ms > kMinute) {
    plan.reconnect_ms = {between(1, plan.duration_ms - 10 * kSecond)};
  }
  return plan;
}

std::vector<Outgoing> Maker::attempts(timing::UtcMs from, timing::UtcMs to) {
  std::vector<Outgoing> plans;
  const std::int64_t latest = (to - from).count() - 300;
  for (std::uint64_t n = 1 + chance(7); n > 0; --n) {
    plans.push_back(attempt(from + Ms{between(200, latest)}));
    const Outgoing& before = plans.back();
    const auto then = [&](timing::UtcMs at) {
      if (at < from + Ms{200} || at > from + Ms{latest}) return;
      Outgoing again = attempt(at);
      again.id = before.id;
      if (again.course != Course::offline) again.typed = typed_for(before.id);
      plans.push_back(std::move(again));
    };
    const timing::UtcMs ended = before.at + Ms{before.wait_ms + before.duration_ms};
    if (one_in(5)) {
      then(ended - Ms{45});  // The same tab dials again, just before the old session stops.
    } else if (one_in(6)) {
      then(before.at +
           Ms{between(1, before.wait_ms + before.duration_ms)});  // The same remote twice at once.
    }
  }
  std::ranges::sort(plans, {}, &Outgoing::at);
  return plans;
}

// Many lines at once, so that what was before is gone before anybody looked. Nothing else happens in them,
// but for one short session that nobody will know of.
void Maker::flood(std::vector<Outgoing>& plans, timing::UtcMs from, timing::UtcMs to) {
  const timing::UtcMs begin = from + (to - from) / 2, end = begin + Ms{kFloodLasts_ms};
  const auto meets = [&](timing::UtcMs a, timing::UtcMs b) {
    return b > begin - Ms{kSecond} && a < end + Ms{kSecond};
  };
  std::erase_if(plans, [&](const Outgoing& plan) {
    const timing::UtcMs started = plan.at + Ms{plan.wait_ms}, ended = started + Ms{plan.duration_ms};
    if (meets(plan.at - Ms{kSecond}, started + Ms{kSecond})) return true;
    if (meets(ended - Ms{kSecond}, ended + Ms{kSecond})) return true;
    return std::ranges::any_of(plan.reconnect_ms, [&](std::int64_t after) {
      return meets(started + Ms{after}, started + Ms{after + 4 * kSecond});
    });
  });
  Outgoing lost{.at = begin + Ms{kSecond}, .typed = remotes_[0], .id = remotes_[0]};
  lost.wait_ms = 2 * kSecond;
  lost.duration_ms = 3 * kSecond;
  plans.push_back(lost);
  std::ranges::sort(plans, {}, &Outgoing::at);
  flood_at_ = begin;
  for (std::size_t bytes = 0; bytes < plan_.flood_bytes; bytes += 130) {
    const auto ms =
        static_cast<std::int64_t>(bytes * static_cast<std::size_t>(kFloodLasts_ms) / plan_.flood_bytes);
    noise_.plain(begin + Ms{ms});
  }
  told_ += " flood";
}

void Maker::end_early(Outgoing& plan, timing::UtcMs ended, const std::string& reason) {
  const std::int64_t since_start = (ended - plan.at).count() - plan.wait_ms;
  plan.reason = reason;
  if (plan.course == Course::completed && since_start >= 0) {
    plan.duration_ms = since_start;
    std::erase_if(plan.reconnect_ms, [&](std::int64_t after) { return after + 3 * kSecond > since_start; });
  } else {
    plan.course = Course::refused;  // Given up before it began (traces.md section 9.11).
    plan.wait_ms = (ended - plan.at).count();
  }
}

// False: it cannot be told with this end, and is left out.
bool Maker::clip(Outgoing& plan, timing::UtcMs to, End end) {
  const std::int64_t length = plan.course == Course::offline
                                  ? 2
                                  : plan.wait_ms + (plan.course == Course::completed ? plan.duration_ms : 0);
  if (plan.at + Ms{length} <= to - Ms{100}) return true;
  if (end == End::kill || end == End::power || end == End::day_ends) return true;
  if (plan.course == Course::offline || (to - plan.at).count() < kHandshake_ms + 200) return false;
  if (end == End::window_dies) {
    end_early(plan, to + Ms{between(20 * kSecond, 60 * kSecond)}, "IPC socket closed unexpectedly.");
    if (plan.course == Course::completed && one_in(2)) plan.course = Course::unended;
  } else {
    end_early(plan, to - Ms{between(1, 90)}, "IPC socket closed normally.");
  }
  return true;
}

// Writes the attempt's lines, and notes what is true of it, as far as its process lives.
void Maker::lay(const Outgoing& plan, timing::UtcMs to, End end, bool lost) {
  machine_.outgoing(plan);
  const Expected& expected = machine_.expected().back();
  const bool cut_off = end == End::kill || end == End::power || end == End::day_ends;
  const auto written = [&](timing::UtcMs at) { return !cut_off || at <= to; };
  if (!written(plan.at)) return;
  TrueSession session{.remote_id = expected.remote_id,
                      .type = plan.type,
                      .outcome = expected.outcome,
                      .requested = shown(plan.at),
                      .started = {},
                      .ended = {},
                      .reason = expected.reason,
                      .lost = lost};
  const std::string typed_shown = [&] {
    std::string text = plan.typed;
    std::erase(text, ' ');
    return text;
  }();
  if (!written(plan.at + Ms{1})) {
    session.remote_id.clear();
  } else if (!written(plan.at + Ms{kResolved_ms})) {
    session.remote_id = typed_shown;
  }
  if (expected.started_ms >= 0 && written(timing::from_ms(expected.started_ms))) {
    session.started = shown(timing::from_ms(expected.started_ms));
  }
  const timing::UtcMs over = plan.course == Course::offline   ? plan.at + Ms{2}
                             : plan.course == Course::refused ? plan.at + Ms{plan.wait_ms}
                                                              : plan.at + Ms{plan.wait_ms + plan.duration_ms};
  if (!written(over)) {
    session.outcome = "active";
    session.reason.clear();
    killed_.push_back(sessions_.size());
  } else if (expected.ended_ms >= 0) {
    session.ended = shown(timing::from_ms(expected.ended_ms));
  }
  sessions_.push_back(session);
}

// What else goes on between `from` and `to`.
void Maker::around(timing::UtcMs from, timing::UtcMs to, End end) {
  const std::int64_t length = (to - from).count();
  for (std::uint64_t n = chance(3); n > 0; --n) {
    const std::int64_t at = between(100, length), lasts = between(1, 10 * kMinute);
    if (end == End::stop && at + lasts + 5 * kSecond > length) continue;
    machine_.incoming(from + Ms{at}, "56" + std::to_string(1'000'000 + chance(9'000'000)), lasts);
  }
  for (std::uint64_t n = chance(3); n > 0; --n) noise_.other_process(from + Ms{between(100, length - 100)});
  const std::size_t lines = plan_.bytes / 150 / parts_;
  for (std::size_t i = 0; i < lines; ++i) {
    const timing::UtcMs at = from + Ms{between(1, length)};
    chance(3) == 0 ? noise_.window(at) : noise_.service(at);
  }
}

void Maker::cut_power(timing::UtcMs to) {
  const auto nul_bytes = static_cast<std::size_t>(between(35, 2'772));
  if (one_in(2)) {
    machine_.service_writer().raw(to + Ms{2}, std::string(nul_bytes, '\0'), machine_.service_process().pid);
    return;
  }
  // Only lines that mean nothing are damaged.
  for (std::size_t bytes = 0; bytes < nul_bytes; bytes += 100) noise_.plain(to + Ms{1});
  power_cuts_.emplace_back(to + Ms{3}, nul_bytes);
}

void Maker::finish(timing::UtcMs to, End end) {
  const std::uint32_t service = machine_.service_process().pid, window = machine_.window_process().pid;
  switch (end) {
    case End::stop: machine_.stop(to); break;
    case End::window_quits: machine_.stop_window(to); break;
    case End::window_dies:
      machine_.window_writer().drop_after(window, to);
      machine_.service_writer().line(
          to + Ms{59 * kSecond}, machine_.service_process(), 2, "fiber.ipc_namespace",
          "Zombie process detected (" + std::to_string(window) + "). Fixing the state.");
      machine_.service_writer().line(to + Ms{59 * kSecond}, machine_.service_process(), 1, "app.service",
                                     "Process stop: " + std::to_string(window) + ".");
      break;
    case End::kill:
    case End::power:
    case End::day_ends:
      machine_.service_writer().drop_after(service, to);
      machine_.window_writer().drop_after(window, to);
      if (end == End::power) cut_power(to);
      break;
  }
}

End Maker::choose_end(bool last_of_boot, bool last_of_day) {
  if (last_of_day) return std::array{End::stop, End::kill, End::day_ends}[chance(3)];
  if (last_of_boot) return std::array{End::stop, End::kill, End::power}[chance(3)];
  if (!edition_.installed) return End::window_dies;
  return one_in(2) ? End::window_dies : End::window_quits;
}

End Maker::part(bool last_of_boot, bool last_of_day) {
  static constexpr std::array<const char*, 6> kNames{" stop", " window-quits", " window-dies",
                                                     " kill", " power",        " day-ends"};
  const End end = choose_end(last_of_boot, last_of_day);
  told_ += kNames[static_cast<std::size_t>(end)];
  const timing::UtcMs from = at_, to = at_ + Ms{between(10 * kMinute, 150 * kMinute)};
  maybe_set_clock(from, to);
  std::vector<Outgoing> plans = attempts(from, to);
  const bool with_flood = plan_.flood_bytes > 0 && !flood_at_ && parts_done_ + 1 >= parts_ / 2;
  std::optional<timing::UtcMs> lost;
  if (with_flood) {
    flood(plans, from, to);
    lost = *flood_at_ + Ms{kSecond};
  }
  for (Outgoing& plan : plans) {
    if (clip(plan, to, end)) lay(plan, to, end, plan.at == lost);
  }
  around(from, to, end);
  finish(to, end);
  at_ = to + Ms{between(62 * kSecond, 30 * kMinute)};
  ++parts_done_;
  return end;
}

void Maker::boot() {
  for (const std::size_t session : killed_) sessions_[session].outcome = "abandoned";
  killed_.clear();
  machine_.start(at_, new_pids());
  at_ += Ms{2 * kSecond};
}

std::vector<Write> Maker::writes() {
  std::vector<Write> all;
  std::vector<Writer*> writers{&machine_.service_writer()};
  if (edition_.installed) writers.push_back(&machine_.window_writer());
  for (std::size_t file = 0; file < writers.size(); ++file) {
    for (Writer::Entry& entry : writers[file]->entries()) {
      all.push_back(
          {.at = entry.at,
           .shown = shown(entry.at),
           .file = file,
           .writer = entry.pid,
           .bytes = std::move(entry.text),
           .blind = flood_at_ && entry.at >= *flood_at_ && entry.at < *flood_at_ + Ms{kFloodLasts_ms}});
    }
  }
  for (const auto& [at, nul_bytes] : power_cuts_) {
    all.push_back(
        {.at = at, .shown = shown(at), .what = Write::What::power_cut, .bytes = {}, .nul_bytes = nul_bytes});
  }
  // In order of time, and what is of the same time in the order it was made.
  std::multimap<std::pair<timing::UtcMs, std::size_t>, Write> in_order;
  for (Write& write : all) {
    const auto key = std::pair{write.at, write.file};
    in_order.emplace(key, std::move(write));
  }
  all.clear();
  for (auto& [key, write] : in_order) all.push_back(std::move(write));
  // Within one millisecond the order of two processes is arbitrary (traces.md section 9.6).
  for (std::size_t i = 1; i < all.size(); ++i) {
    const bool swappable = all[i].at == all[i - 1].at && all[i].writer != all[i - 1].writer &&
                           all[i].what == Write::What::text && all[i - 1].what == Write::What::text;
    if (swappable && one_in(2)) std::swap(all[i], all[i - 1]);
  }
  return all;
}

Day Maker::make() {
  const std::uint64_t boots = 1 + chance(4);
  std::vector<std::uint64_t> parts;
  for (std::uint64_t i = 0; i < boots; ++i) parts_ += parts.emplace_back(1 + chance(3));
  for (std::uint64_t i = 0; i < boots; ++i) {
    boot();
    for (std::uint64_t p = 0; p < parts[i]; ++p) {
      part(p + 1 == parts[i], i + 1 == boots && p + 1 == parts[i]);
      if (p + 1 == parts[i]) break;
      machine_.start_window(at_, machine_.window_process().pid + 1);
      at_ += Ms{2 * kSecond};
    }
  }
  const std::string custom = one_in(4) ? "ad_firm12" : "";
  Day day{.edition = edition_,
          .what = edition_.service_app() + " " + edition_.version() + (custom.empty() ? "" : " " + custom) +
                  ":" + told_,
          .files = files_of(edition_, custom),
          .writes = writes(),
          .sessions = std::move(sessions_)};
  day.floods = flood_at_ ? 1 : 0;
  day.secrets.insert(machine_.secrets().begin(), machine_.secrets().end());
  day.secrets.insert(noise_.secrets().begin(), noise_.secrets().end());
  std::ranges::sort(day.sessions);
  return day;
}

}  // namespace

Day make_day(const DayPlan& plan) {
  return Maker{plan}.make();
}

}  // namespace support::trace
