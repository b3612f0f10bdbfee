#include "agent/session/process_life.h"

#include <algorithm>

namespace agent::session {

void Life::prove(timing::UtcMs at) {
  if (!gone) alive = std::max(alive.value_or(at), at);
}

void Life::end(const ProcessEnd& told) {
  alive = std::max(alive.value_or(told.last_alive), told.last_alive);
  gone = true;
  const bool better = cause == AbandonCause::unknown || cause == AbandonCause::replaced;
  if (better && told.cause != AbandonCause::unknown) cause = told.cause;
}

AbandonCause Life::cause_with(timing::UtcMs last_line) const {
  if (cause != AbandonCause::unknown && cause != AbandonCause::replaced) return cause;
  const bool died_of_it = fatal && (last_line - *fatal).count() <= kFatalWindowMs;
  return died_of_it ? AbandonCause::crash : cause;
}

timing::UtcMs Life::last_seen(timing::UtcMs last_line) const {
  return std::max(alive.value_or(last_line), last_line);
}

}  // namespace agent::session
