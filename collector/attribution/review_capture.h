// What of a session's capture a person must look at before it is charged.

#pragma once

#include <cstdint>
#include <vector>

#include "collector/attribution/review_reason.h"
#include "collector/attribution/step.h"
#include "collector/attribution/views.h"

namespace collector::attribution {

// The reasons, each once, of a session that is neither active nor failed; `max_session_s` is the collector's
// own guard. Appends to `steps`.
std::vector<ReviewReason> review_capture(const SessionView& session, std::int64_t max_session_s,
                                         Steps& steps);

}  // namespace collector::attribution
