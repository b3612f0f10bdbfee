// Sessions that are charged as one: joined, left, suggested.

#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "collector/actions/actor.h"

namespace collector::actions {

// Joins two or more sessions of one customer, in a new series, or in the one that some of them are in; its
// number. What was held with ~ is thereby released. conflict if one may not be changed (open_session.h), has
// no customer or another one, if two series would become one, or if all are joined already.
[[nodiscard]] base::Result<std::int64_t> join_series(store::Transaction& tx, const Actor& actor,
                                                     const std::vector<std::int64_t>& session_ids);

// The session is charged for itself again. The last that is left in a series leaves it, too. The actor says
// why.
[[nodiscard]] base::Status leave_series(store::Transaction& tx, const Actor& actor, std::int64_t session_id);

// Groups of sessions that may have been one piece of work (attribution/suggest_series.h), without those that
// are joined, billed, withdrawn, or dismissed. Writes nothing.
[[nodiscard]] base::Result<std::vector<std::vector<std::int64_t>>> suggest_series(store::Transaction& tx,
                                                                                  std::chrono::minutes gap);

// These sessions, in order of their start, are not suggested as one any more: each with the next.
[[nodiscard]] base::Status dismiss_series(store::Transaction& tx, const Actor& actor,
                                          const std::vector<std::int64_t>& session_ids);

}  // namespace collector::actions
