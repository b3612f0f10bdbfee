#include "collector/directory/typed.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace collector::directory {

namespace {

// How long a moment is as people write it.
constexpr std::string_view kDay = "2026-11-21", kMinute = "2026-11-21 09:05", kSecond = "2026-11-21 09:05:07";
constexpr std::string_view kDayBegins = " 00:00";

std::unexpected<base::Error> refuse(std::string_view text, const char* what) {
  return base::fail(base::ErrorCode::invalid_argument, "'" + std::string{text} + "' is no " + what);
}

std::optional<int> number_in(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_alias(std::string_view text) {
  const auto at = text.find('@');
  const auto plain = [](char c) { return static_cast<unsigned char>(c) > ' ' && c != '@'; };
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         std::ranges::all_of(text.substr(0, at), plain) && std::ranges::all_of(text.substr(at + 1), plain);
}

// Two or more labels of letters, digits and hyphens (RFC 1123).
bool is_domain(std::string_view text) {
  if (text.size() > 253 || text.find('.') == text.npos) return false;
  char before = '.';
  for (const char c : text) {
    const bool alnum = is_digit(c) || (c >= 'a' && c <= 'z');
    if (!alnum && c != '-' && c != '.') return false;
    if ((before == '.' && !alnum) || (before == '-' && c == '.')) return false;
    before = c;
  }
  return before != '.' && before != '-';
}

}  // namespace

std::string lower(std::string_view text) {
  std::string low{text};
  std::ranges::transform(low, low.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return low;
}

base::Result<std::string> typed_address(std::string_view text) {
  if (is_alias(text)) return lower(text);
  std::string digits{text};
  std::erase(digits, ' ');
  if (!std::ranges::all_of(digits, is_digit) || digits.size() < 6 || digits.size() > 12) {
    return refuse(text, "AnyDesk ID (digits) or alias (name@namespace)");
  }
  return digits;
}

base::Result<std::chrono::year_month_day> typed_day(std::string_view text) {
  const auto no_day = [&] { return refuse(text, "day such as 2026-11-21"); };
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return no_day();
  const auto year = number_in(text.substr(0, 4)), month = number_in(text.substr(5, 2)),
             day = number_in(text.substr(8));
  if (!year || !month || !day || *year < 1970 || *month < 0 || *day < 0) return no_day();
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return no_day();
  return date;
}

base::Result<timing::UtcMs> typed_moment(std::string_view text) {
  std::string full{text};
  if (full.size() == kDay.size()) full += kDayBegins;
  if (full.size() == kMinute.size()) full += ":00";
  if (full.size() == kSecond.size()) full += 'Z';
  const auto time = timing::from_rfc3339(full);
  if (!time || timing::to_ms(*time) < 0) {
    return refuse(text,
                  "day or time: write 2026-11-21, '2026-11-21 09:05' (UTC) or 2026-11-21T09:05:07+02:00");
  }
  return *time;
}

base::Result<std::vector<std::string>> typed_domains(std::string_view text) {
  constexpr std::string_view between = " ,;\t";
  std::vector<std::string> domains;
  for (std::size_t at = text.find_first_not_of(between); at != text.npos;) {
    const auto end = std::min(text.find_first_of(between, at), text.size());
    auto domain = lower(text.substr(at, end - at));
    if (domain.starts_with('@')) domain.erase(0, 1);
    if (!is_domain(domain)) {
      return refuse(text.substr(at, end - at),
                    "mail domain such as oldmill.example (write other letters as xn--...)");
    }
    if (std::ranges::find(domains, domain) == domains.end()) domains.push_back(std::move(domain));
    at = text.find_first_not_of(between, end);
  }
  std::ranges::sort(domains);
  return domains;
}

}  // namespace collector::directory
