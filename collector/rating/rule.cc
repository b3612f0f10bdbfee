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

}  // namespace

base::Status check(const Rule& rule) {
  if (auto ok = within("free_s", rule.free_s, kDay_s); !ok) return ok;
  if (auto ok = whole_minutes("first_block_s", rule.first_block_s); !ok) return ok;
  if (auto ok = within("grace_s", rule.grace_s, kDay_s); !ok) return ok;
  if (auto ok = whole_minutes("increment_s", rule.increment_s); !ok) return ok;
  if (rule.max_charge_min) return within("max_charge_min", *rule.max_charge_min, kDay_min);
  return {};
}

}  // namespace collector::rating
