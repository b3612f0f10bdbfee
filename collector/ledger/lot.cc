#include "collector/ledger/lot.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace collector::ledger {

namespace {

using std::chrono::year_month_day;

constexpr std::array kOrigins{std::pair{Origin::bought, std::string_view{"bought"}},
                              std::pair{Origin::included, std::string_view{"included"}},
                              std::pair{Origin::rolled, std::string_view{"rolled"}}};

std::string padded(int number, std::size_t width) {
  const auto text = std::to_string(number);
  return std::string(width - std::min(width, text.size()), '0') + text;
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "2026-11-01", or nothing; of 10 bytes.
std::optional<year_month_day> day_from(std::string_view text) {
  if (text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = number(text.substr(0, 4));
  const auto month = number(text.substr(5, 2));
  const auto day = number(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const year_month_day found{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                             std::chrono::day{static_cast<unsigned>(*day)}};
  if (!found.ok()) return std::nullopt;
  return found;
}

int months_of(directory::Period period) {
  switch (period) {
    case directory::Period::none: return 0;
    case directory::Period::month: return 1;
    case directory::Period::quarter: return 3;
    case directory::Period::year: return 12;
  }
  return 0;
}

}  // namespace

std::string day_text(year_month_day day) {
  return padded(static_cast<int>(day.year()), 4) + "-" +
         padded(static_cast<int>(static_cast<unsigned>(day.month())), 2) + "-" +
         padded(static_cast<int>(static_cast<unsigned>(day.day())), 2);
}

year_month_day plus_days(year_month_day day, int days) {
  return std::chrono::sys_days{day} + std::chrono::days{days};
}

std::string to_string(const Lot& lot) {
  const auto origin = std::ranges::find(kOrigins, lot.origin, &decltype(kOrigins)::value_type::first);
  return std::string{origin->second} + " " + day_text(lot.first_day) + ".." + day_text(lot.last_day);
}

base::Result<Lot> lot_from(std::string_view name) {
  for (const auto& [origin, text] : kOrigins) {
    if (!name.starts_with(text) || name.size() != text.size() + 23) continue;
    const auto first = day_from(name.substr(text.size() + 1, 10));
    const auto last = day_from(name.substr(text.size() + 13));
    if (name[text.size()] != ' ' || name.substr(text.size() + 11, 2) != ".." || !first || !last) continue;
    return Lot{.origin = origin, .first_day = *first, .last_day = *last};
  }
  return base::fail(base::ErrorCode::corrupt, "'" + std::string{name} + "' is no lot of a ledger");
}

std::optional<year_month_day> period_start(const directory::Contract& contract, int index) {
  const int months = months_of(contract.terms.period);
  if (months == 0) return std::nullopt;
  return directory::months_later(contract.start_day, months * index);
}

}  // namespace collector::ledger
