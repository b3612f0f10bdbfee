// What a contract agrees, field by field, each by its name and as people type it: {"included_min", "120"}. So
// a template can carry some of it, and whoever makes a contract can say the rest.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collector/directory/terms.h"
#include "common/base/result.h"

namespace collector::directory {

struct Agreed {
  std::string name;
  std::string value;

  bool operator==(const Agreed&) const = default;
};

// How long a contract lasts.
struct Duration {
  int months = 0;  // One of the two is above zero.
  int days = 0;

  bool operator==(const Duration&) const = default;
};

// "12m", "1y", "30d"; up to 1200 months, or to 36500 days. invalid_argument for anything else.
[[nodiscard]] base::Result<Duration> duration_from(std::string_view text);
std::string to_string(const Duration& duration);

// The day so many months later, on the last day of a month that has no such day: 28 February for 31 January
// and one month.
std::chrono::year_month_day months_later(std::chrono::year_month_day day, int months);

// The last day, included, of what begins on `first` and lasts so long: 30 April for 1 May and 12 months, 27
// February for 31 January and one, because the next month of it begins on the 28th.
std::chrono::year_month_day last_day(std::chrono::year_month_day first, const Duration& duration);

struct Agreement {
  Model model = Model::prepaid;
  Terms terms = {};
  std::string time_zone = "UTC";
  std::int64_t mail_window_min = 60;
  bool mail_no_charge = true;
  std::optional<Duration> duration = {};
  // What is bought when it begins, in the contract's unit.
  std::optional<std::int64_t> purchased_min = {};
  std::optional<std::int64_t> purchased_amount = {};

  bool operator==(const Agreement&) const = default;
};

// The names there are, in order: "model", "currency", ...
const std::vector<std::string_view>& agreed_names();

// Lays `fields` over `agreement`, the currency first, because the digits of money depend on it; the last of a
// name counts. invalid_argument, with the name and what it may be, for a name there is not and for what
// cannot be read. Whether it all fits together is for check(): directory/terms.h.
[[nodiscard]] base::Status agree(Agreement& agreement, std::span<const Agreed> fields);

// As agree() reads it; empty for what is not agreed.
std::string agreed_text(const Agreement& agreement, std::string_view name);

}  // namespace collector::directory
