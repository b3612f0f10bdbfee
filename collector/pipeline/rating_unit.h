// What is rated as one: a session, the members of a series, or a customer's day.

#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "collector/directory/nouns.h"
#include "collector/pipeline/calendars.h"
#include "collector/store/attributions.h"
#include "collector/store/charges.h"
#include "collector/store/connection.h"
#include "collector/store/sessions.h"
#include "common/base/result.h"
#include "common/timing/utc.h"

namespace collector::pipeline {

inline constexpr std::int64_t kEveryRerating = std::numeric_limits<std::int64_t>::max();

// A session that is ready to be charged.
struct Part {
  store::SessionRow session;
  store::AttributionRow attribution;
  std::optional<std::int64_t> seconds = {};  // As they were charged; absent: what it lasted.
  bool may_be_in_series = true;              // False if it is known that it never was in one.
};

// The session as it stands, if it is attributed at all.
[[nodiscard]] base::Result<std::optional<Part>> part_of(store::Transaction& tx, std::int64_t session_id);

// The name of what the session is rated in now: "r4" for a series, "d7/2026-11-16" for a day of a contract
// whose rule rounds by day, else "s12". A day that is billed takes nobody in any more: who comes later is in
// "d7/2026-11-16+2". The part's attribution is the one in force.
[[nodiscard]] base::Result<std::string> unit_of(store::Transaction& tx, const Part& part,
                                                const directory::Directory& directory);

// Whether it is the unit of a session that is rated alone.
inline bool is_of_one_session(const std::string& unit) {
  return unit.starts_with('s');
}

// The sessions of the unit, in order of their start: what `before`, its charge in force, was made of, what a
// series has, and `at_hand`, whose own unit is `its_unit`, as far as they are still in it. None if it cannot
// be charged: a series waits until all of its members are ready.
[[nodiscard]] base::Result<std::vector<Part>> parts_of(store::Transaction& tx, const std::string& subject,
                                                       const std::optional<store::ChargeRow>& before,
                                                       const Part& at_hand, const std::string& its_unit,
                                                       const directory::Directory& directory);

// The charge for `parts`, which are not empty: by the rule that the first one's contract has for its first
// moment, as far as people had decided up to `newest_rerating`. Sessions without charge count
// nothing, those with stated minutes exactly these, the others are rated together, each kind of work and
// grade on its own; the base fee is one. What rating refuses, such as more than 366 days together, costs
// nothing, has the rating version kNotRated, and one step that says why.
[[nodiscard]] base::Result<store::ChargeRow> charge_for(const std::string& subject,
                                                        const std::vector<Part>& parts,
                                                        const directory::Directory& directory,
                                                        Calendars& calendars, timing::UtcMs now,
                                                        std::int64_t newest_rerating = kEveryRerating);

}  // namespace collector::pipeline
