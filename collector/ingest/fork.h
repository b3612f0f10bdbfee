// An agent says that the collector stands at a point which is none of its own chain.
//
// One of the two was restored from a backup, or the workstation was copied. Because the report puts the agent
// into quarantine, it counts only with the record key's signature and about what is really stored
// (docs/formats/wire.md).

#pragma once

#include <deskledger/v1/wire.pb.h>

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "collector/store/connection.h"
#include "common/base/result.h"
#include "common/crypto/ed25519.h"
#include "common/record/agent_id.h"
#include "common/record/signed_text.h"
#include "common/timing/utc.h"

namespace collector::ingest {

enum class ForkOutcome {
  raised,         // An alarm was raised, the agent is in quarantine.
  malformed,      // A field has a wrong size, or the two heads are the same: no fork.
  bad_signature,  // Not of the agent's record key.
  stale,          // Not about what is stored now: a report of another time.
  silenced,       // Revoked or in quarantine already.
};

// A stable name for counters and messages: "fork", "fork_bad_signature".
std::string_view to_string(ForkOutcome outcome);

// A report whose signature holds, with its bytes as proof.
struct Fork {
  record::ForkText text;
  std::string evidence;
};

// Everything that needs no database. `agent` is who the certificate of the connection says is speaking.
[[nodiscard]] std::expected<Fork, ForkOutcome> open_fork(const deskledger::v1::ForkReport& report,
                                                         const record::AgentId& agent,
                                                         const crypto::PublicKey& key);

// Raises the alarm if the report is about what is stored, and counts the outcome. Errors are the database's
// own; the caller's transaction then rolls back.
[[nodiscard]] base::Result<ForkOutcome> take_fork(store::Transaction& tx, const Fork& fork,
                                                  timing::UtcMs now);

}  // namespace collector::ingest
