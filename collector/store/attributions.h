// Attributions: whose session it was, for whom, and why we think so. Never
// changed; the newest of a session is the one in force.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/store/connection.h"
#include "collector/store/sessions.h"
#include "common/timing/utc.h"

namespace collector::store {

struct AttributionRow {
  std::int64_t id = 0;  // Given by the store; grows.
  std::int64_t session_id = 0;
  std::int64_t session_revision = 0;
  std::optional<std::int64_t> comment_id;
  std::int64_t directory_version = 0;
  std::string disposition;  // "ready", "review" or "pending_comment".
  std::optional<std::int64_t> technician_id;
  std::string technician_rule;
  std::optional<std::int64_t> customer_id;
  std::optional<std::int64_t> terminal_id;
  std::optional<std::int64_t> contract_id;
  bool no_charge = false;
  std::optional<std::int64_t> override_min;
  std::string text;     // What the customer will read.
  std::string reasons;  // Opaque to the store, like steps.
  std::string steps;
  timing::UtcMs created;
  std::int64_t decision_number = 0;                // The newest decision it knew; 0: there was none.
  std::optional<timing::UtcMs> stated_start = {};  // In place of the session's own, which is not known.
  std::optional<timing::UtcMs> stated_end = {};
  std::string work_type = {};  // As a person decided; empty: nothing was said.
};

// Returns its id. The store notes the newest comment there is: the caller has to
// have looked for comments in this same transaction.
[[nodiscard]] base::Result<std::int64_t> add_attribution(Transaction& transaction,
                                                         const AttributionRow& attribution);

[[nodiscard]] base::Result<std::optional<AttributionRow>> latest_attribution(Transaction& transaction,
                                                                             std::int64_t session_id);

// Oldest first.
[[nodiscard]] base::Result<std::vector<AttributionRow>> attributions_of(Transaction& transaction,
                                                                        std::int64_t session_id);

struct AttributedSession {
  AttributionRow attribution;  // Without its reasons and steps.
  SessionRow session;
  bool in_force = false;     // The newest of its session.
  bool in_series = false;    // The session is, or was once.
  bool was_charged = false;  // The session, alone or with others, whatever became of that.
};

// The one in force of a session, if it has one; `in_force`, and nothing of what was charged, is filled in.
[[nodiscard]] base::Result<std::optional<AttributedSession>> attribution_in_force(Transaction& transaction,
                                                                                  std::int64_t session_id);

// Up to `limit` with an id above `attribution_id`, in order of it.
[[nodiscard]] base::Result<std::vector<AttributedSession>> attributions_after(Transaction& transaction,
                                                                              std::int64_t attribution_id,
                                                                              std::int64_t limit);
[[nodiscard]] base::Result<bool> has_attribution_after(Transaction& transaction, std::int64_t attribution_id);

}  // namespace collector::store
