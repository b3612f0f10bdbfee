// Sessions: what the facts of the agents add up to. Written only by the
// pipeline's assemble step.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/store/connection.h"
#include "common/timing/utc.h"

namespace collector::store {

struct SessionRow {
  std::int64_t id = 0;   // Given by the store.
  std::string agent_id;  // 16 bytes.
  std::string session_key;
  std::string workstation;
  std::string anydesk_id;  // The workstation's own; empty: unknown.
  std::string remote_id;   // Empty: unknown.
  std::string kind;        // As in proto SessionKind: "desktop", "file_transfer", "vpn", "".
  std::string outcome;     // As in proto Outcome: "active", "completed", "failed", "abandoned", "partial".
  std::optional<timing::UtcMs> requested;
  std::optional<timing::UtcMs> started;
  std::optional<timing::UtcMs> ended;
  std::optional<timing::UtcMs> last_seen;
  std::string end_reason;
  bool clock_backwards = false;
  std::int64_t revision = 0;        // Given by the store: 1, and one more with each change.
  std::int64_t last_record_id = 0;  // The newest record this state comes from.
};

struct UpsertedSession {
  std::int64_t id = 0;
  std::int64_t revision = 0;
};

struct GapRow {
  std::int64_t id = 0;  // Given by the store.
  std::int64_t record_id = 0;
  std::string agent_id;  // 16 bytes.
  std::string source;
  std::int64_t after_offset = 0;
  std::int64_t bytes_lost_min = 0;
  std::string cause;
  timing::UtcMs observed;
};

struct UndecodedRow {
  std::int64_t record_id = 0;
  std::string reason;
};

struct SessionFilter {
  std::int64_t limit = 100;
  std::optional<std::string> outcome;
  std::optional<std::string> remote_id;
  std::optional<timing::UtcMs> from;  // Half-open [from, to), by the first time known of the session.
  std::optional<timing::UtcMs> to;
};

// Puts the whole known state of the session (agent_id, session_key). The
// revision grows only if anything but last_record_id differs, so that a
// repeated fact does not send a charged session round again.
[[nodiscard]] base::Result<UpsertedSession> upsert_session(Transaction& transaction,
                                                           const SessionRow& session);

// Harmless when the link exists.
[[nodiscard]] base::Status link_session_record(Transaction& transaction, std::int64_t session_id,
                                               std::int64_t record_id);

[[nodiscard]] base::Status add_gap(Transaction& transaction, const GapRow& gap);
[[nodiscard]] base::Result<std::vector<GapRow>> list_gaps(Transaction& transaction, std::int64_t limit);

[[nodiscard]] base::Status add_undecoded(Transaction& transaction, const UndecodedRow& undecoded);
[[nodiscard]] base::Result<std::vector<UndecodedRow>> list_undecoded(Transaction& transaction,
                                                                     std::int64_t limit);

[[nodiscard]] base::Result<std::optional<SessionRow>> find_session(Transaction& transaction,
                                                                   std::int64_t session_id);

// Newest first.
[[nodiscard]] base::Result<std::vector<SessionRow>> list_sessions(Transaction& transaction,
                                                                  const SessionFilter& filter);

struct AttributionDue {
  timing::UtcMs now;
  std::chrono::milliseconds comment_wait;       // How long after its end a session waits for its comment.
  std::chrono::milliseconds comment_tolerance;  // How far a comment's start may be from the session's.
};

// Ids of up to `limit` completed, abandoned or partial sessions, oldest first,
// that attribution has to look at (again), because
//   - there is no attribution of their current revision, or
//   - the latest is review or pending_comment, and the directory has changed
//     since, or a comment that may be theirs (same remote_id, start within the
//     tolerance) arrived since, or
//   - the latest is pending_comment and was made before their wait had passed,
//     which now it has.
// Active and failed sessions are never returned.
[[nodiscard]] base::Result<std::vector<std::int64_t>> sessions_to_attribute(Transaction& transaction,
                                                                            const AttributionDue& due,
                                                                            std::int64_t limit);

// How far a step of the pipeline has come; 0 for a step that never ran.
[[nodiscard]] base::Result<std::int64_t> get_cursor(Transaction& transaction, const std::string& step);
[[nodiscard]] base::Status set_cursor(Transaction& transaction, const std::string& step,
                                      std::int64_t position);

}  // namespace collector::store
