#include "collector/rule_text/rule_json.h"

#include <boost/json.hpp>
#include <set>

#include "collector/rating/words.h"
#include "common/base/nearest.h"

namespace collector::rule_text {

namespace {

namespace json = boost::json;
using base::ErrorCode;
using base::fail;
using rating::Band;
using rating::Rule;
using Weights = std::map<std::string, std::int64_t>;

constexpr std::size_t kShownMax = 60;  // Bytes of a value that a message repeats.

std::string shown(const json::value& value) {
  auto text = json::serialize(value);
  if (text.size() > kShownMax) text = text.substr(0, kShownMax) + "...";
  return text;
}

base::Error wrong(const std::string& field, const json::value& value, const char* may_be) {
  return {ErrorCode::invalid_argument, field + " is " + shown(value) + "; it may be " + may_be};
}

base::Status read(const std::string& field, const json::value& value, std::int64_t& target) {
  if (!value.is_int64()) return std::unexpected{wrong(field, value, "a whole number")};
  target = value.as_int64();
  return {};
}

base::Status read(const std::string& field, const json::value& value, std::optional<std::int64_t>& target) {
  target.reset();
  if (value.is_null()) return {};
  if (!value.is_int64()) return std::unexpected{wrong(field, value, "a whole number, or null for none")};
  target = value.as_int64();
  return {};
}

// One of a few words.
template <class Word>
base::Status read_word(const std::string& field, const json::value& value,
                       std::optional<Word> (*from)(std::string_view), const char* may_be, Word& target) {
  const auto word = value.is_string() ? from(std::string_view{value.as_string()}) : std::nullopt;
  if (!word) return std::unexpected{wrong(field, value, may_be)};
  target = *word;
  return {};
}

constexpr const char* kWeightMayBe = R"(a weight in quotation marks such as "1.5", from "0" to "10")";

base::Status read_weight(const std::string& field, const json::value& value, std::int64_t& target) {
  return read_word(field, value, rating::weight_from, kWeightMayBe, target);
}

base::Status read(const std::string& field, const json::value& value, Weights& target) {
  if (!value.is_object()) return std::unexpected{wrong(field, value, R"(such as {"travel":"0.5"})")};
  target.clear();
  for (const auto& [key, weight] : value.as_object()) {
    const std::string name{key};
    if (auto ok = read_weight(field + " '" + name + "'", weight, target[name]); !ok) return ok;
  }
  return {};
}

base::Status read_days(const std::string& field, const json::value& value, Band& band) {
  constexpr auto kMayBe = R"(a list of mon, tue, wed, thu, fri, sat, sun and holidays)";
  if (!value.is_array()) return std::unexpected{wrong(field, value, kMayBe)};
  for (const auto& day : value.as_array()) {
    if (!day.is_string() || !rating::add_day(band, day.as_string()))
      return std::unexpected{wrong(field, day, kMayBe)};
  }
  return {};
}

base::Status read_band_field(const std::string& field, std::string_view key, const json::value& value,
                             Band& band) {
  const auto clock = [&](std::int64_t& target) {
    return read_word(field, value, rating::clock_from, R"(a time of the day such as "17:00", up to "24:00")",
                     target);
  };
  if (key == "days") return read_days(field, value, band);
  if (key == "from") return clock(band.from_min);
  if (key == "to") return clock(band.to_min);
  if (key == "weight") return read_weight(field, value, band.weight);
  return std::unexpected{unknown_field("a band", key, {"name", "days", "from", "to", "weight"})};
}

base::Result<Band> read_band(const json::value& value) {
  const auto* object = value.if_object();
  const auto* name = object != nullptr ? object->if_contains("name") : nullptr;
  if (name == nullptr || !name->is_string()) {
    return std::unexpected{wrong(
        "a band", value,
        R"(such as {"name":"Evening","days":["mon","tue"],"from":"17:00","to":"24:00","weight":"1.5"})")};
  }
  Band band{.name = std::string{name->as_string()}};
  for (const auto& [key, field] : *object) {
    if (key == "name") continue;
    const auto what = "band '" + band.name + "': " + std::string{key};
    if (auto ok = read_band_field(what, key, field, band); !ok) return std::unexpected{ok.error()};
  }
  return band;
}

base::Status read(const std::string& field, const json::value& value, std::vector<Band>& target) {
  if (!value.is_array()) return std::unexpected{wrong(field, value, "a list of bands")};
  target.clear();
  for (const auto& one : value.as_array()) {
    auto band = read_band(one);
    if (!band) return std::unexpected{band.error()};
    target.push_back(std::move(*band));
  }
  return {};
}

base::Status read_field(const std::string& field, const json::value& value, Rule& rule) {
  if (field == "free_s") return read(field, value, rule.free_s);
  if (field == "first_block_s") return read(field, value, rule.first_block_s);
  if (field == "grace_s") return read(field, value, rule.grace_s);
  if (field == "increment_s") return read(field, value, rule.increment_s);
  if (field == "min_charge_min") return read(field, value, rule.min_charge_min);
  if (field == "max_charge_min") return read(field, value, rule.max_charge_min);
  if (field == "rate_per_hour") return read(field, value, rule.rate_per_hour);
  if (field == "base_fee") return read(field, value, rule.base_fee);
  if (field == "work_types") return read(field, value, rule.work_types);
  if (field == "grades") return read(field, value, rule.grades);
  if (field == "bands") return read(field, value, rule.bands);
  if (field == "boundary")
    return read_word(field, value, rating::boundary_from, "start or after", rule.boundary);
  if (field == "grace_scope")
    return read_word(field, value, rating::grace_scope_from, "first or every", rule.grace_scope);
  if (field == "round_group")
    return read_word(field, value, rating::round_group_from, "session, series or day", rule.round_group);
  return std::unexpected{unknown_field("a rule", field, field_names())};
}

json::object to_json(const Weights& weights) {
  json::object all;
  for (const auto& [name, weight] : weights) all[name] = rating::weight_text(weight);
  return all;
}

json::object to_json(const Band& band) {
  json::array days;
  for (const auto& day : rating::day_names(band)) days.emplace_back(day);
  return {{"name", band.name},
          {"days", std::move(days)},
          {"from", rating::clock_text(band.from_min)},
          {"to", rating::clock_text(band.to_min)},
          {"weight", rating::weight_text(band.weight)}};
}

}  // namespace

json::object weights_to_json(const Rule& rule) {
  json::array bands;
  for (const auto& band : rule.bands) bands.push_back(to_json(band));
  return {{"work_types", to_json(rule.work_types)},
          {"grades", to_json(rule.grades)},
          {"bands", std::move(bands)}};
}

json::object to_json(const Rule& rule) {
  auto weights = weights_to_json(rule);
  return {{"free_s", rule.free_s},
          {"first_block_s", rule.first_block_s},
          {"grace_s", rule.grace_s},
          {"increment_s", rule.increment_s},
          {"boundary", rating::to_string(rule.boundary)},
          {"grace_scope", rating::to_string(rule.grace_scope)},
          {"min_charge_min", rule.min_charge_min},
          {"max_charge_min", rule.max_charge_min ? json::value(*rule.max_charge_min) : json::value(nullptr)},
          {"round_group", rating::to_string(rule.round_group)},
          {"work_types", std::move(weights["work_types"])},
          {"grades", std::move(weights["grades"])},
          {"bands", std::move(weights["bands"])},
          {"rate_per_hour", rule.rate_per_hour},
          {"base_fee", rule.base_fee}};
}

base::Result<Rule> lay_over(Rule rule, const json::value& value) {
  if (!value.is_object()) return std::unexpected{wrong("a rule", value, R"(such as {"free_s":30})")};
  for (const auto& [key, field] : value.as_object()) {
    if (auto ok = read_field(std::string{key}, field, rule); !ok) return std::unexpected{ok.error()};
  }
  if (auto ok = rating::check(rule); !ok) return std::unexpected{ok.error()};
  return rule;
}

const std::vector<std::string>& field_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const auto& [key, value] : to_json(Rule{})) all.emplace_back(key);
    return all;
  }();
  return names;
}

base::Error unknown_field(std::string_view what, std::string_view name,
                          const std::vector<std::string>& known) {
  std::string message = "'" + std::string{name} + "' is no field of " + std::string{what};
  if (const auto near = base::nearest(name, known)) {
    message += "; did you mean '" + *near + "'?";
  } else {
    std::string all;
    for (const auto& one : known) all += (all.empty() ? "; there are " : ", ") + one;
    message += all;
  }
  return {ErrorCode::invalid_argument, std::move(message)};
}

}  // namespace collector::rule_text
