// Sessions: what the facts of the agents add up to, written only by the
// pipeline's assemble step; and those that a person entered, which no agent told of.

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
  std::string agent_id;  // 16 bytes; empty: a person entered it.
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
  // How sure it is, in the words of collector/attribution/capture.h. What an older agent did not tell is at
  // its default.
  std::string witness = "service";  // "service", "window", or "other": one this version does not know.
  std::string doubts = {};          // "remote_id_typed,pairing"
  std::string abandon_cause = {};   // Empty: not abandoned, or not known.
  std::optional<std::int64_t> duration_boot_ms = {};  // Absent: not measured.
  std::int64_t duration_boot_uncertainty_ms = 0;
  bool clock_jumped = false;
  bool over_length = false;
  bool overnight = false;
  bool remote_id_withheld = false;
  std::int64_t window_pid = 0;  // 0: not known.
  std::int64_t reconnects = 0;
  std::string boot_id = {};  // Of the machine's run in which this state was sealed; empty: not known.
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
  // Of the last line before the gap and the first behind it; absent: none was read, or an older agent did not
  // tell.
  std::optional<timing::UtcMs> from = {};
  std::optional<timing::UtcMs> to = {};
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
// revision grows only if anything but last_record_id and boot_id differs, so that
// a repeated fact does not send a charged session round again.
[[nodiscard]] base::Result<UpsertedSession> upsert_session(Transaction& transaction,
                                                           const SessionRow& session);

// A session on the phone or on site, entered by a person.
struct ManualSession {
  std::string session_key;  // Its own.
  std::string kind;         // "phone" or "on_site".
  timing::UtcMs started;
  timing::UtcMs ended;
};

// Its id. It is due for attribution.
[[nodiscard]] base::Result<std::int64_t> add_manual_session(Transaction& transaction,
                                                            const ManualSession& session);

// Harmless when the link exists.
[[nodiscard]] base::Status link_session_record(Transaction& transaction, std::int64_t session_id,
                                               std::int64_t record_id);

[[nodiscard]] base::Status add_gap(Transaction& transaction, const GapRow& gap);
[[nodiscard]] base::Result<std::vector<GapRow>> list_gaps(Transaction& transaction, std::int64_t limit);

[[nodiscard]] base::Status add_undecoded(Transaction& transaction, const UndecodedRow& undecoded);
[[nodiscard]] base::Result<std::vector<UndecodedRow>> list_undecoded(Transaction& transaction,
                                                                     std::int64_t limit);

// What went wrong with an agent's records, for a person to see.
struct OdditiesRow {
  std::string agent_id;        // 16 bytes.
  std::int64_t gaps = 0;       // Times that lines of a trace were lost.
  std::int64_t undecoded = 0;  // Records that this version could not read.
};

// One row for every agent.
[[nodiscard]] base::Result<std::vector<OdditiesRow>> count_oddities(Transaction& transaction);

[[nodiscard]] base::Result<std::optional<SessionRow>> find_session(Transaction& transaction,
                                                                   std::int64_t session_id);

// The session that `agent_id` names `session_key`.
[[nodiscard]] base::Result<std::optional<SessionRow>> find_session_by_key(Transaction& transaction,
                                                                          const std::string& agent_id,
                                                                          const std::string& session_key);

// The session `session_key` that another agent of the same machine told of: one whose place `agent_id` took
// (AgentRow::replaces, however often), or one that saw the same own AnyDesk ID (not looked for if
// `anydesk_id` is empty). A workstation that was enrolled anew reads its traces from the beginning, and
// nothing of it may count twice.
[[nodiscard]] base::Result<std::optional<SessionRow>> find_session_told_before(Transaction& transaction,
                                                                               const std::string& agent_id,
                                                                               const std::string& session_key,
                                                                               const std::string& anydesk_id);

// Sessions with exactly this remote ID whose moment (start, else request, else
// end, else last sign) is in [from, to], in order of it.
[[nodiscard]] base::Result<std::vector<SessionRow>> sessions_near(Transaction& transaction,
                                                                  const std::string& remote_id,
                                                                  timing::UtcMs from, timing::UtcMs to);

// Newest first.
[[nodiscard]] base::Result<std::vector<SessionRow>> list_sessions(Transaction& transaction,
                                                                  const SessionFilter& filter);

struct AttributionDue {
  timing::UtcMs now;
  std::chrono::milliseconds comment_wait;  // How long after its end a session waits for its comment.
  // How far a comment's start may be from the session's; at most kCommentToleranceMax (comments.h).
  std::chrono::milliseconds comment_tolerance;
  // Also those that only another directory, or other settings, could make due: that is a look at every
  // session that is not settled. Without, sessions that changed, have a new comment, or waited long enough.
  bool all = true;
};

// Ids of up to `limit` completed, abandoned or partial sessions, oldest first,
// that attribution has to look at (again), because
//   - there is no attribution of their current revision, or
//   - a person has decided something about them, or about their series, since, or
//   - a comment that may be theirs (same remote_id, start within the tolerance)
//     arrived since the latest, whatever that one says, or
//   - the latest is review or pending_comment, and the directory has changed
//     since, or
//   - the latest is pending_comment, and more than the wait has passed since
//     their end.
// Active, failed and billed sessions are never returned. What it costs grows with the
// sessions that are not settled, not with all there are.
[[nodiscard]] base::Result<std::vector<std::int64_t>> sessions_to_attribute(Transaction& transaction,
                                                                            const AttributionDue& due,
                                                                            std::int64_t limit);

// The session, or an attempt, changed its moment or address: the attributed sessions beside `moment` have to
// be looked at, since a comment may be another one's now.
[[nodiscard]] base::Status watch_neighbours(Transaction& transaction, std::int64_t session_id,
                                            const std::string& remote_id, timing::UtcMs moment);

// Up to `limit` of them, oldest first; never billed ones.
[[nodiscard]] base::Result<std::vector<std::int64_t>> neighbours_to_match(Transaction& transaction,
                                                                          std::int64_t limit);

// The session was looked at, and has its comment still.
[[nodiscard]] base::Status keep_matched(Transaction& transaction, std::int64_t session_id);

// Forgets to watch sessions that are ready and have nothing new: those that a
// comment beside them had woken. Changes no answer, only what answers cost.
[[nodiscard]] base::Status settle_sessions(Transaction& transaction, std::chrono::milliseconds tolerance);

// How far a step of the pipeline has come; 0 for a step that never ran.
[[nodiscard]] base::Result<std::int64_t> get_cursor(Transaction& transaction, const std::string& step);
[[nodiscard]] base::Status set_cursor(Transaction& transaction, const std::string& step,
                                      std::int64_t position);

}  // namespace collector::store
