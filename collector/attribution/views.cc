#include "collector/attribution/views.h"

#include <cstdlib>

#include "collector/rating/rate.h"
#include "common/base/address.h"

namespace collector::attribution {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::active: return "active";
    case Outcome::completed: return "completed";
    case Outcome::failed: return "failed";
    case Outcome::abandoned: return "abandoned";
    case Outcome::partial: return "partial";
  }
  return "unknown";
}

base::Result<Outcome> outcome_from(std::string_view name) {
  for (const auto outcome :
       {Outcome::active, Outcome::completed, Outcome::failed, Outcome::abandoned, Outcome::partial}) {
    if (to_string(outcome) == name) return outcome;
  }
  return base::fail(base::ErrorCode::invalid_argument,
                    "'" + std::string{name} + "' is no outcome of a session");
}

std::optional<timing::UtcMs> own_moment(const SessionView& session) {
  if (session.started) return session.started;
  return session.requested ? session.requested : session.ended;
}

std::optional<std::int64_t> duration_s(const SessionView& session) {
  if (!session.started || !session.ended || *session.ended < *session.started) return std::nullopt;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(*session.ended - *session.started).count();
  if (seconds > rating::kDurationMax_s) return std::nullopt;
  return seconds;
}

bool durations_differ(const SessionView& session) {
  if (!session.duration_boot_ms || !session.started || !session.ended) return false;
  const auto apart = std::abs(*session.duration_boot_ms - (*session.ended - *session.started).count());
  return apart > kDurationTolerance_ms + session.duration_boot_uncertainty_ms;
}

bool same_address(std::string_view a, std::string_view b) {
  return base::same_address(a, b);
}

}  // namespace collector::attribution
