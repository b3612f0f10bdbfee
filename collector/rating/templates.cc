#include "collector/rating/templates.h"

#include "common/base/nearest.h"

namespace collector::rating {

namespace {

Rule variant(Boundary boundary, GraceScope grace_scope, std::int64_t grace_s) {
  Rule rule;
  rule.boundary = boundary;
  rule.grace_scope = grace_scope;
  rule.grace_s = grace_s;
  return rule;
}

}  // namespace

const std::vector<BuiltInTemplate>& built_in_templates() {
  static const std::vector<BuiltInTemplate> all{
      {.name = "standard",
       .about = "30 s free, blocks of 10 min, one minute of grace after the first; a block begins at its "
                "boundary.",
       .rule = {}},
      {.name = "standard-after",
       .about = "As standard, but a block begins one second after its boundary.",
       .rule = variant(Boundary::after, GraceScope::first, 60)},
      {.name = "standard-every",
       .about = "As standard, with the minute of grace after every block.",
       .rule = variant(Boundary::start, GraceScope::every, 60)},
      {.name = "plain",
       .about = "30 s free, then every begun block of 10 min, without grace.",
       .rule = variant(Boundary::after, GraceScope::first, 0)},
  };
  return all;
}

base::Result<BuiltInTemplate> built_in_template(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& each : built_in_templates()) {
    if (each.name == name) return each;
    names.push_back(each.name);
  }
  std::string message = "no template is named '" + std::string{name} + "'";
  if (const auto near = base::nearest(name, names)) message += "; did you mean '" + *near + "'?";
  return base::fail(base::ErrorCode::not_found, std::move(message));
}

}  // namespace collector::rating
