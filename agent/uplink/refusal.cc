#include "agent/uplink/refusal.h"

#include <string>

namespace agent::uplink {

using base::ErrorCode;
using deskledger::v1::Ack;
using deskledger::v1::Welcome;

namespace {

constexpr const char* kQuarantined =
    "; an alarm was raised about this agent: the collector's administrator must look at it and release the "
    "agent; its records are kept meanwhile";
constexpr const char* kRevoked =
    "; if that was a mistake, the collector's administrator can make a token for this workstation "
    "(deskledger-collector agents re-enrol); its records are kept meanwhile";
constexpr const char* kReport =
    "; nothing of it was stored: tell the collector's administrator; the records are kept meanwhile";

std::string mend_of(Welcome::Outcome outcome) {
  switch (outcome) {
    case Welcome::UNKNOWN_AGENT:
      return "; enrol this workstation again with a new token; its records are kept meanwhile";
    case Welcome::REVOKED: return kRevoked;
    case Welcome::QUARANTINED: return kQuarantined;
    case Welcome::UNKNOWN_PROTOCOL: return "; update the older of the two; the records are kept meanwhile";
    // What a collector of a later version says.
    default:
      return "; update the agent, or ask the collector's administrator; the records are kept meanwhile";
  }
}

std::string mend_of(Ack::Outcome outcome) {
  switch (outcome) {
    case Ack::QUARANTINED: return kQuarantined;
    case Ack::REVOKED: return kRevoked;
    case Ack::GAP:
    case Ack::BUSY: return "; the records are sent again";
    default: return kReport;
  }
}

}  // namespace

base::Error refusal_of(const Welcome& welcome) {
  return {ErrorCode::permission_denied,
          "the collector refused: " + welcome.detail() + mend_of(welcome.outcome())};
}

base::Error refusal_of(const Ack& ack) {
  const auto outcome = ack.outcome();
  const bool passes = outcome == Ack::GAP || outcome == Ack::BUSY;
  std::string name = Ack::Outcome_Name(outcome);
  if (name.empty()) name = "an outcome of a later version (" + std::to_string(outcome) + ")";
  return {passes ? ErrorCode::unavailable : ErrorCode::permission_denied,
          "the collector answered " + name + ": " + ack.detail() + mend_of(outcome)};
}

}  // namespace agent::uplink
