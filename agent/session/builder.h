// Events of one trace file become sessions.
//
// The rule is traces.md §10 with the fine points of §9: a session is a fiber of
// one service process; it begins at "5: Entering processing loop." and ends at
// "5: Processing done."; without them it is an attempt. Times are the trace's
// own. An end is never guessed: what has none is active, or abandoned when its
// service process, or the window that holds it, is gone.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/session/process_life.h"
#include "agent/session/service.h"
#include "agent/session/snapshot.h"
#include "agent/trace/event.h"
#include "common/base/result.h"

namespace agent::session {

// Service processes remembered at a time: the current ones, and gone ones whose
// late lines may still end a session. The oldest gone one is forgotten first.
inline constexpr std::size_t kServicesMax = 16;
// A service's own clock may be set back so far without being flagged: within
// one process lines of several threads can swap. An end before its own start
// is always flagged.
inline constexpr std::int64_t kClockToleranceMs = 1000;

// One per trace file. Not thread-safe; a value that can be copied and compared.
class Builder {
 public:
  explicit Builder(std::string source) : source_{std::move(source)} {}

  // Takes the next event in, in the order of the file. Returns a full snapshot
  // of each session whose state this changed: requested, address or ID known,
  // started, ended, abandoned. The same key always names the same session, and
  // a later snapshot replaces an earlier one.
  std::vector<Snapshot> add(const trace::Event& event);

  // The system told that process `pid` has ended. The open sessions of that
  // service, or of that window, become abandoned: returned once each, with the
  // cause and the last proof of life. An end that is read later still completes
  // them. Nothing if no session here depends on it.
  std::vector<Snapshot> process_gone(std::uint32_t pid, const ProcessEnd& end);

  // Service and window processes that open sessions depend on, in order of pid,
  // each once; without those that are known to be gone.
  std::vector<LiveProcess> processes_of_open_sessions() const;

  // A proof that process `pid` lived `at` (the agent's clock) which is no line:
  // raises the last_seen that its open sessions will have if it vanishes.
  void alive(std::uint32_t pid, timing::UtcMs at);

  // All sessions that have no end yet, as active, abandoned or partial, in
  // order of their first line. Sessions that ended were returned by add.
  std::vector<Snapshot> open_sessions() const;

  // Offset of the first line of the oldest session, or fiber that may prove to
  // be one, that a later event can still change; absent: there is none. What
  // began before it is final.
  std::optional<std::uint64_t> oldest_unsettled() const;

  // Everything add depends on, for the agent to store beside the file position.
  std::string save() const;
  // corrupt if `state` is not what save() of this or an earlier version wrote.
  [[nodiscard]] static base::Result<Builder> load(std::string_view state);

  // Fibers and services forgotten because of the limits above.
  std::uint64_t fibers_dropped() const { return fibers_dropped_; }
  const std::string& source() const { return source_; }

  bool operator==(const Builder&) const = default;

 private:
  using Changes = std::vector<Snapshot>;

  Service& service_of(const trace::Event& event, Changes& changes);
  Service& begin_service(const trace::Event& event);
  void make_current(Service& service, Changes& changes);
  void retire(Service& service, AbandonCause cause, Changes& changes);
  void forget(std::uint32_t pid, std::string_view app, Changes& changes);
  void start_block(const trace::Event& event, Changes& changes);
  Service& restart_in_place(const trace::Event& event, Service& service, Changes& changes);
  void watch_clock(Service& service, const trace::Event& event);
  void session_event(Service& service, const trace::Event& event, Changes& changes);
  void spawned(Service& service, const trace::Event& event, Changes& changes);
  void found_client(Service& service, const trace::Event& event, Changes& changes);
  void quit_requested(Service& service, const trace::Event& event, Changes& changes);
  void exited(Service& service, const trace::Event& event, Changes& changes);
  void fatal_line(const trace::Event& event);
  void window_gone(Service& service, std::uint32_t pid, const ProcessEnd& end, Changes& changes) const;
  void announce(const Service& service, Fiber& fiber, Changes& changes) const;
  // As abandoned, although the service itself lives on.
  void announce_without_end(Service& service, Fiber& fiber, Changes& changes) const;
  Snapshot snapshot(const Service& service, const Fiber& fiber) const;

  std::string source_;
  std::string anydesk_id_;
  std::string version_;
  std::vector<Service> services_;
  std::vector<std::uint32_t> starting_pids_;  // Start blocks of Linux processes without a role yet.
  std::uint64_t fibers_dropped_ = 0;
};

}  // namespace agent::session
