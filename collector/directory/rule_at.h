// By which rule a session of a contract is rated: the one that was agreed, or the one that a person put in
// its place for those days (docs/rating.md).

#pragma once

#include <cstdint>
#include <limits>
#include <ranges>
#include <string>

#include "collector/directory/nouns.h"

namespace collector::directory {

// Points into the contract.
struct RuleAt {
  std::int64_t template_id = 0;
  const std::string* template_name = nullptr;
  std::int64_t template_version = 0;
  const rating::Rule* rule = nullptr;
  std::int64_t rerating_id = 0;  // The newest one that covers the moment; 0: none does.
};

// The rule of `contract` for what began at `moment`, as it was when `newest` was the newest rerating there
// was.
inline RuleAt rule_at(const Contract& contract, timing::UtcMs moment,
                      std::int64_t newest = std::numeric_limits<std::int64_t>::max()) {
  RuleAt found{.template_id = contract.template_id,
               .template_name = &contract.template_name,
               .template_version = contract.template_version,
               .rule = &contract.rule,
               .rerating_id = 0};
  for (const auto& one : contract.reratings | std::views::reverse) {
    if (one.id > newest || moment < one.from || one.to <= moment) continue;
    if (found.rerating_id == 0) found.rerating_id = one.id;
    if (!one.rule) continue;
    found.template_id = one.rule->id;
    found.template_name = &one.rule->name;
    found.template_version = one.rule->version;
    found.rule = &one.rule->rule;
    break;
  }
  return found;
}

}  // namespace collector::directory
