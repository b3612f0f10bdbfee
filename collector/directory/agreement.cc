#include "collector/directory/agreement.h"

#include <algorithm>
#include <charconv>
#include <functional>

#include "collector/rating/money.h"
#include "common/base/nearest.h"

namespace collector::directory {

namespace {

using base::ErrorCode;
using base::fail;
using std::chrono::year_month_day;

constexpr int kMonthsMax = 1'200;
constexpr int kDaysMax = 36'500;
constexpr std::int64_t kWindowMax = 60 * 24 * 31;

std::unexpected<base::Error> refuse(std::string what) {
  return fail(ErrorCode::invalid_argument, std::move(what));
}

base::Result<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc{} && end == text.data() + text.size()) return value;
  return refuse("'" + std::string{text} + "' is no whole number");
}

using Read = std::function<base::Result<std::int64_t>(std::string_view)>;

// "80,95", each as `read` reads it; nothing for no text.
base::Result<std::vector<std::int64_t>> list(std::string_view text, const Read& read) {
  std::vector<std::int64_t> all;
  for (std::size_t at = 0; at < text.size();) {
    const auto comma = std::min(text.find(',', at), text.size());
    const auto value = read(text.substr(at, comma - at));
    if (!value) return std::unexpected{value.error()};
    all.push_back(*value);
    at = comma + 1;
  }
  return all;
}

std::string list_text(const std::vector<std::int64_t>& numbers,
                      const std::function<std::string(std::int64_t)>& text) {
  std::string all;
  for (const auto one : numbers) all += (all.empty() ? "" : ",") + text(one);
  return all;
}

template <class Value>
base::Status word(Value& place, const std::optional<Value>& value, std::string_view text,
                  const std::vector<std::string>& words) {
  if (value) {
    place = *value;
    return {};
  }
  std::string all;
  for (const auto& one : words) all += (all.empty() ? "" : ", ") + one;
  return refuse("'" + std::string{text} + "' is none of " + all);
}

template <class Place, class Value>
base::Status put(Place& place, base::Result<Value> value) {
  if (!value) return std::unexpected{value.error()};
  place = std::move(*value);
  return {};
}

std::string flag_text(bool flag) {
  return flag ? "true" : "false";
}

base::Status put_flag(bool& place, const std::string& text) {
  if (text != "true" && text != "false") return refuse("'" + text + "' is neither true nor false");
  place = text == "true";
  return {};
}

base::Result<std::optional<std::int64_t>> roll_over(const std::string& text) {
  if (text == "all") return std::optional<std::int64_t>{};
  const auto value = number(text);
  if (!value) return refuse(value.error().message + ", and not 'all'");
  return std::optional{*value};
}

// Minutes, or money as 25.50, by what the contract holds.
Read quantity_of(const Agreement& a) {
  if (a.model != Model::prepaid_money) return number;
  return [&a](std::string_view text) { return rating::money_from(text, a.terms.currency); };
}

struct Field {
  std::string_view name;
  base::Status (*set)(Agreement&, const std::string&);
  std::string (*text)(const Agreement&);
};

base::Result<std::int64_t> money(const Agreement& a, const std::string& text) {
  return rating::money_from(text, a.terms.currency);
}

std::string money(const Agreement& a, std::int64_t amount) {
  return rating::money_text(amount, a.terms.currency);
}

std::string zone_text(const Agreement& a) {
  return a.time_zone;
}

base::Status set_window(Agreement& a, const std::string& text) {
  const auto value = number(text);
  if (!value) return std::unexpected{value.error()};
  if (*value < 0 || *value > kWindowMax)
    return refuse("it may be from 0 to " + std::to_string(kWindowMax) + " minutes");
  a.mail_window_min = *value;
  return {};
}

template <class Value, class Text>
std::string or_empty(const std::optional<Value>& value, Text text) {
  return value ? text(*value) : std::string{};
}

