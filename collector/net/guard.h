// Who may still do what at the port: counts connections, attempts, records and faults, by address and by
// agent, against the Limits.
//
// Pure: it is told the time, in milliseconds of a clock that never jumps. Its memory is bounded by kKept
// addresses and by the agents that were ever enrolled; forget() drops whoever is at rest. Names of refusals
// are those of the counters that `deskledger-collector agents` shows.
//
// Faults of whoever shows an agent's certificate are those of this agent at this address; only those of
// strangers are the address's, and a refused address is refused without certificate alone. So one broken
// workstation cannot shut out the others behind the same address, nor a stolen certificate elsewhere the
// workstation it was stolen from.

#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "collector/net/bucket.h"
#include "collector/net/limits.h"

namespace collector::net {

class Guard {
 public:
  explicit Guard(const Limits& limits);

  using Refusal = std::optional<std::string_view>;  // The name of the limit that was reached.

  // A connection begins, before its handshake: connections_full, address_connections, address_handshakes.
  // Whoever is let in must leave().
  [[nodiscard]] Refusal enter(const std::string& address, std::int64_t now_ms);
  void leave(const std::string& address);

  // Somebody has shaken hands without a certificate: stranger_handshakes.
  [[nodiscard]] Refusal enter_stranger(std::int64_t now_ms);

  // One attempt to enrol: address_enrolments, enrolments.
  [[nodiscard]] Refusal enrol(const std::string& address, std::int64_t now_ms);

  // A faulty frame; true if that was one too many, and its sender is refused from now on.
  bool strike_address(const std::string& address, std::int64_t now_ms);
  bool strike_agent(const std::string& agent_id, const std::string& address, std::int64_t now_ms);
  // address_refused, agent_refused.
  [[nodiscard]] Refusal refuse_address(const std::string& address, std::int64_t now_ms);
  [[nodiscard]] Refusal refuse_agent(const std::string& agent_id, const std::string& address,
                                     std::int64_t now_ms);

  // One request for a new certificate: agent_renewals.
  [[nodiscard]] Refusal renew(const std::string& agent_id, std::int64_t now_ms);

  // A batch comes. 0 if it may be taken, else in how many milliseconds it may be sent again.
  struct Wait {
    std::int64_t ms = 0;
    std::string_view name = {};  // busy_records, busy_bytes.
  };
  [[nodiscard]] Wait take_batch(const std::string& agent_id, std::int64_t records, std::int64_t bytes,
                                std::int64_t now_ms);

  // A new connection pushed out one from another address. True if that happened too often: a clone. Counting
  // then begins anew.
  [[nodiscard]] bool replace(const std::string& agent_id, std::int64_t now_ms);

  // Drops what says no more than that nothing happened.
  void forget(std::int64_t now_ms);

  std::size_t connections() const { return connections_; }
  std::size_t kept() const { return addresses_.size() + agents_.size(); }

  // Addresses beyond these share one entry.
  static constexpr std::size_t kKept = 65'536;
  // The same of the addresses that one agent's faults came from.
  static constexpr std::size_t kFaultyAddresses = 32;

 private:
  struct Strikes {
    std::deque<std::int64_t> at_ms;
    std::int64_t refused_until_ms = 0;
  };
  struct Address {
    std::int64_t connections = 0;
    Bucket handshakes;
    Bucket enrolments;
    Strikes strikes = {};
  };
  struct Agent {
    Bucket records;
    Bucket bytes;
    Bucket renewals;
    std::unordered_map<std::string, Strikes> strikes = {};  // By address.
    std::deque<std::int64_t> replaced_ms = {};
  };

  Address& address(const std::string& key);
  Agent& agent(const std::string& id);
  [[nodiscard]] bool strike(Strikes& strikes, std::int64_t now_ms) const;
  bool at_rest(const Strikes& strikes, std::int64_t now_ms) const;

  Limits limits_;
  Bucket strangers_;
  Bucket enrolments_;
  std::size_t connections_ = 0;
  std::unordered_map<std::string, Address> addresses_;
  std::unordered_map<std::string, Agent> agents_;
};

}  // namespace collector::net
