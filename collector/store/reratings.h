// People's decisions to rate the sessions of some days again. Never changed: the newest one that covers a
// moment of a contract says by which rule it is rated (directory/rule_at.h).

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "collector/directory/nouns.h"
#include "collector/store/connection.h"
#include "common/timing/utc.h"

namespace collector::store {

struct ReratingRow {
  std::int64_t id = 0;  // Given by the store; grows.
  std::int64_t contract_id = 0;
  timing::UtcMs from;  // Sessions that began in [from, to).
  timing::UtcMs to;
  std::optional<std::int64_t> template_id = {};  // The version; absent: the rule they have, applied anew.
  timing::UtcMs decided = {};
  std::string who = {};
  std::string why = {};
};

// Its id. The pipeline carries it out, and the directory has to be bumped.
[[nodiscard]] base::Result<std::int64_t> add_rerating(Transaction& transaction, const ReratingRow& rerating);

[[nodiscard]] base::Result<std::optional<ReratingRow>> find_rerating(Transaction& transaction,
                                                                     std::int64_t rerating_id);

// The oldest one behind `rerating_id`.
[[nodiscard]] base::Result<std::optional<ReratingRow>> next_rerating(Transaction& transaction,
                                                                     std::int64_t rerating_id);

// All of them with their contracts, as the directory has them, oldest first.
[[nodiscard]] base::Result<std::vector<std::pair<std::int64_t, directory::Rerating>>> rerating_rules(
    Transaction& transaction);

}  // namespace collector::store
