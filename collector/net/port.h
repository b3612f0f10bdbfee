// What the port is made of, and what all its connections share. One network thread.

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "collector/identity/trust.h"
#include "collector/ingest/committer.h"
#include "collector/net/guard.h"
#include "collector/net/notes.h"
#include "collector/net/registry.h"
#include "collector/store/connection.h"
#include "common/crypto/ed25519.h"
#include "common/timing/clock.h"

namespace collector::net {

// How often it is looked who was silenced: with a farewell of 2 s, an open stream ends within 5 s.
inline constexpr std::chrono::milliseconds kLook{2'000};

// Everything the server uses; all of it must outlive the server.
struct AgentServerParts {
  const identity::CurrentTrust& trust;
  const crypto::SigningKey& acknowledgement_key;
  ingest::Committer& committer;
  store::Connection& database;  // Used on `worker` only.
  boost::asio::any_io_executor worker;
  const timing::Clock& clock;
  Limits limits = {};
  bool clock_is_right = false;  // Certificates are issued whatever was noted (identity/enrolment.h).
  std::chrono::milliseconds look = kLook;
};

struct Port {
  explicit Port(AgentServerParts p) : parts{std::move(p)}, guard{parts.limits} {}

  std::int64_t now_ms() const { return parts.clock.boot_ms(); }
  timing::UtcMs now() const { return parts.clock.utc(); }
  // Counts something odd; `agent_id` is empty if nobody we know did it.
  void note(const std::string& agent_id, std::string_view outcome, const std::string& detail) {
    notes.count(agent_id, outcome, detail, now());
  }

  AgentServerParts parts;
  Guard guard;
  Notes notes;
  Registry registry;
};

}  // namespace collector::net
