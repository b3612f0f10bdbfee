#include "agent/session/builder.h"

#include <algorithm>
#include <charconv>
#include <ranges>
#include <utility>

namespace agent::session {

using trace::Event;
using trace::EventKind;
using trace::Role;

namespace {

// Start blocks waiting for their process to say what it is. Windows and trays never do so in this file.
constexpr std::size_t kStartingMax = 64;

Outcome outcome_of(const Service& service, const Fiber& fiber) {
  if (!fiber.requested) return Outcome::partial;
  if (fiber.done) return fiber.started ? Outcome::completed : Outcome::partial;
  if (fiber.ended) return Outcome::failed;
  return service.life.gone || fiber.window.gone ? Outcome::abandoned : Outcome::active;
}

// The window is asked first: when it vanished before the service did, the session ended with it.
timing::UtcMs last_seen_of(const Service& service, const Fiber& fiber) {
  return fiber.window.gone ? fiber.window.last_seen(fiber.last) : service.life.last_seen(service.last_seen);
}

AbandonCause cause_of(const Service& service, const Fiber& fiber) {
  return fiber.window.gone ? fiber.window.cause_with(fiber.last) : service.life.cause_with(service.last_seen);
}

std::vector<Doubt> doubts_of(const Fiber& fiber) {
  std::vector<Doubt> doubts;
  if (fiber.resolved.empty() && !fiber.typed.empty()) doubts.push_back(Doubt::remote_id_typed);
  if (!fiber.kind_known) doubts.push_back(Doubt::kind);
  return doubts;
}

void append_number(std::string& text, std::int64_t number) {
  char digits[24];
  const char* const end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  text.append(digits, static_cast<std::size_t>(end - digits));
}

// Source, process, fiber and time of the request: nothing that depends on how much of the file was still
// there when it was read first, so that reading a file again gives the same key.
std::string key_of(const std::string& source, const Service& service, const Fiber& fiber) {
  std::string key;
  key.reserve(source.size() + 48);
  key += source;
  append_number(key += '/', service.pid);
  append_number(key += '/', fiber.number);
  key += fiber.requested ? "/" : "/cut-";
  append_number(key, timing::to_ms(fiber.requested.value_or(fiber.first)));
  return key;
}

// "Session features:" may come again within one session; only a request begins another one before the end.
bool begins_another(const Event& event, const Fiber& old) {
  if (event.kind == EventKind::creating_session) return old.over() || old.announced;
  return event.kind == EventKind::session_features && old.over();
}

}  // namespace

Snapshot Builder::snapshot(const Service& service, const Fiber& fiber) const {
  const Outcome outcome = outcome_of(service, fiber);
  const bool abandoned = outcome == Outcome::abandoned;
  const std::string& id = fiber.resolved.empty() ? fiber.typed : fiber.resolved;
  return Snapshot{
      .key = key_of(source_, service, fiber),
      .outcome = outcome,
      .kind = fiber.kind,
      .kind_known = fiber.kind_known,
      .remote_id = id.empty() ? std::nullopt : std::optional<std::string>{id},
      .requested = fiber.requested,
      .started = fiber.started,
      .ended = fiber.ended,
      .last_seen = abandoned ? std::optional{last_seen_of(service, fiber)} : std::nullopt,
      .abandon_cause = abandoned ? cause_of(service, fiber) : AbandonCause::unknown,
      .end_reason = fiber.reason,
      .pid = service.pid,
      .fiber = fiber.number,
      .window_pid = fiber.window_pid,
      .reconnects = fiber.reconnects,
      .source = source_,
      .witness = Witness::service,
      .doubts = doubts_of(fiber),
      .clock_went_backwards = fiber.clock_went_backwards,
      .anydesk_id = anydesk_id_,
      .anydesk_version = fiber.version,
      .requested_offset = fiber.requested_offset,
      .started_offset = fiber.started_offset,
      .ended_offset = fiber.ended_offset,
      .first_offset = fiber.requested_offset.value_or(fiber.first_offset),
  };
}

void Builder::announce(const Service& service, Fiber& fiber, Changes& changes) const {
  if (fiber.side != Side::outgoing) return;
  fiber.announced = true;
  changes.push_back(snapshot(service, fiber));
}

Service& Builder::begin_service(const Event& event) {
  if (services_.size() >= kServicesMax) {
    auto victim = std::ranges::find_if(services_, [](const Service& known) { return !known.current; });
    fibers_dropped_ += 1;
    services_.erase(victim == services_.end() ? services_.begin() : victim);
  }
  Service service;
  service.app = event.app;
  service.pid = event.pid;
  service.last_seen = event.at;
  // The first of its app that the file shows is the current one without further proof.
  service.current =
      std::ranges::none_of(services_, [&](const Service& known) { return known.app == event.app; });
  return services_.emplace_back(std::move(service));
}

// The process is over. Its open sessions are shown as abandoned and kept: when several processes write to one
// file a last line can come late, and an end that was read is better than none.
void Builder::retire(Service& service, AbandonCause cause, Changes& changes) {
  service.current = false;
  if (service.life.gone) return;
  service.life.gone = true;
  service.life.cause = cause;
  for (Fiber& fiber : service.fibers) {
    // What was lost with its window before stays as it is.
    if (fiber.requested && fiber.open() && !fiber.window.gone) announce(service, fiber, changes);
  }
}

void Builder::make_current(Service& service, Changes& changes) {
  if (service.current || service.life.gone) return;
  for (Service& other : services_) {
    if (&other != &service && other.app == service.app) retire(other, AbandonCause::replaced, changes);
  }
  service.current = true;
}

// Another process has this pid now, so that no line of the old one can follow.
void Builder::forget(std::uint32_t pid, std::string_view app, Changes& changes) {
  for (Service& service : services_) {
    if (service.pid == pid && (app.empty() || service.app == app)) {
      retire(service, AbandonCause::replaced, changes);
    }
  }
  std::erase_if(services_, [&](const Service& service) {
    return service.pid == pid && (app.empty() || service.app == app);
  });
}

void Builder::start_block(const Event& event, Changes& changes) {
  forget(event.pid, {}, changes);
  if (event.role == Role::service) {
    Service& service = begin_service(event);
    make_current(service, changes);
  } else if (event.role == Role::undecided) {
    std::erase(starting_pids_, event.pid);
    if (starting_pids_.size() >= kStartingMax) starting_pids_.erase(starting_pids_.begin());
    starting_pids_.push_back(event.pid);
  }
}

Service& Builder::service_of(const Event& event, Changes& changes) {
  // Most lines are of the process that came last.
  for (Service& known : services_ | std::views::reverse) {
    if (known.pid == event.pid && known.app == event.app) return known;
  }
  Service& service = begin_service(event);
  // A Linux process whose start block said "ad" turns out to be a service.
  if (std::erase(starting_pids_, event.pid) > 0) make_current(service, changes);
  return service;
}

// "Service startup completed." of a process that has been at work: its pid was reused and the start block is
// lost.
Service& Builder::restart_in_place(const Event& event, Service& service, Changes& changes) {
  if (!service.startup_seen && !service.has_worked) return service;
  forget(event.pid, event.app, changes);
  return begin_service(event);
}

// A jump back anywhere in the service shows in every session that is open. Within the fiber the same is asked
// once more, because a jump can hide in several small steps of other fibers.
void Builder::watch_clock(Service& service, const Event& event) {
  const auto is_jump = [&](timing::UtcMs before) { return (before - event.at).count() > kClockToleranceMs; };
  const bool jumped = is_jump(service.last_seen);
  service.last_seen = event.at;
  for (Fiber& fiber : service.fibers) {
    if (fiber.over()) continue;
    if (jumped || (fiber.number == event.fiber && is_jump(fiber.last))) fiber.clock_went_backwards = true;
    if (fiber.number == event.fiber) fiber.last = event.at;
  }
}

void Builder::announce_without_end(Service& service, Fiber& fiber, Changes& changes) const {
  const Life life = std::exchange(service.life, Life{.gone = true});
  announce(service, fiber, changes);
  service.life = life;
}

void Builder::session_event(Service& service, const Event& event, Changes& changes) {
  if (event.fiber == 0) return;
  service.has_worked = true;
  make_current(service, changes);
  if (Fiber* old = service.find(event.fiber); old && begins_another(event, *old)) {
    // The exit of the session before was lost, and its fiber number serves again.
    if (old->requested && !old->over()) announce_without_end(service, *old, changes);
    service.close(event.fiber);
  }
  Fiber& fiber = service.open(event, fibers_dropped_);
  if (fiber.version.empty()) fiber.version = version_;
  if (fiber.take(event)) announce(service, fiber, changes);
}

// The next root fiber after '1: Connecting to "X"' connects to X (§3.2, §10).
void Builder::spawned(Service& service, const Event& event, Changes& changes) {
  Fiber* fiber = service.find(event.fiber);
  if (!fiber || !fiber->expects_child) return;
  fiber->expects_child = false;
  fiber->child = event.number;
  if (const std::string* id = service.loose_id(event.number); id && fiber->resolved != *id) {
    fiber->resolved = *id;
    announce(service, *fiber, changes);
  }
}

void Builder::found_client(Service& service, const Event& event, Changes& changes) {
  if (Fiber* fiber = service.find_parent(event.fiber)) {
    if (fiber->take(event)) announce(service, *fiber, changes);
  } else {
    service.keep_loose_id(event.fiber, event.text);
  }
}

// Tells the child of a session whose first lines were cut away.
void Builder::quit_requested(Service& service, const Event& event, Changes& changes) {
  Fiber* fiber = service.find(event.fiber);
  if (!fiber || fiber->child != 0) return;
  const std::string* id = service.loose_id(event.number);
  if (!id) return;
  fiber->child = event.number;
  fiber->resolved = *id;
  announce(service, *fiber, changes);
}

void Builder::exited(Service& service, const Event& event, Changes& changes) {
  Fiber* fiber = service.find(event.fiber);
  if (!fiber) return;
  // What exits with (ipc) was asked for by the window; called sessions exit with (net) (§3.2).
  if (event.kind == EventKind::fiber_exit_ipc && fiber->side == Side::unknown && fiber->has_session_lines) {
    fiber->side = Side::outgoing;
  }
  if (fiber->side == Side::outgoing && !fiber->over() && fiber->requested && fiber->started) {
    // The fiber is over and its "5: Processing done." was not read: no end is known.
    announce_without_end(service, *fiber, changes);
  } else if (fiber->side == Side::outgoing && !fiber->over()) {
    if (!fiber->started) {
      fiber->ended = event.at;
      fiber->ended_offset = event.offset;
    }
    announce(service, *fiber, changes);
  } else if (!fiber->announced) {
    announce(service, *fiber, changes);
  }
  service.close(event.fiber);
  std::erase_if(service.connections, [&](const Connection& known) { return known.fiber == event.fiber; });
}

std::vector<Snapshot> Builder::add(const Event& event) {
  Changes changes;
  if (event.kind == EventKind::version) version_ = event.text;
  if (event.kind == EventKind::startup_block) start_block(event, changes);
  if (event.fatal) fatal_line(event);
  if (event.role != Role::service) return changes;

  Service* service = &service_of(event, changes);
  if (event.kind == EventKind::service_started) service = &restart_in_place(event, *service, changes);
  watch_clock(*service, event);

  switch (event.kind) {
    case EventKind::service_started:
      service->startup_seen = true;
      make_current(*service, changes);
      break;
    case EventKind::process_start: make_current(*service, changes); break;
    case EventKind::service_exit: retire(*service, AbandonCause::unknown, changes); break;
    case EventKind::own_client_id: anydesk_id_ = event.text; break;
    case EventKind::root_fiber_spawned: spawned(*service, event, changes); break;
    case EventKind::client_id: found_client(*service, event, changes); break;
    case EventKind::fiber_quit_requested: quit_requested(*service, event, changes); break;
    case EventKind::fiber_exit_ipc:
    case EventKind::fiber_exit_net:
    case EventKind::fiber_terminated: exited(*service, event, changes); break;
    case EventKind::session_features:
    case EventKind::creating_session:
    case EventKind::connecting_to:
    case EventKind::outgoing_step:
    case EventKind::incoming_step:
    case EventKind::reason:
    case EventKind::backend_restored:
    case EventKind::loop_entered:
    case EventKind::loop_done: session_event(*service, event, changes); break;
    case EventKind::window_connected:
      if (event.fiber != 0) service->keep_connection(event.fiber, event.number);
      break;
    case EventKind::process_stop:
      window_gone(*service, event.number, {.last_alive = event.at}, changes);
      break;
    default:
      break;  // Shows no more than that the service lives; or a window's, of which WindowBuilder knows.
  }
  return changes;
}

std::vector<Snapshot> Builder::open_sessions() const {
  std::vector<Snapshot> open;
  for (const Service& service : services_) {
    for (const Fiber& fiber : service.fibers) {
      if (fiber.open()) open.push_back(snapshot(service, fiber));
    }
  }
  sort_by_file(open);
  return open;
}

std::optional<std::uint64_t> Builder::oldest_unsettled() const {
  std::optional<std::uint64_t> oldest;
  for (const Service& service : services_) {
    for (const Fiber& fiber : service.fibers) {
      const bool may_change = fiber.side == Side::outgoing || fiber.announced ||
                              (fiber.side == Side::unknown && fiber.has_session_lines);
      if (may_change && (!oldest || fiber.first_offset < *oldest)) oldest = fiber.first_offset;
    }
  }
  return oldest;
}

}  // namespace agent::session
