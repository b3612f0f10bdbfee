// Builder::save and Builder::load: the builder as a stored message.

#include <optional>

#include "agent/session/builder.h"
#include "deskledger/agent/v1/state.pb.h"

namespace agent::session {

namespace {

namespace v1 = deskledger::agent::v1;
using base::ErrorCode;
using base::fail;

bool is_cause(std::uint32_t value) {
  return value <= static_cast<std::uint32_t>(AbandonCause::replaced);
}

void put(const Fiber& fiber, v1::FiberState& to) {
  to.set_fiber(fiber.number);
  to.set_child(fiber.child);
  to.set_expects_child(fiber.expects_child);
  to.set_side(static_cast<v1::FiberState::Side>(fiber.side));
  to.set_has_session_lines(fiber.has_session_lines);
  to.set_clock_went_backwards(fiber.clock_went_backwards);
  to.set_announced(fiber.announced);
  to.set_done(fiber.done);
  to.set_session_kind(static_cast<std::uint32_t>(fiber.kind));
  to.set_kind_known(fiber.kind_known);
  to.set_typed(fiber.typed);
  to.set_resolved(fiber.resolved);
  to.set_reason(fiber.reason);
  to.set_version(fiber.version);
  to.set_first_utc_ms(timing::to_ms(fiber.first));
  to.set_last_utc_ms(timing::to_ms(fiber.last));
  to.set_first_offset(fiber.first_offset);
  if (fiber.requested) to.set_requested_utc_ms(timing::to_ms(*fiber.requested));
  if (fiber.started) to.set_started_utc_ms(timing::to_ms(*fiber.started));
  if (fiber.ended) to.set_ended_utc_ms(timing::to_ms(*fiber.ended));
  if (fiber.requested_offset) to.set_requested_offset(*fiber.requested_offset);
  if (fiber.started_offset) to.set_started_offset(*fiber.started_offset);
  if (fiber.ended_offset) to.set_ended_offset(*fiber.ended_offset);
  to.set_window_pid(fiber.window_pid);
  to.set_reconnects(fiber.reconnects);
  to.set_window_gone(fiber.window.gone);
  to.set_window_cause(static_cast<std::uint32_t>(fiber.window.cause));
  if (fiber.window.alive) to.set_window_alive_utc_ms(timing::to_ms(*fiber.window.alive));
  if (fiber.window.fatal) to.set_window_fatal_utc_ms(timing::to_ms(*fiber.window.fatal));
}

// Nothing if an enumeration has a value this version does not know.
std::optional<Fiber> read_fiber(const v1::FiberState& from) {
  if (from.side() < v1::FiberState::SIDE_UNKNOWN || from.side() > v1::FiberState::SIDE_INCOMING) return {};
  if (from.session_kind() > static_cast<std::uint32_t>(Kind::vpn)) return {};
  if (!is_cause(from.window_cause())) return {};
  const auto time = [](std::int64_t ms) { return timing::from_ms(ms); };
  Fiber fiber;
  fiber.number = from.fiber();
  fiber.child = from.child();
  fiber.expects_child = from.expects_child();
  fiber.side = static_cast<Side>(from.side());
  fiber.has_session_lines = from.has_session_lines();
  fiber.clock_went_backwards = from.clock_went_backwards();
  fiber.announced = from.announced();
  fiber.done = from.done();
  fiber.kind = static_cast<Kind>(from.session_kind());
  fiber.kind_known = from.kind_known();
  fiber.typed = from.typed();
  fiber.resolved = from.resolved();
  fiber.reason = from.reason();
  fiber.version = from.version();
  fiber.first = time(from.first_utc_ms());
  fiber.last = time(from.last_utc_ms());
  fiber.first_offset = from.first_offset();
  if (from.has_requested_utc_ms()) fiber.requested = time(from.requested_utc_ms());
  if (from.has_started_utc_ms()) fiber.started = time(from.started_utc_ms());
  if (from.has_ended_utc_ms()) fiber.ended = time(from.ended_utc_ms());
  if (from.has_requested_offset()) fiber.requested_offset = from.requested_offset();
  if (from.has_started_offset()) fiber.started_offset = from.started_offset();
  if (from.has_ended_offset()) fiber.ended_offset = from.ended_offset();
  fiber.window_pid = from.window_pid();
  fiber.reconnects = from.reconnects();
  fiber.window.gone = from.window_gone();
  fiber.window.cause = static_cast<AbandonCause>(from.window_cause());
  if (from.has_window_alive_utc_ms()) fiber.window.alive = time(from.window_alive_utc_ms());
  if (from.has_window_fatal_utc_ms()) fiber.window.fatal = time(from.window_fatal_utc_ms());
  return fiber;
}

void put(const Service& service, v1::ServiceState& to) {
  to.set_app(service.app);
  to.set_pid(service.pid);
  to.set_current(service.current);
  to.set_gone(service.life.gone);
  to.set_startup_seen(service.startup_seen);
  to.set_has_worked(service.has_worked);
  to.set_last_seen_utc_ms(timing::to_ms(service.last_seen));
  for (const Fiber& fiber : service.fibers) put(fiber, *to.add_fibers());
  for (const LooseId& loose : service.loose_ids) {
    auto& stored = *to.add_loose_ids();
    stored.set_fiber(loose.fiber);
    stored.set_id(loose.id);
  }
  for (const Connection& known : service.connections) {
    auto& stored = *to.add_connections();
    stored.set_fiber(known.fiber);
    stored.set_window_pid(known.window_pid);
  }
  if (service.life.alive) to.set_alive_utc_ms(timing::to_ms(*service.life.alive));
  to.set_gone_cause(static_cast<std::uint32_t>(service.life.cause));
  if (service.life.fatal) to.set_fatal_utc_ms(timing::to_ms(*service.life.fatal));
}

std::optional<Service> read_service(const v1::ServiceState& from) {
  if (!is_cause(from.gone_cause())) return std::nullopt;
  Service service;
  service.app = from.app();
  service.pid = from.pid();
  service.current = from.current();
  service.life.gone = from.gone();
  service.startup_seen = from.startup_seen();
  service.has_worked = from.has_worked();
  service.last_seen = timing::from_ms(from.last_seen_utc_ms());
  for (const v1::FiberState& stored : from.fibers()) {
    auto fiber = read_fiber(stored);
    if (!fiber) return std::nullopt;
    service.fibers.push_back(std::move(*fiber));
  }
  for (const v1::LooseId& stored : from.loose_ids()) {
    service.loose_ids.push_back({.fiber = stored.fiber(), .id = stored.id()});
  }
  for (const v1::Connection& stored : from.connections()) {
    service.connections.push_back({.fiber = stored.fiber(), .window_pid = stored.window_pid()});
  }
  if (from.has_alive_utc_ms()) service.life.alive = timing::from_ms(from.alive_utc_ms());
  service.life.cause = static_cast<AbandonCause>(from.gone_cause());
  if (from.has_fatal_utc_ms()) service.life.fatal = timing::from_ms(from.fatal_utc_ms());
  return service;
}

}  // namespace

// The strings in here come from AnyDesk's lines and may be no valid UTF-8; `typed`, `reason` and the like are
// therefore declared as bytes in the message.
std::string Builder::save() const {
  v1::BuilderState state;
  state.set_source(source_);
  state.set_anydesk_id(anydesk_id_);
  state.set_anydesk_version(version_);
  for (const Service& service : services_) put(service, *state.add_services());
  for (const std::uint32_t pid : starting_pids_) state.add_starting_pids(pid);
  state.set_fibers_dropped(fibers_dropped_);
  return state.SerializeAsString();
}

base::Result<Builder> Builder::load(std::string_view bytes) {
  v1::BuilderState state;
  if (!state.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return fail(ErrorCode::corrupt, "reading the stored state of a trace file: it is damaged");
  }
  Builder builder{state.source()};
  builder.anydesk_id_ = state.anydesk_id();
  builder.version_ = state.anydesk_version();
  for (const v1::ServiceState& stored : state.services()) {
    auto service = read_service(stored);
    if (!service) {
      return fail(ErrorCode::corrupt, "reading the stored state of '" + state.source() +
                                          "': it was written by a newer version or is damaged");
    }
    builder.services_.push_back(std::move(*service));
  }
  builder.starting_pids_.assign(state.starting_pids().begin(), state.starting_pids().end());
  builder.fibers_dropped_ = state.fibers_dropped();
  return builder;
}

}  // namespace agent::session
