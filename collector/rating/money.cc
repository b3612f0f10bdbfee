#include "collector/rating/money.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace collector::rating {

namespace {

constexpr std::array kWithoutDigits{"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW",
                                    "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"};
constexpr std::array kThreeDigits{"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};

constexpr std::size_t kDigitsMax = 15;

std::int64_t one_unit(int digits) {
  return digits == 0 ? 1 : digits == 2 ? 100 : 1'000;
}

}  // namespace

int minor_digits(std::string_view currency) {
  if (std::ranges::find(kWithoutDigits, currency) != kWithoutDigits.end()) return 0;
  return std::ranges::find(kThreeDigits, currency) != kThreeDigits.end() ? 3 : 2;
}

base::Result<std::int64_t> money_from(std::string_view text, std::string_view currency) {
  const int digits = minor_digits(currency);
  const auto refuse = [&] {
    return base::fail(base::ErrorCode::invalid_argument, "'" + std::string{text} + "' is no amount of " +
                                                             std::string{currency} + " such as " +
                                                             money_text(25 * one_unit(digits), currency));
  };
  auto rest = text;
  const bool negative = rest.starts_with('-');
  if (negative) rest.remove_prefix(1);
  const auto point = std::min(rest.find('.'), rest.size());
  auto whole = std::string{rest.substr(0, point)};
  auto parts = point < rest.size() ? std::string{rest.substr(point + 1)} : std::string{};
  const bool has_point = point < rest.size();
  if (whole.empty() || (has_point && parts.empty()) || parts.size() > static_cast<std::size_t>(digits))
    return refuse();
  parts.append(static_cast<std::size_t>(digits) - parts.size(), '0');
  whole += parts;
  const bool numbers = std::ranges::all_of(whole, [](char c) { return c >= '0' && c <= '9'; });
  if (!numbers || whole.size() > kDigitsMax) return refuse();
  std::int64_t amount = 0;
  std::from_chars(whole.data(), whole.data() + whole.size(), amount);
  return negative ? -amount : amount;
}

std::string money_text(std::int64_t amount, std::string_view currency) {
  const auto digits = static_cast<std::size_t>(minor_digits(currency));
  auto text = std::to_string(amount < 0 ? -amount : amount);
  if (digits > 0) {
    if (text.size() <= digits) text.insert(0, digits + 1 - text.size(), '0');
    text.insert(text.size() - digits, ".");
  }
  return (amount < 0 ? "-" : "") + text;
}

}  // namespace collector::rating
