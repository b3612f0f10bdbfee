// What people decided about a session: it goes before what was captured and before what the comment says.
// The capture and the comment stay as they were.

#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/attribution/review_reason.h"
#include "common/timing/utc.h"

namespace collector::attribution {

// One decision says all that was decided so far, so that the newest alone is in force.
struct Decision {
  std::string who;
  timing::UtcMs decided;
  std::string why;                     // In the person's own words; may be empty.
  std::vector<ReviewReason> released;  // Accepted: they do not hold the session back.
  bool held = false;                   // A person wants another look.
  bool withdrawn = false;              // Entered by a person and taken back.
  // Absent: nothing was decided about it.
  std::optional<bool> no_charge = {};  // False: a charge, whatever the comment says.
  std::optional<std::int64_t> charge_min = {};
  std::optional<std::string> comment = {};  // In place of AnyDesk's, tags included.
  std::optional<std::int64_t> technician_id = {};
  std::optional<std::int64_t> customer_id = {};
  std::optional<std::int64_t> terminal_id = {};
  std::optional<std::int64_t> contract_id = {};
  std::optional<timing::UtcMs> started = {};  // Counts only where the capture knows none.
  std::optional<timing::UtcMs> ended = {};    // Likewise, or where that one lies before the start.
  std::optional<std::string> work_type = {};
};

// What attribution is told of the desk.
struct Decisions {
  std::vector<Decision> history = {};          // Oldest first; the last is in force.
  std::optional<std::int64_t> series_id = {};  // The session is charged together with those of this series.

  // Null if nobody decided anything.
  const Decision* in_force() const { return history.empty() ? nullptr : &history.back(); }
};

// Of the decisions that `says` holds for without a break up to the last, the first: whoever made it decided
// so, the later ones only left it. There must be one.
template <class Says>
const Decision& decided_by(const Decisions& decisions, Says says) {
  auto at = std::prev(decisions.history.end());
  while (at != decisions.history.begin() && says(*std::prev(at))) --at;
  return *at;
}

// "mary decided on 2026-11-16: no charge (asked by phone)". The day is UTC's.
std::string decided_text(const Decision& decision, const std::string& what);

// "mary accepted on 2026-11-16: 'No comment arrived in time.' (asked by phone)".
std::string accepted_text(const Decision& decision, ReviewReason reason);

}  // namespace collector::attribution
