// Inside this room only: a rule as the columns of the table template.

#pragma once

#include <string>

#include "collector/rating/rule.h"
#include "collector/store/query.h"

namespace collector::store {

// The targets of free_s, first_block_s, grace_s, increment_s, boundary, grace_scope, min_charge_min,
// max_charge_min, round_group, weights, rate_per_hour and base_fee, in this order.
class RuleColumns {
 public:
  void into(Query& query);
  // Of the row that was read last. Throws StatementFailed (corrupt) if it is no rule.
  rating::Rule rule() const;

 private:
  rating::Rule rule_;
  std::string boundary_, grace_scope_, round_group_, weights_;
};

// Binds all of them by their names.
void bind_rule(Query& query, const rating::Rule& rule);

}  // namespace collector::store
