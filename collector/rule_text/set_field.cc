#include "collector/rule_text/set_field.h"

#include <algorithm>
#include <charconv>

#include "collector/rating/words.h"
#include "collector/rule_text/rule_json.h"
#include "common/base/utf8.h"

namespace collector::rule_text {

namespace {

using base::ErrorCode;
using base::fail;
using rating::Rule;

constexpr std::string_view kNone = "none";

struct Assignment {
  std::string field;  // In front of the first point.
  std::string name;   // Behind it.
  std::string_view value;
};

base::Status wrong(const Assignment& is, const char* may_be) {
  return fail(ErrorCode::invalid_argument, is.field + (is.name.empty() ? "" : "." + is.name) + " is '" +
                                               std::string{is.value} + "'; it may be " + may_be);
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <class Value>
base::Status put(const Assignment& is, const std::optional<Value>& value, const char* may_be, Value& target) {
  if (!value) return wrong(is, may_be);
  target = *value;
  return {};
}

base::Status set_cap(const Assignment& is, Rule& rule) {
  rule.max_charge_min = number(is.value);
  if (!rule.max_charge_min && is.value != kNone) return wrong(is, "a whole number, or none");
  return {};
}

base::Status set_weight(const Assignment& is, std::map<std::string, std::int64_t>& weights) {
  if (is.value == kNone) {
    weights.erase(is.name);
    return {};
  }
  const auto weight = rating::weight_from(is.value);
  if (!weight) return wrong(is, "a weight such as 1.5, from 0 to 10, or none");
  weights[is.name] = *weight;
  return {};
}

base::Status set_band(const Assignment& is, std::vector<rating::Band>& bands) {
  const auto at = std::ranges::find(bands, is.name, &rating::Band::name);
  if (is.value == kNone) {
    if (at != bands.end()) bands.erase(at);
    return {};
  }
  auto band = rating::band_from(is.name, is.value);
  if (!band) return std::unexpected{band.error()};
  if (at != bands.end()) {
    *at = std::move(*band);
  } else {
    bands.push_back(std::move(*band));
  }
  return {};
}

base::Status set_named(const Assignment& is, Rule& rule) {
  if (is.field == "work_types") return set_weight(is, rule.work_types);
  if (is.field == "grades") return set_weight(is, rule.grades);
  return set_band(is, rule.bands);
}

base::Status set_plain(const Assignment& is, Rule& rule) {
  const auto whole = [&](std::int64_t& target) {
    return put(is, number(is.value), "a whole number", target);
  };
  if (is.field == "free_s") return whole(rule.free_s);
  if (is.field == "first_block_s") return whole(rule.first_block_s);
  if (is.field == "grace_s") return whole(rule.grace_s);
  if (is.field == "increment_s") return whole(rule.increment_s);
  if (is.field == "min_charge_min") return whole(rule.min_charge_min);
  if (is.field == "rate_per_hour") return whole(rule.rate_per_hour);
  if (is.field == "base_fee") return whole(rule.base_fee);
  if (is.field == "max_charge_min") return set_cap(is, rule);
  if (is.field == "boundary")
    return put(is, rating::boundary_from(is.value), "start or after", rule.boundary);
  if (is.field == "grace_scope")
    return put(is, rating::grace_scope_from(is.value), "first or every", rule.grace_scope);
  if (is.field == "round_group")
    return put(is, rating::round_group_from(is.value), "session, series or day", rule.round_group);
  return std::unexpected{unknown_field("a rule", is.field, field_names())};
}

}  // namespace

base::Status set_field(Rule& rule, std::string_view assignment) {
  const auto equals = assignment.find('=');
  if (equals == std::string_view::npos) {
    return fail(ErrorCode::invalid_argument,
                "'" + std::string{assignment} + "' sets nothing; write field=value, such as grace_s=0");
  }
  const auto left = assignment.substr(0, equals);
  const auto point = std::min(left.find('.'), left.size());
  const Assignment is{.field = std::string{left.substr(0, point)},
                      .name = std::string{left.substr(std::min(point + 1, left.size()))},
                      .value = assignment.substr(equals + 1)};
  const bool has_names = is.field == "work_types" || is.field == "grades" || is.field == "bands";
  if (has_names && is.name.empty()) {
    return fail(ErrorCode::invalid_argument, is.field + " has entries; write " + is.field +
                                                 ".NAME=value, or ." + "NAME=none to take one away");
  }
  if (base::to_valid_utf8(is.name) != is.name) {
    return fail(ErrorCode::invalid_argument, "a name below " + is.field + " is not UTF-8");
  }
  if (!has_names && !is.name.empty()) {
    return std::unexpected{unknown_field("a rule", left, field_names())};
  }
  return has_names ? set_named(is, rule) : set_plain(is, rule);
}

std::vector<Field> fields_of(const Rule& rule) {
  std::vector<Field> fields{
      {"free_s", std::to_string(rule.free_s)},
      {"first_block_s", std::to_string(rule.first_block_s)},
      {"grace_s", std::to_string(rule.grace_s)},
      {"increment_s", std::to_string(rule.increment_s)},
      {"boundary", std::string{rating::to_string(rule.boundary)}},
      {"grace_scope", std::string{rating::to_string(rule.grace_scope)}},
      {"min_charge_min", std::to_string(rule.min_charge_min)},
      {"max_charge_min", rule.max_charge_min ? std::to_string(*rule.max_charge_min) : std::string{kNone}},
      {"round_group", std::string{rating::to_string(rule.round_group)}}};
  for (const auto& [name, weight] : rule.work_types)
    fields.push_back({"work_types." + name, rating::weight_text(weight)});
  for (const auto& [name, weight] : rule.grades)
    fields.push_back({"grades." + name, rating::weight_text(weight)});
  for (const auto& band : rule.bands) fields.push_back({"bands." + band.name, rating::band_text(band)});
  fields.push_back({"rate_per_hour", std::to_string(rule.rate_per_hour)});
  fields.push_back({"base_fee", std::to_string(rule.base_fee)});
  return fields;
}

}  // namespace collector::rule_text
