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

struct NewToken {
  std::string secret_hash;  // SHA-256 of the secret.
  std::string workstation;  // The name the agent that uses it will have; empty: its host name.
  std::string label = {};   // For people: what the token is for.
  std::int64_t uses_max = 1;
  std::optional<std::string> replaces = {};  // agent_id that a use of it replaces.
  timing::UtcMs created;
  timing::UtcMs expires;
};

struct TokenRow {
  std::int64_t id = 0;
  std::string workstation;
  std::string label;
  std::int64_t uses_max = 1;
  std::int64_t uses = 0;
  std::optional<std::string> replaces;
  timing::UtcMs created;
  timing::UtcMs expires;
  std::optional<timing::UtcMs> revoked;
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
  std::optional<timing::UtcMs> quarantined = {};
  std::string quarantine_reason = {};                   // Empty unless quarantined.
  std::string trust_digest = {};                        // tls::trust_digest it last told; empty: none.
  std::optional<timing::UtcMs> certificate_until = {};  // Of the newest certificate it was given.
  std::optional<std::string> replaces = {};             // agent_id whose place it took.
  // The certificate it showed when it last said hello, which may be older than the newest it was given.
  std::optional<timing::UtcMs> held_until = {};
  std::string held_authority = {};  // SHA-256 of the CA certificate it is from; empty: it said no hello yet.
};

// What an agent says about itself when it connects.
struct HelloRow {
  std::string agent_id;
  timing::UtcMs seen;
  std::string hostname;
  std::string os;
  std::string version;
  std::string trust_digest;
  std::optional<timing::UtcMs> held_until = {};  // The certificate it shows, and the digest of its CA's.
  std::string held_authority = {};
};

// Something that must not be: an agent's history exists twice. Kept for ever.
struct AlarmRow {
  std::int64_t id = 0;
  std::string agent_id;
  std::string kind;  // conflict, fork, clone.
  std::int64_t epoch = 0;
  std::int64_t seq = 0;  // The first record that differs, as far as known.
  std::string detail;
  std::string evidence;  // The signed frame that raised it, without record bodies.
  timing::UtcMs raised;
};

struct CounterRow {
  std::string agent_id;  // Empty: nobody we know.
  std::string outcome;
  std::int64_t n = 0;
  timing::UtcMs last;
  std::string last_detail;
};

// Only the hash of a token's secret is kept. conflict if the hash exists.
[[nodiscard]] base::Result<std::int64_t> create_token(Transaction& transaction, const NewToken& token);

[[nodiscard]] base::Result<std::optional<TokenRow>> find_token(Transaction& transaction,
                                                               const std::string& secret_hash);

[[nodiscard]] base::Result<std::optional<TokenRow>> find_token_numbered(Transaction& transaction,
                                                                        std::int64_t token_id);

// The newest `limit`, newest first.
[[nodiscard]] base::Result<std::vector<TokenRow>> list_tokens(Transaction& transaction, std::int64_t limit);

// Takes one use of the token. False if none is left, or it was revoked: whoever asks second in a race does.
[[nodiscard]] base::Result<bool> use_token(Transaction& transaction, std::int64_t token_id);

// False if there is no such token; the first time of revocation stays.
[[nodiscard]] base::Result<bool> revoke_token(Transaction& transaction, std::int64_t token_id,
                                              timing::UtcMs when);

// Keeps a new agent. conflict, from the database itself, if its id or record key exist.
[[nodiscard]] base::Status enrol(Transaction& transaction, const AgentRow& agent);

[[nodiscard]] base::Result<std::optional<AgentRow>> find_agent(Transaction& transaction,
                                                               const std::string& agent_id);

// The agent that used this token with this record key.
[[nodiscard]] base::Result<std::optional<AgentRow>> find_agent_of_token(Transaction& transaction,
                                                                        std::int64_t token_id,
                                                                        const std::string& record_key);

// The newest moment noted of agents that are not revoked (enrolled, last seen) and of the log (its newest
// checkpoint); nothing if none is. A clock that is far behind it is wrong.
[[nodiscard]] base::Result<std::optional<timing::UtcMs>> newest_time(Transaction& transaction);

// True if an agent that is not revoked has this workstation's name.
[[nodiscard]] base::Result<bool> is_workstation_taken(Transaction& transaction,
                                                      const std::string& workstation);

// In order of workstation.
[[nodiscard]] base::Result<std::vector<AgentRow>> list_agents(Transaction& transaction);

// False if there is no such agent; the first time of revocation stays. Revoking, quarantine and release bump
// trust_version().
[[nodiscard]] base::Result<bool> revoke(Transaction& transaction, const std::string& agent_id,
                                        timing::UtcMs when);

// False if there is no such agent, or it is in quarantine already; the first reason stays.
[[nodiscard]] base::Result<bool> quarantine(Transaction& transaction, const std::string& agent_id,
                                            const std::string& reason, timing::UtcMs when);
// False if it is not in quarantine.
[[nodiscard]] base::Result<bool> release(Transaction& transaction, const std::string& agent_id);

// Grows with every change of who may speak, in any process: one small row to look at now and then.
[[nodiscard]] base::Result<std::int64_t> trust_version(Transaction& transaction);
// The agent ids that may not speak now.
[[nodiscard]] base::Result<std::vector<std::string>> silenced_agents(Transaction& transaction);

[[nodiscard]] base::Status add_alarm(Transaction& transaction, const AlarmRow& alarm);
// The newest `limit`, newest first.
[[nodiscard]] base::Result<std::vector<AlarmRow>> list_alarms(Transaction& transaction, std::int64_t limit);

// Those about one agent.
[[nodiscard]] base::Result<std::vector<AlarmRow>> list_alarms_of(Transaction& transaction,
                                                                 const std::string& agent_id,
                                                                 std::int64_t limit);

// How far each epoch of an agent is stored, in order of the epoch.
struct AgentStreamRow {
  std::int64_t epoch = 0;
  std::int64_t committed_seq = 0;
  std::string head;
};
[[nodiscard]] base::Result<std::vector<AgentStreamRow>> list_streams_of(Transaction& transaction,
                                                                        const std::string& agent_id);

[[nodiscard]] base::Status note_hello(Transaction& transaction, const HelloRow& hello);
[[nodiscard]] base::Status note_certificate(Transaction& transaction, const std::string& agent_id,
                                            timing::UtcMs not_after);

[[nodiscard]] base::Status touch_last_seen(Transaction& transaction, const std::string& agent_id,
                                           timing::UtcMs when);

// Counts one named outcome of ingest, or `n` of them; `agent_id` is empty when we do not know whose.
[[nodiscard]] base::Status count_outcome(Transaction& transaction, const std::string& agent_id,
                                         const std::string& outcome, const std::string& detail,
                                         timing::UtcMs when, std::int64_t n = 1);

[[nodiscard]] base::Result<std::vector<CounterRow>> list_counters(Transaction& transaction);

}  // namespace collector::store
