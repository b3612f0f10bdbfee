#include "collector/commands/rate.h"

#include <boost/json.hpp>

#include "collector/commands/named_rule.h"
#include "collector/rating/duration_text.h"
#include "collector/rule_text/rule_json.h"
#include "collector/rule_text/set_field.h"

namespace collector::commands {

namespace {

namespace json = boost::json;

constexpr int kExitOk = 0;
constexpr int kExitUsage = 2;

// What the options lay over the template, in the words of set_field().
std::vector<std::string> changes_of(const RateOptions& options) {
  std::vector<std::string> changes;
  const auto add = [&](const char* field, const std::optional<std::int64_t>& value) {
    if (value) changes.push_back(std::string{field} + "=" + std::to_string(*value));
  };
  add("free_s", options.free_s);
  add("first_block_s", options.first_block_s);
  add("grace_s", options.grace_s);
  add("increment_s", options.increment_s);
  add("max_charge_min", options.max_charge_min);
  if (options.boundary) changes.push_back("boundary=" + *options.boundary);
  if (options.grace_scope) changes.push_back("grace_scope=" + *options.grace_scope);
  changes.insert(changes.end(), options.set.begin(), options.set.end());
  return changes;
}

base::Result<rating::Rule> rule_of(const RateOptions& options) {
  auto named = named_template(options.config, options.template_name);
  if (!named) return std::unexpected{named.error()};
  for (const auto& change : changes_of(options)) {
    if (auto ok = rule_text::set_field(named->rule, change); !ok) return std::unexpected{ok.error()};
  }
  return std::move(named->rule);
}

base::Result<Priced> price(const RateOptions& options, const rating::Rule& rule) {
  const auto at = RateAt::make(options.circumstances, options.config);
  if (!at) return std::unexpected{at.error()};
  return at->price(rule, options.seconds);
}

json::array to_json(const std::vector<rating::Step>& steps) {
  json::array all;
  for (const auto& step : steps) {
    json::object one{{"what", step.what}, {"detail", step.detail}};
    if (step.minutes_so_far) one["minutes_so_far"] = *step.minutes_so_far;
    all.push_back(std::move(one));
  }
  return all;
}

int refuse(const base::Error& error, std::ostream& err) {
  err << "rate: " << error.message << '\n';
  return kExitUsage;
}

}  // namespace

int run_rate(const RateOptions& options, std::ostream& out, std::ostream& err) {
  const auto rule = rule_of(options);
  if (!rule) return refuse(rule.error(), err);
  const auto priced = price(options, *rule);
  if (!priced) return refuse(priced.error(), err);
  if (options.json) {
    const json::object answer{{"seconds", options.seconds},        {"template", options.template_name},
                              {"rule", rule_text::to_json(*rule)}, {"rating_version", rating::kRatingVersion},
                              {"minutes", priced->rated.minutes},  {"amount", priced->rated.amount},
                              {"steps", to_json(priced->steps)}};
    out << json::serialize(answer) << '\n';
    return kExitOk;
  }
  out << rating::duration_text(options.seconds) << " under '" << options.template_name
      << "': " << priced->rated.minutes << " min\n";
  for (const auto& step : priced->steps) out << "  " << step.detail << '\n';
  if (!rule->bands.empty() && !options.circumstances.at)
    out << "  without --at no time is in any band of the rule\n";
  return kExitOk;
}

}  // namespace collector::commands
