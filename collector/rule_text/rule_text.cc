#include "collector/rule_text/rule_text.h"

#include <boost/json/serialize.hpp>

#include "collector/rule_text/parse.h"
#include "collector/rule_text/rule_json.h"

namespace collector::rule_text {

std::string rule_text(const rating::Rule& rule) {
  return boost::json::serialize(to_json(rule));
}

base::Result<rating::Rule> read_rule(std::string_view text) {
  return with_weights({}, text);
}

std::string weights_text(const rating::Rule& rule) {
  return boost::json::serialize(weights_to_json(rule));
}

base::Result<rating::Rule> with_weights(rating::Rule rule, std::string_view text) {
  const auto value = parse(text);
  if (!value) return std::unexpected{value.error()};
  return lay_over(std::move(rule), *value);
}

}  // namespace collector::rule_text
