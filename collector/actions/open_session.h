// A session that people may decide about, and how a decision is put behind those before it. For the actions
// of this room.

#pragma once

#include <optional>
#include <string>

#include "collector/actions/actor.h"
#include "collector/store/attributions.h"
#include "collector/store/decisions.h"
#include "collector/store/sessions.h"

namespace collector::actions {

struct OpenSession {
  store::SessionRow session;
  store::DecisionRow decision;                       // In force; number 0 if nothing was decided yet.
  std::optional<store::AttributionRow> attribution;  // In force.

  // As people decided, else as attribution found.
  std::optional<std::int64_t> customer_id() const;
  // Its times as far as they are known, also from people.
  std::optional<timing::UtcMs> started() const;
  std::optional<timing::UtcMs> ended() const;
  bool duration_known() const;  // One that can be charged.
};

// "session 12".
std::string session_text(std::int64_t session_id);

// not_found if there is no such session; conflict, with the reason, if nobody may change it: it still runs,
// it is an attempt, it is billed, or it was withdrawn.
[[nodiscard]] base::Result<OpenSession> open_session(store::Transaction& tx, std::int64_t session_id);

// invalid_argument if the actor did not say why.
[[nodiscard]] base::Status need_reason(const Actor& actor);

// Puts `next`, which `open.decision` became, in force and notes the change; false, and nothing is written, if
// they say the same.
[[nodiscard]] base::Result<bool> decide(store::Transaction& tx, const Actor& actor, const OpenSession& open,
                                        store::DecisionRow next, const std::string& action);

// JSON for the chain of changes: what was decided, with the store's ids.
std::string decision_json(const store::DecisionRow& decision);

}  // namespace collector::actions
