#include "collector/store/rule_columns.h"

#include "collector/rating/words.h"
#include "collector/rule_text/rule_text.h"
#include "collector/store/session.h"

namespace collector::store {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  throw StatementFailed{base::Error{base::ErrorCode::corrupt, "store: read a rule: " + why}};
}

template <class Word>
Word word(const std::optional<Word>& word, const std::string& text) {
  if (!word) refuse("\"" + text + "\" is no word of a rule");
  return *word;
}

}  // namespace

void RuleColumns::into(Query& query) {
  query.into(rule_.free_s).into(rule_.first_block_s).into(rule_.grace_s).into(rule_.increment_s);
  query.into(boundary_).into(grace_scope_).into(rule_.min_charge_min).into(rule_.max_charge_min);
  query.into(round_group_).into(weights_).into(rule_.rate_per_hour).into(rule_.base_fee);
}

rating::Rule RuleColumns::rule() const {
  rating::Rule rule = rule_;
  rule.boundary = word(rating::boundary_from(boundary_), boundary_);
  rule.grace_scope = word(rating::grace_scope_from(grace_scope_), grace_scope_);
  rule.round_group = word(rating::round_group_from(round_group_), round_group_);
  auto whole = rule_text::with_weights(std::move(rule), weights_);
  if (!whole) refuse(whole.error().message);
  return *std::move(whole);
}

void bind_rule(Query& query, const rating::Rule& rule) {
  query.with("free_s", rule.free_s).with("first_block_s", rule.first_block_s).with("grace_s", rule.grace_s);
  query.with("increment_s", rule.increment_s).with("boundary", rating::to_string(rule.boundary));
  query.with("grace_scope", rating::to_string(rule.grace_scope));
  query.with("min_charge_min", rule.min_charge_min).with("max_charge_min", rule.max_charge_min);
  query.with("round_group", rating::to_string(rule.round_group));
  query.with("weights", rule_text::weights_text(rule));
  query.with("rate_per_hour", rule.rate_per_hour).with("base_fee", rule.base_fee);
}

}  // namespace collector::store
