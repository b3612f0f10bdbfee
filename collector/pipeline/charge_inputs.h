// What a charge was made of beside the version of its rule: times, what the technician said, kind of work,
// grade, and the clock and holidays they fell into. It is kept with the charge, so that anybody can work it
// out again, whatever was changed since.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector/rating/explain.h"
#include "collector/rating/rate.h"
#include "common/base/result.h"

namespace collector::pipeline {

// What is rated by one application of the rule.
struct RatedTogether {
  std::vector<rating::Stretch> stretches;
  rating::Adjustments adjustments;
  std::string work_type;
  std::string grade;
};

struct ChargeInputs {
  std::string currency;
  std::vector<RatedTogether> groups;  // In the order in which they are rated.
  // As far as the charged time reaches; nothing for a rule without bands.
  std::optional<rating::Calendar> calendar;
};

struct WorkedOut {
  std::int64_t minutes = 0;
  std::int64_t amount = 0;
  std::vector<rating::Step> steps;
  std::optional<std::string> refusal;  // Why it cannot be rated; the rest means nothing then.
  timing::UtcMs reach;                 // Where the charged time ends at the latest.
};

// The base fee is one, however many groups. Pure.
WorkedOut work_out(const rating::Rule& rule, const ChargeInputs& inputs, const rating::Calendar* calendar);

// The part of `calendar` that says the same from `from` to `to` as all of it, with two days to spare.
rating::Calendar around(const rating::Calendar& calendar, timing::UtcMs from, timing::UtcMs to);

// JSON; the same inputs give the same text.
std::string to_json(const ChargeInputs& inputs);

// corrupt for anything that to_json() did not write.
[[nodiscard]] base::Result<ChargeInputs> charge_inputs_from(const std::string& text);

}  // namespace collector::pipeline
