// Rating the unbilled sessions of some days again, by a person's word.

#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "collector/actions/actor.h"
#include "collector/directory/nouns.h"
#include "collector/store/directory.h"
#include "collector/store/reratings.h"

namespace collector::actions {

struct RerateScope {
  std::chrono::year_month_day first_day;  // Both inclusive, in each contract's own time zone.
  std::chrono::year_month_day last_day;
  std::optional<std::string> customer = {};  // By code; absent: all.
  std::optional<std::string> contract = {};  // By name; absent: all.
  // By which rule: this one; or the newest version of what each contract has; or, with neither, the rule that
  // the sessions have already, with today's holidays and grades.
  std::optional<directory::Template> rule = {};
  bool newest_version = false;
};

// What would be decided, one for each contract that is in scope and takes sessions, in order of contracts;
// nothing is written. invalid_argument for days out of order, a scope without a contract, and a rule that a
// contract's model cannot have.
[[nodiscard]] base::Result<std::vector<store::ReratingRow>> plan_reratings(
    store::Transaction& tx, const RerateScope& scope, const store::StartOfDay& start_of_day);

// Decides them. The pipeline carries them out, with all that is in those days or still comes into them; what
// is billed stays. invalid_argument if the actor does not say why.
[[nodiscard]] base::Status rerate(store::Transaction& tx, const Actor& actor,
                                  const std::vector<store::ReratingRow>& reratings);

}  // namespace collector::actions
