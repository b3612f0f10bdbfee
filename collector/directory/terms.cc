#include "collector/directory/terms.h"

#include <algorithm>
#include <array>
#include <utility>

namespace collector::directory {

namespace {

using base::ErrorCode;
using base::fail;

constexpr std::array kModels{
    std::pair{Model::prepaid, std::string_view{"prepaid"}},
    std::pair{Model::indefinite, std::string_view{"indefinite"}},
    std::pair{Model::prepaid_money, std::string_view{"prepaid_money"}},
    std::pair{Model::hourly, std::string_view{"hourly"}},
    std::pair{Model::flat_fee, std::string_view{"flat_fee"}},
    std::pair{Model::recurring, std::string_view{"recurring"}},
    std::pair{Model::project_fixed, std::string_view{"project_fixed"}},
    std::pair{Model::project_hourly, std::string_view{"project_hourly"}},
};

constexpr std::array kExhaustions{
    std::pair{Exhaustion::negative, std::string_view{"negative"}},
    std::pair{Exhaustion::split, std::string_view{"split"}},
    std::pair{Exhaustion::next, std::string_view{"next"}},
    std::pair{Exhaustion::hold, std::string_view{"hold"}},
};

constexpr std::array kPeriods{
    std::pair{Period::none, std::string_view{"none"}},
    std::pair{Period::month, std::string_view{"month"}},
    std::pair{Period::quarter, std::string_view{"quarter"}},
    std::pair{Period::year, std::string_view{"year"}},
};

template <class Table, class Value>
std::string_view word_of(const Table& table, Value value) {
  return std::ranges::find(table, value, &Table::value_type::first)->second;
}

template <class Table>
auto value_of(const Table& table, std::string_view text)
    -> std::optional<typename Table::value_type::first_type> {
  const auto found = std::ranges::find(table, text, &Table::value_type::second);
  if (found == table.end()) return std::nullopt;
  return found->first;
}

template <class Table>
std::vector<std::string> words_of(const Table& table) {
  std::vector<std::string> words;
  for (const auto& [value, word] : table) words.emplace_back(word);
  return words;
}

constexpr std::int64_t kMoneyMax = 1'000'000'000;
constexpr std::int64_t kMinutesMax = 10'000'000;
constexpr std::size_t kNoticesMax = 10;

std::unexpected<base::Error> refuse(std::string what) {
  return fail(ErrorCode::invalid_argument, std::move(what));
}

base::Status in_range(std::string_view field, std::int64_t value, std::int64_t min, std::int64_t max) {
  if (value >= min && value <= max) return {};
  return refuse(std::string{field} + " is " + std::to_string(value) + "; it may be from " +
                std::to_string(min) + " to " + std::to_string(max));
}

base::Status ascending(std::string_view field, const std::vector<std::int64_t>& numbers, std::int64_t max,
                       bool rising) {
  if (numbers.size() > kNoticesMax) {
    return refuse(std::string{field} + " has " + std::to_string(numbers.size()) + " numbers; at most " +
                  std::to_string(kNoticesMax));
  }
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (auto ok = in_range(field, numbers[i], 1, max); !ok) return ok;
    if (i > 0 && (rising ? numbers[i] <= numbers[i - 1] : numbers[i] >= numbers[i - 1])) {
      return refuse(std::string{field} + " must " + (rising ? "rise" : "fall") + " from number to number");
    }
  }
  return {};
}

// Whether a contract of that kind has periods at all.
base::Status check_periods(Model model, const Terms& terms) {
  const bool project = model == Model::project_fixed || model == Model::project_hourly;
  const bool has_period = terms.period != Period::none;
  if (model == Model::recurring && !has_period)
    return refuse("period is none; a recurring contract needs one");
  if (project && has_period) return refuse("period is for contracts that are no projects");
  if (terms.included_min > 0 && !has_period) return refuse("included_min needs a period");
  const bool no_minutes =
      model == Model::recurring || model == Model::prepaid_money || model == Model::project_fixed;
  if (terms.included_min > 0 && no_minutes) {
    return refuse("included_min is not for the model " + std::string{to_string(model)});
  }
  return {};
}

}  // namespace

std::string_view to_string(Model model) {
  return word_of(kModels, model);
}

std::string_view to_string(Exhaustion exhaustion) {
  return word_of(kExhaustions, exhaustion);
}

std::string_view to_string(Period period) {
  return word_of(kPeriods, period);
}

std::optional<Model> model_from(std::string_view text) {
  return value_of(kModels, text);
}

std::optional<Exhaustion> exhaustion_from(std::string_view text) {
  return value_of(kExhaustions, text);
}

std::optional<Period> period_from(std::string_view text) {
  return value_of(kPeriods, text);
}

std::vector<std::string> model_words() {
  return words_of(kModels);
}

std::vector<std::string> exhaustion_words() {
  return words_of(kExhaustions);
}

std::vector<std::string> period_words() {
  return words_of(kPeriods);
}

base::Status check(Model model, const Terms& terms) {
  const bool letters = std::ranges::all_of(terms.currency, [](char c) { return c >= 'A' && c <= 'Z'; });
  if (terms.currency.size() != 3 || !letters) {
    return refuse("currency is '" + terms.currency + "'; it is three letters of ISO 4217, such as EUR");
  }
  const bool prepaid = model == Model::prepaid || model == Model::prepaid_money;
  if (!prepaid && terms.exhaustion != Exhaustion::negative) {
    return refuse("exhaustion is for prepaid contracts only");
  }
  const bool has_fee = model == Model::flat_fee || model == Model::recurring || model == Model::project_fixed;
  if (!has_fee && terms.fee != 0) return refuse("fee is not for the model " + std::string{to_string(model)});
  if (model != Model::recurring && terms.units != 1) return refuse("units is for recurring contracts only");
  if (auto ok = in_range("overage_per_hour", terms.overage_per_hour, 0, kMoneyMax); !ok) return ok;
  if (auto ok = in_range("included_min", terms.included_min, 0, kMinutesMax); !ok) return ok;
  if (auto ok = in_range("roll_over_min", terms.roll_over_min.value_or(0), 0, kMinutesMax); !ok) return ok;
  if (auto ok = in_range("fee", terms.fee, 0, kMoneyMax); !ok) return ok;
  if (auto ok = in_range("units", terms.units, 1, 1'000'000); !ok) return ok;
  if (auto ok = check_periods(model, terms); !ok) return ok;
  if (auto ok = ascending("notice_percent", terms.notice_percent, 100, true); !ok) return ok;
  const auto left_max = model == Model::prepaid_money ? kMoneyMax : kMinutesMax;
  if (auto ok = ascending("notice_left", terms.notice_left, left_max, false); !ok) return ok;
  return ascending("notice_days", terms.notice_days, 365, false);
}

}  // namespace collector::directory
