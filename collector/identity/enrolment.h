// A token becomes an agent; an agent's certificate becomes a newer one.

#pragma once

#include <deskledger/v1/wire.pb.h>

#include <span>

#include "collector/identity/trust.h"
#include "collector/store/connection.h"
#include "common/base/result.h"
#include "common/crypto/authority.h"
#include "common/crypto/ed25519.h"
#include "common/record/agent_id.h"
#include "common/timing/utc.h"

namespace collector::identity {

// What every answer carries. All of it must outlive the call.
struct Issuer {
  const crypto::Authority& authority;
  std::span<const crypto::Certificate> trusted;  // CA certificates the agent is to trust.
  const crypto::PublicKey& acknowledgement_key;
};
inline Issuer issuer_of(const Trust& trust, const crypto::PublicKey& acknowledgement_key) {
  return {.authority = trust.authority, .trusted = trust.trusted, .acknowledgement_key = acknowledgement_key};
}

// Checks token, request and proof, issues the certificate and keeps the agent,
// all in one transaction: of many requests with one token exactly one succeeds.
// A refusal is counted. A record key that is enrolled already is BAD_REQUEST.
// An error is the database's own.
[[nodiscard]] base::Result<deskledger::v1::EnrollResponse> enroll(
    store::Connection& connection, const Issuer& issuer, const deskledger::v1::EnrollRequest& request,
    timing::UtcMs now);

// Issues a new certificate to `agent`, whose old one may have expired at most
// kRenewalGrace ago (`old_not_after`), if its record key signed the request and it is not revoked. Both
// answers are counted for the agent.
inline constexpr std::chrono::days kRenewalGrace{400};
[[nodiscard]] base::Result<deskledger::v1::RenewResponse> renew(
    store::Connection& connection, const Issuer& issuer, const record::AgentId& agent,
    timing::UtcMs old_not_after, const deskledger::v1::RenewRequest& request, timing::UtcMs now);

}  // namespace collector::identity
