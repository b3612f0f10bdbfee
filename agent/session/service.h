// One AnyDesk service process as its lines show it, with its open fibers.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/session/fiber.h"

namespace agent::session {

// Open fibers that are remembered for one process. A real service has fewer
// than 40 that matter; the limit keeps damaged files from eating memory.
inline constexpr std::size_t kFibersMax = 256;
// Far IDs that wait for a session to claim their fiber.
inline constexpr std::size_t kLooseIdsMax = 32;
// Fibers of windows that may still prove to be sessions.
inline constexpr std::size_t kConnectionsMax = 32;

struct LooseId {
  std::uint32_t fiber = 0;
  std::string id;
  bool operator==(const LooseId&) const = default;
};

// The window that a fiber serves (traces.md §3.2).
struct Connection {
  std::uint32_t fiber = 0;
  std::uint32_t window_pid = 0;
  bool operator==(const Connection&) const = default;
};

struct Service {
  std::string app;
  std::uint32_t pid = 0;
  bool current = false;       // No newer process of the same app has begun.
  Life life;                  // Gone: it said that it exits, a newer one has begun, or the system told.
  bool startup_seen = false;  // "Service startup completed." was read.
  bool has_worked = false;    // A session was seen in it, of either side.
  timing::UtcMs last_seen{};
  std::vector<Fiber> fibers;
  std::vector<LooseId> loose_ids;
  std::vector<Connection> connections;

  Fiber* find(std::uint32_t number);
  Fiber* find_parent(std::uint32_t child);
  // Finds or begins `event.fiber`, with the window it serves. At the limit the oldest fiber without an
  // outgoing session is dropped, else the oldest: `dropped` counts both.
  Fiber& open(const trace::Event& event, std::uint64_t& dropped);
  void close(std::uint32_t number);
  void keep_loose_id(std::uint32_t fiber, std::string_view id);
  const std::string* loose_id(std::uint32_t fiber) const;
  void keep_connection(std::uint32_t fiber, std::uint32_t window_pid);
  bool operator==(const Service&) const = default;
};

}  // namespace agent::session
