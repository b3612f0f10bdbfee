// Letting a session out of the review, holding it back, and taking back one that a person entered.

#pragma once

#include <cstdint>
#include <vector>

#include "collector/actions/actor.h"
#include "collector/attribution/review_reason.h"

namespace collector::actions {

// Accepts the reasons for which the session is under review now: `only` those named, or all of them. What it
// lacks for a charge cannot be accepted: conflict, naming the reason and what to do. conflict also if the
// session is not under review, or not for a reason that is named. One whose charge the ledger holds
// (nothing_left) is taken from its contract below zero, for which the actor says why.
[[nodiscard]] base::Status release_session(store::Transaction& tx, const Actor& actor,
                                           std::int64_t session_id,
                                           const std::vector<attribution::ReviewReason>& only = {});

// Holds the session for review, also one that is charged: it is then taken back until it is released.
// The actor says why.
[[nodiscard]] base::Status hold_session(store::Transaction& tx, const Actor& actor, std::int64_t session_id);

// Takes back a session that a person entered: nothing is charged, the row stays. conflict for one that an
// agent told of, or that is in a series. The actor says why.
[[nodiscard]] base::Status withdraw_session(store::Transaction& tx, const Actor& actor,
                                            std::int64_t session_id);

}  // namespace collector::actions
