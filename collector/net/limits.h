// How much one agent, one address and all of them together may ask of the port. Every number is an option
// (collector/collector.full.toml, [limits]); the defaults leave room for thousands of workstations behind one
// address.

#pragma once

#include <chrono>
#include <cstdint>

namespace collector::net {

struct Limits {
  std::int64_t connections_max = 20'000;
  std::int64_t address_connections_max = 5'000;
  std::int64_t address_handshakes_per_min = 12'000;
  std::int64_t address_enrolments_per_min = 600;
  // Of all addresses together: who shows no certificate, and who asks for one.
  std::int64_t stranger_handshakes_per_s = 200;
  std::int64_t enrolments_per_s = 100;

  std::int64_t agent_records_per_s = 50'000;
  std::int64_t agent_records_burst = 200'000;
  std::int64_t agent_bytes_per_s = 32 * 1024 * 1024;
  std::int64_t agent_bytes_burst = 128 * 1024 * 1024;
  std::int64_t agent_renewals_per_h = 10;

  // So many faulty frames within `strikes_s`, and their sender is refused for as long again.
  std::int64_t strikes_max = 20;
  std::int64_t strikes_s = 600;
  // More connections of one agent than these that push each other out within kClone_s, each from another
  // address than the one before, which was alive (kAlive_ms): two machines share one identity.
  std::int64_t replacements_max = 5;

  std::chrono::milliseconds first_frame{15'000};  // From the finished handshake to the first frame.
  std::chrono::milliseconds idle{20'000};         // Of silence; pinged at half of it.
  std::chrono::milliseconds send{15'000};         // For an answer that the other side does not read.

  bool operator==(const Limits&) const = default;
};

inline constexpr std::int64_t kClone_s = 600;
// A connection that said nothing for longer may be one that its own machine has given up already.
inline constexpr std::int64_t kAlive_ms = 3'000;

}  // namespace collector::net
