// A Hello is judged. Pure.

#pragma once

#include <deskledger/v1/wire.pb.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "collector/store/agents.h"
#include "common/timing/utc.h"
#include "common/tls/tls_stream.h"

namespace collector::net {

// The conversation this collector speaks. A Hello that names none is of version 1 (agents up to 0.1).
inline constexpr std::uint32_t kProtocol = 1;

struct Verdict {
  deskledger::v1::Welcome::Outcome outcome = deskledger::v1::Welcome::OUTCOME_UNSPECIFIED;
  std::string detail = {};  // For people.
};

// True if the stream goes on after this outcome.
bool goes_on(deskledger::v1::Welcome::Outcome outcome);

// The counter of a Hello that was refused: "hello_revoked". Empty if it was not.
std::string_view counter_of(deskledger::v1::Welcome::Outcome outcome);

// Before anything else is asked: whether we speak the same.
[[nodiscard]] std::optional<Verdict> judge_protocol(const deskledger::v1::Hello& hello);

// `known`: what is stored about the agent of the certificate.
Verdict judge(const std::optional<store::AgentRow>& known, const tls::Peer& peer);

// What is to be noted about an agent that said hello. A word that is not told, or that cannot be kept (no
// UTF-8 without NUL, more than 255 bytes), stays as it is known; `odd` then tells which.
struct Heard {
  store::HelloRow row;
  std::string odd = {};
};
Heard heard(const deskledger::v1::Hello& hello, const store::AgentRow& known, const tls::Peer& peer,
            timing::UtcMs now);

}  // namespace collector::net
