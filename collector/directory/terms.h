// What a contract agrees beside its rating rule: what is bought or billed, in which periods, and what happens
// when it runs out (docs/contracts.md).
//
// Minutes are whole; money is in the smallest unit of the contract's currency.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace collector::directory {

enum class Model {
  prepaid,        // Time is bought first, sessions are subtracted from it.
  indefinite,     // Nothing is bought; the minutes of sessions add up and are billed together.
  prepaid_money,  // Money is bought first; what sessions cost is subtracted from it.
  hourly,         // As indefinite, billed as money: time by rate.
  flat_fee,   // A fee for each period; sessions cost nothing beside it, or only beyond the included minutes.
  recurring,  // A price for each unit and period, such as licences; no sessions.
  project_fixed,   // One fee on completion; sessions are only counted.
  project_hourly,  // As hourly, for the sessions that a person puts to the project.
};

// What becomes of a charge that is more than what is left.
enum class Exhaustion {
  negative,  // The balance falls below zero.
  split,     // What is left is used, the rest is billed by the overage rate.
  next,      // What is left is used, the rest goes to the customer's next contract; without one it is held.
  hold,      // Nothing is posted until a person decides.
};

enum class Period { none, month, quarter, year };

// As stored and as files spell them: "prepaid_money", "negative", "month".
std::string_view to_string(Model model);
std::string_view to_string(Exhaustion exhaustion);
std::string_view to_string(Period period);
// Nothing for any other word.
std::optional<Model> model_from(std::string_view text);
std::optional<Exhaustion> exhaustion_from(std::string_view text);
std::optional<Period> period_from(std::string_view text);

// In the order of the enumerations.
std::vector<std::string> model_words();
std::vector<std::string> exhaustion_words();
std::vector<std::string> period_words();

struct Terms {
  std::string currency = "EUR";  // ISO 4217.
  Exhaustion exhaustion = Exhaustion::negative;
  std::int64_t overage_per_hour = 0;  // For split, and for a flat fee's minutes beyond the included ones.
  Period period = Period::none;       // In the contract's days, from its first one on.
  std::int64_t included_min = 0;      // Minutes of each period that cost nothing beside.
  // How much of what a period left over may still be used in the next one; absent: all of it.
  std::optional<std::int64_t> roll_over_min = 0;
  std::int64_t fee = 0;    // For each period, or of the project; recurring: of each unit.
  std::int64_t units = 1;  // recurring only.
  // When somebody is told, once each: how much of what was bought is used, in percent; how much is left, in
  // the unit of what was bought; and how many days the contract, or a lot of it, has left.
  std::vector<std::int64_t> notice_percent{80, 95};
  std::vector<std::int64_t> notice_left = {};
  std::vector<std::int64_t> notice_days{30, 7};

  bool operator==(const Terms&) const = default;
};

// Whether a contract of that kind can have them. invalid_argument, naming the field and what it may be,
// otherwise.
[[nodiscard]] base::Status check(Model model, const Terms& terms);

}  // namespace collector::directory