// In the order in which they are laid over: what a field's meaning depends on comes before it.
const std::vector<Field>& fields() {
  using A = Agreement;
  using Text = const std::string&;
  static const std::vector<Field> all{
      {"model", [](A& a, Text t) { return word(a.model, model_from(t), t, model_words()); },
       [](const A& a) { return std::string{to_string(a.model)}; }},
      {"currency",
       [](A& a, Text t) {
         a.terms.currency = t;
         return base::Status{};
       },
       [](const A& a) { return a.terms.currency; }},
      {"duration", [](A& a, Text t) { return put(a.duration, duration_from(t)); },
       [](const A& a) { return or_empty(a.duration, [](const Duration& d) { return to_string(d); }); }},
      {"purchased_min", [](A& a, Text t) { return put(a.purchased_min, number(t)); },
       [](const A& a) { return or_empty(a.purchased_min, [](auto n) { return std::to_string(n); }); }},
      {"purchased_amount", [](A& a, Text t) { return put(a.purchased_amount, money(a, t)); },
       [](const A& a) { return or_empty(a.purchased_amount, [&](auto n) { return money(a, n); }); }},
      {"exhaustion",
       [](A& a, Text t) { return word(a.terms.exhaustion, exhaustion_from(t), t, exhaustion_words()); },
       [](const A& a) { return std::string{to_string(a.terms.exhaustion)}; }},
      {"overage_per_hour", [](A& a, Text t) { return put(a.terms.overage_per_hour, money(a, t)); },
       [](const A& a) { return money(a, a.terms.overage_per_hour); }},
      {"period", [](A& a, Text t) { return word(a.terms.period, period_from(t), t, period_words()); },
       [](const A& a) { return std::string{to_string(a.terms.period)}; }},
      {"included_min", [](A& a, Text t) { return put(a.terms.included_min, number(t)); },
       [](const A& a) { return std::to_string(a.terms.included_min); }},
      {"roll_over_min", [](A& a, Text t) { return put(a.terms.roll_over_min, roll_over(t)); },
       [](const A& a) { return a.terms.roll_over_min ? std::to_string(*a.terms.roll_over_min) : "all"; }},
      {"fee", [](A& a, Text t) { return put(a.terms.fee, money(a, t)); },
       [](const A& a) { return money(a, a.terms.fee); }},
      {"units", [](A& a, Text t) { return put(a.terms.units, number(t)); },
       [](const A& a) { return std::to_string(a.terms.units); }},
      {"notice_percent", [](A& a, Text t) { return put(a.terms.notice_percent, list(t, number)); },
       [](const A& a) {
         return list_text(a.terms.notice_percent, [](std::int64_t n) { return std::to_string(n); });
       }},
      {"notice_left", [](A& a, Text t) { return put(a.terms.notice_left, list(t, quantity_of(a))); },
       [](const A& a) {
         return list_text(a.terms.notice_left, [&](std::int64_t n) {
           return a.model == Model::prepaid_money ? money(a, n) : std::to_string(n);
         });
       }},
      {"notice_days", [](A& a, Text t) { return put(a.terms.notice_days, list(t, number)); },
       [](const A& a) {
         return list_text(a.terms.notice_days, [](std::int64_t n) { return std::to_string(n); });
       }},
      {"time_zone",
       [](A& a, Text t) {
         a.time_zone = t;
         return base::Status{};
       },
       zone_text},
      {"mail_window_min", set_window, [](const A& a) { return std::to_string(a.mail_window_min); }},
      {"mail_no_charge", [](A& a, Text t) { return put_flag(a.mail_no_charge, t); },
       [](const A& a) { return flag_text(a.mail_no_charge); }},
  };
  return all;
}

}  // namespace

base::Result<Duration> duration_from(std::string_view text) {
  const auto wrong = [&] {
    return refuse("'" + std::string{text} + "' is no duration such as 12m, 1y or 30d");
  };
  if (text.size() < 2) return wrong();
  const auto count = number(text.substr(0, text.size() - 1));
  if (!count || *count < 1) return wrong();
  const char unit = text.back();
  if (unit == 'd' && *count <= kDaysMax) return Duration{.months = 0, .days = static_cast<int>(*count)};
  const int months = unit == 'm' ? 1 : unit == 'y' ? 12 : 0;
  if (months == 0 || *count > kMonthsMax / months) return wrong();
  return Duration{.months = static_cast<int>(*count) * months, .days = 0};
}

std::string to_string(const Duration& duration) {
  if (duration.days > 0) return std::to_string(duration.days) + "d";
  return std::to_string(duration.months) + "m";
}

year_month_day months_later(year_month_day day, int months) {
  const auto month = day.year() / day.month() + std::chrono::months{months};
  const year_month_day same = month / day.day();
  return same.ok() ? same : year_month_day{month / std::chrono::last};
}

year_month_day last_day(year_month_day first, const Duration& duration) {
  const auto begin_of_next = std::chrono::sys_days{months_later(first, duration.months)};
  return begin_of_next + std::chrono::days{duration.days - 1};
}

const std::vector<std::string_view>& agreed_names() {
  static const auto names = [] {
    std::vector<std::string_view> all;
    for (const auto& field : fields()) all.push_back(field.name);
    return all;
  }();
  return names;
}

base::Status agree(Agreement& agreement, std::span<const Agreed> agreed) {
  for (const auto& one : agreed) {
    if (std::ranges::find(agreed_names(), one.name) != agreed_names().end()) continue;
    const auto near = base::nearest(one.name, {agreed_names().begin(), agreed_names().end()});
    return refuse("'" + one.name + "' is nothing that a contract agrees" +
                  (near ? "; did you mean '" + *near + "'?" : ""));
  }
  for (const auto& field : fields()) {
    for (const auto& one : agreed) {
      if (one.name != field.name) continue;
      if (auto done = field.set(agreement, one.value); !done)
        return refuse(one.name + ": " + done.error().message);
    }
  }
  return {};
}

std::string agreed_text(const Agreement& agreement, std::string_view name) {
  const auto found = std::ranges::find(fields(), name, &Field::name);
  return found == fields().end() ? "" : found->text(agreement);
}

}  // namespace collector::directory
