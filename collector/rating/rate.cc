#include "collector/rating/rate.h"

#include <algorithm>
#include <chrono>

#include "collector/rating/duration_text.h"

namespace collector::rating {

namespace {

using base::ErrorCode;
using base::fail;

// Sums of weighted seconds, in seconds times a thousandth of a thousandth of a thousandth: 366 days at the
// highest weights need 77 bits.
__extension__ using Wide = unsigned __int128;
constexpr std::int64_t kWeightsUnit = kPlainWeight * kPlainWeight * kPlainWeight;

std::int64_t divide_half_up(Wide value, Wide by) {
  return static_cast<std::int64_t>((value + by / 2) / by);
}

base::Status check_adjustments(const Adjustments& adjustments) {
  if (!adjustments.override_min) return {};
  const std::int64_t stated = *adjustments.override_min;
  if (stated < 0 || stated > kOverrideMax_min) {
    return fail(ErrorCode::invalid_argument, "a stated time of " + std::to_string(stated) +
                                                 " min cannot be charged; it may be from 0 to " +
                                                 std::to_string(kOverrideMax_min));
  }
  if (adjustments.no_charge && stated > 0) {
    return fail(ErrorCode::invalid_argument,
                "no charge and a stated time of " + std::to_string(stated) + " min contradict each other");
  }
  return {};
}

base::Result<std::int64_t> duration_of(std::span<const Stretch> stretches) {
  std::int64_t sum = 0;
  for (const Stretch& stretch : stretches) {
    if (stretch.seconds < 0) {
      return fail(ErrorCode::invalid_argument,
                  "a duration of " + duration_text(stretch.seconds) + " cannot be rated");
    }
    if (stretch.seconds > kDurationMax_s - sum) {
      return fail(ErrorCode::invalid_argument,
                  "more than " + duration_text(kDurationMax_s) + " (366 days) cannot be rated as one");
    }
    sum += stretch.seconds;
  }
  return sum;
}

// How many blocks beyond the first have begun after `seconds`, counted from
// where the first of them is due.
std::int64_t blocks_begun(std::int64_t seconds, const Rule& rule) {
  if (rule.boundary == Boundary::start) return seconds / rule.increment_s + 1;
  return (seconds + rule.increment_s - 1) / rule.increment_s;
}

std::int64_t further_blocks(const Rule& rule, std::int64_t duration_s) {
  const std::int64_t first_end_s = rule.first_block_s + rule.grace_s;
  const bool beyond = rule.boundary == Boundary::start ? duration_s >= first_end_s : duration_s > first_end_s;
  if (!beyond) return 0;
  const std::int64_t due_s = rule.grace_scope == GraceScope::every ? first_end_s : rule.first_block_s;
  return blocks_begun(duration_s - due_s, rule);
}

std::int64_t weight_of(const std::map<std::string, std::int64_t>& weights, const std::string& name) {
  if (name.empty() || weights.empty()) return kPlainWeight;
  const auto found = weights.find(name);
  return found == weights.end() ? kPlainWeight : found->second;
}

// `charged_s` along the stretches, and what is left behind the last of them.
std::vector<Stretch> lay(std::span<const Stretch> stretches, std::int64_t charged_s) {
  std::vector<Stretch> laid;
  for (const Stretch& stretch : stretches) {
    const std::int64_t seconds = std::min(stretch.seconds, charged_s);
    if (seconds > 0) laid.push_back({.begin = stretch.begin, .seconds = seconds});
    charged_s -= seconds;
  }
  if (charged_s > 0) {
    const Stretch& last = stretches.back();
    laid.push_back({.begin = last.begin + std::chrono::seconds{last.seconds}, .seconds = charged_s});
  }
  return laid;
}

// The seconds of rated.laid_min with all their weights, in 1/kWeightsUnit s.
Wide weighted_seconds(const Rule& rule, const Rated& rated) {
  Wide sum = 0;
  if (rated.shares.empty()) sum = static_cast<Wide>(rated.laid_min) * 60 * kPlainWeight;
  for (const Share& share : rated.shares) {
    const std::int64_t weight =
        share.band == kNoBand ? kPlainWeight : rule.bands[static_cast<std::size_t>(share.band)].weight;
    sum += static_cast<Wide>(share.seconds) * static_cast<Wide>(weight);
  }
  return sum * static_cast<Wide>(rated.work_type_weight) * static_cast<Wide>(rated.grade_weight);
}

void price(Rated& rated, const Rule& rule, Wide weighted) {
  if (rule.rate_per_hour > 0) {
    rated.amount =
        divide_half_up(weighted * static_cast<Wide>(rule.rate_per_hour), Wide{kWeightsUnit} * 3'600);
  }
  if (rated.minutes > 0) rated.amount += rule.base_fee;
}

void count_blocks(Rated& rated, const Rule& rule, const Input& input) {
  rated.basis = Basis::blocks;
  rated.further_blocks = further_blocks(rule, rated.duration_s);
  rated.block_min = rule.first_block_s / 60 + rated.further_blocks * (rule.increment_s / 60);
  rated.laid_min = std::max(rated.block_min, rule.min_charge_min);
  if (rule.max_charge_min) rated.laid_min = std::min(rated.laid_min, *rule.max_charge_min);
  rated.work_type_weight = weight_of(rule.work_types, input.work_type);
  rated.grade_weight = weight_of(rule.grades, input.grade);
  if (!rule.bands.empty() && input.calendar != nullptr && rated.laid_min > 0) {
    rated.shares = share_out(lay(input.stretches, rated.laid_min * 60), rule.bands, *input.calendar);
  }
  const Wide weighted = weighted_seconds(rule, rated);
  rated.minutes = divide_half_up(weighted, Wide{kWeightsUnit} * 60);
  price(rated, rule, weighted);
}

}  // namespace

base::Result<Rated> rate(const Rule& rule, const Input& input) {
  if (auto ok = check(rule); !ok) return fail("rating rule", ok.error());
  if (auto ok = check_adjustments(input.adjustments); !ok) return std::unexpected{ok.error()};
  const auto duration_s = duration_of(input.stretches);
  if (!duration_s) return std::unexpected{duration_s.error()};

  Rated rated;
  rated.duration_s = *duration_s;
  if (input.adjustments.no_charge) {
    rated.basis = Basis::no_charge;
  } else if (input.adjustments.override_min) {
    rated.basis = Basis::stated;
    rated.minutes = rated.laid_min = *input.adjustments.override_min;
    price(rated, rule, weighted_seconds(rule, rated));
  } else if (rated.duration_s > rule.free_s) {
    count_blocks(rated, rule, input);
  }
  return rated;
}

}  // namespace collector::rating
