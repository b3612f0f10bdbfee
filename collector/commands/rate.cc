#include "collector/commands/rate.h"

#include <boost/json.hpp>

#include "collector/commands/workspace.h"
#include "collector/rating/duration_text.h"
#include "collector/rating/explain.h"
#include "collector/rating/rate.h"
#include "collector/rating/templates.h"
#include "collector/store/directory.h"

namespace collector::commands {

namespace {

namespace json = boost::json;
using base::ErrorCode;
using base::fail;

constexpr int kExitOk = 0;
constexpr int kExitUsage = 2;

std::string_view to_string(rating::Boundary boundary) {
  return boundary == rating::Boundary::start ? "start" : "after";
}

std::string_view to_string(rating::GraceScope scope) {
  return scope == rating::GraceScope::first ? "first" : "every";
}

// The newest version of the template in the database; nothing if there is none of that name.
base::Result<std::optional<rating::Rule>> stored_rule(const std::filesystem::path& config,
                                                      const std::string& name) {
  auto workspace = open_workspace(config);
  if (!workspace) return std::unexpected{workspace.error()};
  std::optional<rating::Rule> rule;
  const auto read = workspace->database.read([&](store::Transaction& tx) -> base::Status {
    const auto found = store::find_template(tx, name);
    if (found) rule = found->rule;
    if (found || found.error().code == ErrorCode::not_found) return {};
    return std::unexpected{found.error()};
  });
  if (!read) return std::unexpected{read.error()};
  return rule;
}

base::Result<rating::Rule> named_rule(const RateOptions& options) {
  if (options.config) {
    const auto stored = stored_rule(*options.config, options.template_name);
    if (!stored) return std::unexpected{stored.error()};
    if (*stored) return **stored;
  }
  const auto found = rating::built_in_template(options.template_name);
  if (!found) return std::unexpected{found.error()};
  return found->rule;
}

// The template with the options laid over it.
base::Result<rating::Rule> rule_of(const RateOptions& options) {
  const auto named = named_rule(options);
  if (!named) return named;
  rating::Rule rule = *named;
  rule.free_s = options.free_s.value_or(rule.free_s);
  rule.first_block_s = options.first_block_s.value_or(rule.first_block_s);
  rule.grace_s = options.grace_s.value_or(rule.grace_s);
  rule.increment_s = options.increment_s.value_or(rule.increment_s);
  if (options.max_charge_min) rule.max_charge_min = options.max_charge_min;
  if (options.boundary) {
    if (*options.boundary != "start" && *options.boundary != "after") {
      return fail(ErrorCode::invalid_argument,
                  "boundary is '" + *options.boundary + "'; it may be start or after");
    }
    rule.boundary = *options.boundary == "start" ? rating::Boundary::start : rating::Boundary::after;
  }
  if (options.grace_scope) {
    if (*options.grace_scope != "first" && *options.grace_scope != "every") {
      return fail(ErrorCode::invalid_argument,
                  "grace scope is '" + *options.grace_scope + "'; it may be first or every");
    }
    rule.grace_scope =
        *options.grace_scope == "first" ? rating::GraceScope::first : rating::GraceScope::every;
  }
  return rule;
}

json::object to_json(const rating::Rule& rule) {
  return {{"free_s", rule.free_s},
          {"first_block_s", rule.first_block_s},
          {"grace_s", rule.grace_s},
          {"increment_s", rule.increment_s},
          {"boundary", to_string(rule.boundary)},
          {"grace_scope", to_string(rule.grace_scope)},
          {"max_charge_min", rule.max_charge_min ? json::value(*rule.max_charge_min) : json::value(nullptr)}};
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

}  // namespace

int run_rate(const RateOptions& options, std::ostream& out, std::ostream& err) {
  const auto rule = rule_of(options);
  if (!rule) {
    err << "rate: " << rule.error().message << '\n';
    return kExitUsage;
  }
  const rating::Stretch stretch{.begin = {}, .seconds = options.seconds};
  const rating::Input input{
      .stretches = {&stretch, 1},
      .adjustments = {.no_charge = options.no_charge, .override_min = options.override_min}};
  const auto rated = rating::rate(*rule, input);
  if (!rated) {
    err << "rate: " << rated.error().message << '\n';
    return kExitUsage;
  }
  const auto steps = rating::explain(*rule, input, *rated);
  if (options.json) {
    const json::object answer{{"seconds", options.seconds}, {"template", options.template_name},
                              {"rule", to_json(*rule)},     {"rating_version", rating::kRatingVersion},
                              {"minutes", rated->minutes},  {"steps", to_json(steps)}};
    out << json::serialize(answer) << '\n';
    return kExitOk;
  }
  out << rating::duration_text(options.seconds) << " under '" << options.template_name
      << "': " << rated->minutes << " min\n";
  for (const auto& step : steps) out << "  " << step.detail << '\n';
  return kExitOk;
}

}  // namespace collector::commands
