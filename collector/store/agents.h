// Enrolment tokens, enrolled agents, and what ingest counted about them.
//
// Digests, keys and agent ids are raw bytes here and hexadecimal text in the
// database. The transaction's errors are those of connection.h.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/store/connection.h"
#include "common/timing/utc.h"

namespace collector::store {

struct TokenRow {
  std::int64_t id = 0;
  std::string workstation;  // The name the agent that uses it will have.
  timing::UtcMs created;
  timing::UtcMs expires;
  std::optional<std::string> used_by;  // agent_id; absent: nobody yet.
};

struct AgentRow {
  std::string agent_id;  // 16 bytes.
  std::string workstation;
  std::int64_t token_id = 0;
  std::string record_key;  // Ed25519 public key, 32 bytes.
  std::string hostname;
  std::string os;
  std::string version;
  timing::UtcMs enrolled;
  std::optional<timing::UtcMs> revoked;
  std::optional<timing::UtcMs> last_seen;
};

struct CounterRow {
  std::string agent_id;  // Empty: nobody we know.
  std::string outcome;
  std::int64_t n = 0;
  timing::UtcMs last;
  std::string last_detail;
};

// Only the hash of a token's secret is kept. conflict if the hash exists.
[[nodiscard]] base::Result<std::int64_t> create_token(Transaction& transaction,
                                                      const std::string& secret_hash,
                                                      const std::string& workstation, timing::UtcMs created,
                                                      timing::UtcMs expires);

[[nodiscard]] base::Result<std::optional<TokenRow>> find_token(Transaction& transaction,
                                                               const std::string& secret_hash);

// Keeps a new agent. conflict, from the database itself, if its token was used
// before, or its id or record key exist.
[[nodiscard]] base::Status enrol(Transaction& transaction, const AgentRow& agent);

[[nodiscard]] base::Result<std::optional<AgentRow>> find_agent(Transaction& transaction,
                                                               const std::string& agent_id);

// In order of workstation.
[[nodiscard]] base::Result<std::vector<AgentRow>> list_agents(Transaction& transaction);

// False if there is no such agent; the first time of revocation stays.
[[nodiscard]] base::Result<bool> revoke(Transaction& transaction, const std::string& agent_id,
                                        timing::UtcMs when);

[[nodiscard]] base::Status touch_last_seen(Transaction& transaction, const std::string& agent_id,
                                           timing::UtcMs when);

// Counts one named outcome of ingest; `agent_id` is empty when we do not know whose.
[[nodiscard]] base::Status count_outcome(Transaction& transaction, const std::string& agent_id,
                                         const std::string& outcome, const std::string& detail,
                                         timing::UtcMs when);

[[nodiscard]] base::Result<std::vector<CounterRow>> list_counters(Transaction& transaction);

}  // namespace collector::store
