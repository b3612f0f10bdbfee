#include "agent/session/service.h"

#include <algorithm>

namespace agent::session {

Fiber* Service::find(std::uint32_t number) {
  const auto found = std::ranges::find(fibers, number, &Fiber::number);
  return found == fibers.end() ? nullptr : &*found;
}

Fiber* Service::find_parent(std::uint32_t child) {
  if (child == 0) return nullptr;
  const auto found = std::ranges::find(fibers, child, &Fiber::child);
  return found == fibers.end() ? nullptr : &*found;
}

Fiber& Service::open(const trace::Event& event, std::uint64_t& dropped) {
  if (Fiber* known = find(event.fiber)) return *known;
  if (fibers.size() >= kFibersMax) {
    auto victim = std::ranges::find_if(fibers, [](const Fiber& fiber) { return !fiber.announced; });
    fibers.erase(victim == fibers.end() ? fibers.begin() : victim);
    ++dropped;
  }
  Fiber fiber;
  fiber.number = event.fiber;
  fiber.first = fiber.last = event.at;
  fiber.first_offset = event.offset;
  const auto served = std::ranges::find(connections, event.fiber, &Connection::fiber);
  if (served != connections.end()) fiber.window_pid = served->window_pid;
  return fibers.emplace_back(std::move(fiber));
}

void Service::close(std::uint32_t number) {
  std::erase_if(fibers, [number](const Fiber& fiber) { return fiber.number == number; });
}

void Service::keep_connection(std::uint32_t fiber, std::uint32_t window_pid) {
  std::erase_if(connections, [fiber](const Connection& known) { return known.fiber == fiber; });
  if (connections.size() >= kConnectionsMax) connections.erase(connections.begin());
  connections.push_back({.fiber = fiber, .window_pid = window_pid});
}

void Service::keep_loose_id(std::uint32_t fiber, std::string_view id) {
  std::erase_if(loose_ids, [fiber](const LooseId& loose) { return loose.fiber == fiber; });
  if (loose_ids.size() >= kLooseIdsMax) loose_ids.erase(loose_ids.begin());
  loose_ids.push_back({.fiber = fiber, .id = std::string{id}});
}

const std::string* Service::loose_id(std::uint32_t fiber) const {
  const auto found = std::ranges::find(loose_ids, fiber, &LooseId::fiber);
  return found == loose_ids.end() ? nullptr : &found->id;
}

}  // namespace agent::session
