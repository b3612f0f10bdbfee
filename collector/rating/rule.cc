#include "collector/rating/rule.h"

#include <string>
#include <string_view>

namespace collector::rating {

namespace {

using base::ErrorCode;
using base::fail;

constexpr std::int64_t kDay_s = 86'400;
constexpr std::int64_t kDay_min = 1'440;

base::Status within(std::string_view field, std::int64_t value, std::int64_t max) {
  if (value >= 0 && value <= max) return {};
  return fail(ErrorCode::invalid_argument, std::string{field} + " is " + std::to_string(value) +
                                               "; it may be from 0 to " + std::to_string(max));
}

base::Status whole_minutes(std::string_view field, std::int64_t value) {
  if (value >= 60 && value <= kDay_s && value % 60 == 0) return {};
  return fail(ErrorCode::invalid_argument, std::string{field} + " is " + std::to_string(value) +
                                               "; it may be a multiple of 60 from 60 to " +
                                               std::to_string(kDay_s));
}

base::Status not_too_many(std::string_view field, std::size_t count) {
  if (count <= kNamesMax) return {};
  return fail(ErrorCode::invalid_argument, std::string{field} + " has " + std::to_string(count) +
                                               " entries; it may have up to " + std::to_string(kNamesMax));
}

base::Status check_weights(std::string_view field, const std::map<std::string, std::int64_t>& weights) {
  if (auto ok = not_too_many(field, weights.size()); !ok) return ok;
  for (const auto& [name, weight] : weights) {
    if (name.empty()) return fail(ErrorCode::invalid_argument, std::string{field} + " has an empty name");
    if (auto ok = within(std::string{field} + " '" + name + "'", weight, kWeightMax); !ok) return ok;
  }
  return {};
}

base::Status check(const Band& band) {
  const std::string field = "band '" + band.name + "'";
  if (band.name.empty()) return fail(ErrorCode::invalid_argument, "a band has an empty name");
  if (band.weekdays > 0x7F || (band.weekdays == 0 && !band.holidays)) {
    return fail(ErrorCode::invalid_argument, field + " is on no day");
  }
  if (auto ok = within(field + ": from", band.from_min, kDay_min - 1); !ok) return ok;
  if (auto ok = within(field + ": to", band.to_min, kDay_min); !ok) return ok;
  if (band.from_min >= band.to_min) {
    return fail(ErrorCode::invalid_argument,
                field + " ends before it begins; a night is two bands, to 24:00 and from 0:00");
  }
  return within(field + ": weight", band.weight, kWeightMax);
}

base::Status check(const std::vector<Band>& bands) {
  if (auto ok = not_too_many("bands", bands.size()); !ok) return ok;
  for (const Band& band : bands) {
    if (auto ok = check(band); !ok) return ok;
  }
  return {};
}

base::Status check_minutes(const Rule& rule) {
  if (auto ok = within("min_charge_min", rule.min_charge_min, kDay_min); !ok) return ok;
  if (!rule.max_charge_min) return {};
  if (auto ok = within("max_charge_min", *rule.max_charge_min, kDay_min); !ok) return ok;
  if (*rule.max_charge_min >= rule.min_charge_min) return {};
  return fail(ErrorCode::invalid_argument, "min_charge_min is " + std::to_string(rule.min_charge_min) +
                                               "; it may not be above max_charge_min, " +
                                               std::to_string(*rule.max_charge_min));
}

}  // namespace

base::Status check(const Rule& rule) {
  if (auto ok = within("free_s", rule.free_s, kDay_s); !ok) return ok;
  if (auto ok = whole_minutes("first_block_s", rule.first_block_s); !ok) return ok;
  if (auto ok = within("grace_s", rule.grace_s, kDay_s); !ok) return ok;
  if (auto ok = whole_minutes("increment_s", rule.increment_s); !ok) return ok;
  if (auto ok = check_minutes(rule); !ok) return ok;
  if (auto ok = check_weights("work_types", rule.work_types); !ok) return ok;
  if (auto ok = check_weights("grades", rule.grades); !ok) return ok;
  if (auto ok = check(rule.bands); !ok) return ok;
  if (auto ok = within("rate_per_hour", rule.rate_per_hour, kMoneyMax); !ok) return ok;
  return within("base_fee", rule.base_fee, kMoneyMax);
}

}  // namespace collector::rating
