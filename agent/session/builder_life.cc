// Builder: what the life and end of processes mean to the sessions that depend on them.

#include <algorithm>
#include <tuple>

#include "agent/session/builder.h"

namespace agent::session {

using trace::Event;
using trace::Role;

// Of a service it is part of its own life; of a window, part of that of each session it holds.
void Builder::fatal_line(const Event& event) {
  for (Service& service : services_) {
    if (service.pid == event.pid && service.app == event.app) service.life.fatal = event.at;
    if (event.role == Role::service) continue;
    for (Fiber& fiber : service.fibers) {
      if (fiber.open() && fiber.window_pid == event.pid) fiber.window.fatal = event.at;
    }
  }
}

void Builder::window_gone(Service& service, std::uint32_t pid, const ProcessEnd& end,
                          Changes& changes) const {
  // The end of the service was the end of its sessions, however long the window stayed.
  if (service.life.gone) return;
  for (Fiber& fiber : service.fibers) {
    if (!fiber.open() || fiber.window_pid != pid) continue;
    const Life before = fiber.window;
    // The first to tell of its end knows best when it was: the service notices some a minute late (§2.3). The
    // cause may still become known.
    fiber.window.end(end);
    if (before.gone) fiber.window.alive = before.alive;
    if (fiber.requested && fiber.window != before) announce(service, fiber, changes);
  }
}

std::vector<Snapshot> Builder::process_gone(std::uint32_t pid, const ProcessEnd& end) {
  Changes changes;
  for (Service& service : services_) {
    if (pid == 0) break;
    window_gone(service, pid, end, changes);
    if (service.pid != pid) continue;
    const Life before = service.life;
    service.life.end(end);
    service.current = false;
    if (service.life == before) continue;
    for (Fiber& fiber : service.fibers) {
      if (fiber.requested && fiber.open() && !fiber.window.gone) announce(service, fiber, changes);
    }
  }
  return changes;
}

std::vector<LiveProcess> Builder::processes_of_open_sessions() const {
  std::vector<LiveProcess> found;
  for (const Service& service : services_) {
    if (service.life.gone) continue;
    bool needed = false;
    for (const Fiber& fiber : service.fibers) {
      if (!fiber.open() || fiber.window.gone) continue;
      needed = true;
      // Its connection is what proves the window; later lines of the fiber are the service's.
      if (fiber.window_pid != 0) found.push_back({.pid = fiber.window_pid, .last_line = fiber.first});
    }
    if (needed && service.pid != 0)
      found.push_back({.pid = service.pid, .service = true, .last_line = service.last_seen});
  }
  // Of several lines of one process the last stays.
  std::ranges::sort(found, [](const LiveProcess& a, const LiveProcess& b) {
    return std::tuple{a.pid, !a.service, b.last_line} < std::tuple{b.pid, !b.service, a.last_line};
  });
  const auto same = std::ranges::unique(found, {}, &LiveProcess::pid);
  found.erase(same.begin(), same.end());
  return found;
}

void Builder::alive(std::uint32_t pid, timing::UtcMs at) {
  if (pid == 0) return;
  for (Service& service : services_) {
    if (service.pid == pid) service.life.prove(at);
    for (Fiber& fiber : service.fibers) {
      if (fiber.window_pid == pid && fiber.open()) fiber.window.prove(at);
    }
  }
}

}  // namespace agent::session
