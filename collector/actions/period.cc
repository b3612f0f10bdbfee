#include "collector/actions/period.h"

namespace collector::actions {

namespace {

bool begins_before(const std::optional<timing::UtcMs>& from, const std::optional<timing::UtcMs>& to) {
  return !from || !to || *from < *to;
}

}  // namespace

bool overlap(const Period& one, const Period& other) {
  return begins_before(one.from, other.to) && begins_before(other.from, one.to);
}

bool covers(const Period& period, timing::UtcMs moment) {
  return (!period.from || *period.from <= moment) && (!period.to || moment < *period.to);
}

std::string words_for(const Period& period) {
  if (!period.from && !period.to) return "at all times";
  if (!period.to) return "from " + timing::to_rfc3339(*period.from) + " on";
  const auto until = "until " + timing::to_rfc3339(*period.to);
  return period.from ? "from " + timing::to_rfc3339(*period.from) + " " + until : until;
}

base::Status check_period(const Period& period) {
  if (begins_before(period.from, period.to)) return {};
  return base::fail(base::ErrorCode::invalid_argument,
                    "valid_to is not after valid_from: " + timing::to_rfc3339(*period.to) + " and " +
                        timing::to_rfc3339(*period.from));
}

}  // namespace collector::actions
