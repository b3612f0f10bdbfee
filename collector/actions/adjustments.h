// Correcting what a billed session cost: the only thing that people may do about one.

#pragma once

#include <cstdint>
#include <optional>

#include "collector/actions/actor.h"
#include "collector/store/adjustments.h"

namespace collector::actions {

// The adjustment of the session that waits for a person.
[[nodiscard]] base::Result<std::optional<store::AdjustmentRow>> waiting_adjustment(store::Transaction& tx,
                                                                                   std::int64_t session_id);

// The difference is posted by the pipeline's next run. conflict if none waits, or, saying what to do, if what
// was found speaks against posting it as it is.
[[nodiscard]] base::Status release_adjustment(store::Transaction& tx, const Actor& actor,
                                              std::int64_t session_id);

// It stays as it was billed. conflict if none waits; the actor says why.
[[nodiscard]] base::Status dismiss_adjustment(store::Transaction& tx, const Actor& actor,
                                              std::int64_t session_id);

// What it ought to have cost: so many minutes (0 to 1440), or nothing. invalid_argument for both or neither;
// conflict if the session is not billed, or its charge is divided. The actor says why.
struct SessionAdjustment {
  std::optional<std::int64_t> minutes = {};
  bool no_charge = false;
};
[[nodiscard]] base::Status adjust_session(store::Transaction& tx, const Actor& actor, std::int64_t session_id,
                                          const SessionAdjustment& adjustment);

}  // namespace collector::actions
