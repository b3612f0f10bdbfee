// A token becomes an agent; an agent's certificate becomes a newer one.

#pragma once

#include <deskledger/v1/wire.pb.h>

#include <span>
#include <string>
#include <string_view>

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
  bool clock_is_right = false;  // A person says so, whatever was noted.
};
inline Issuer issuer_of(const Trust& trust, const crypto::PublicKey& acknowledgement_key,
                        bool clock_is_right) {
  return {.authority = trust.authority,
          .trusted = trust.trusted,
          .acknowledgement_key = acknowledgement_key,
          .clock_is_right = clock_is_right};
}

// How far the collector's clock may be behind what is noted already. A certificate with dates of long ago
// would shut its agent out once the clock is right again, so nothing is issued by a clock that is further
// behind, or that is before the issuing CA began. The words begin with kClockIsWrong. When it is what was
// noted that is wrong, of days in which the clock was ahead, a person says so: `serve --clock-is-right`.
inline constexpr std::chrono::days kClockBehindMax{1};
inline constexpr std::string_view kClockIsWrong = "the collector's clock is wrong";

// An agent whose answer was lost asks again with its token and its record key: until this long after the
// token's expiry it is answered as the agent it is, with another certificate and no further use of the token,
// unless one of the two was revoked. A laptop that was closed meanwhile has a day.
inline constexpr std::chrono::days kRepeatedFor{1};

// Checks token, request and proof, issues the certificate and keeps the agent,
// all in one transaction: of many requests with one token exactly one succeeds.
// A refusal writes nothing; whoever asked counts it, as counter_of() calls it. A record key that is enrolled
// already is BAD_REQUEST. TOO_MANY, and the token is as it was, while the collector's own clock is wrong: to
// be tried again. An error is the database's own.
[[nodiscard]] base::Result<deskledger::v1::EnrollResponse> enroll(
    store::Connection& connection, const Issuer& issuer, const deskledger::v1::EnrollRequest& request,
    timing::UtcMs now);

// "enroll_USED_TOKEN", "enroll_clock_wrong".
std::string counter_of(const deskledger::v1::EnrollResponse& response);

// Issues a new certificate to `agent` if its record key signed the request, it is not revoked, and not more
// than kRenewalGrace have passed since its old one expired (`old_not_after`), its newest one will have, it
// was enrolled, and it was last seen: one of these may come from a clock that was wrong. Both answers are
// counted for the agent.
inline constexpr std::chrono::days kRenewalGrace{400};
[[nodiscard]] base::Result<deskledger::v1::RenewResponse> renew(
    store::Connection& connection, const Issuer& issuer, const record::AgentId& agent,
    timing::UtcMs old_not_after, const deskledger::v1::RenewRequest& request, timing::UtcMs now);

}  // namespace collector::identity
