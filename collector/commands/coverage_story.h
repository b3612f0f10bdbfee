// Why each contract of a customer covers a session, or does not: the conditions as attribution weighed and
// kept them, and beside them what was left.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "collector/directory/nouns.h"
#include "collector/store/attributions.h"
#include "collector/store/connection.h"
#include "common/base/result.h"
#include "common/timing/utc.h"

namespace collector::commands {

struct ToldCondition {
  std::string condition;  // As in attribution/choose_contract.h; "terminal", "left".
  bool holds = false;
  std::string why;
};

struct ContractCoverage {
  std::int64_t contract_id = 0;
  std::string name;
  bool covers = false;  // What the attribution decided.
  std::vector<ToldCondition>
      conditions;  // "left" is last, of contracts that sell in advance; it decides nothing.
};

struct CoverageStory {
  std::vector<ToldCondition> customer;  // Whose session it was: "terminal", each address that was looked at.
  std::vector<ContractCoverage> contracts;  // In order of use; empty if nothing was kept.
};

// `at` and `tie` are the session's moment and what decides between charges of one moment.
[[nodiscard]] base::Result<CoverageStory> load_coverage(store::Transaction& tx,
                                                        const store::AttributionRow& attribution,
                                                        const directory::Directory& directory,
                                                        timing::UtcMs at, const std::string& tie);

}  // namespace collector::commands
