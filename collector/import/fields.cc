#include "collector/import/fields.h"

#include <algorithm>
#include <charconv>

#include "collector/directory/typed.h"
#include "collector/mail/address.h"
#include "collector/mail/language_tag.h"
#include "collector/store/text.h"
#include "common/base/json_text.h"
#include "common/base/nearest.h"

namespace collector::import {

namespace {

// What a technician wrote has no limit; everything else is a name, a number or a time.
constexpr std::string_view kLongColumn = "comment";

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return std::string{text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1)};
}

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Fields::Fields(const std::vector<std::string>& header, const CsvRow& row) {
  for (std::size_t i = 0; i < header.size(); ++i) {
    cells_[header[i]] = trimmed(row.fields[i]);
    if (!store::is_storable(row.fields[i])) {
      complain(header[i], "is not UTF-8 text");
    } else if (header[i] != kLongColumn && cells_[header[i]].size() > store::key_bytes_max) {
      complain(header[i], "is longer than " + std::to_string(store::key_bytes_max) + " bytes");
    }
  }
}

template <class Value>
std::optional<Value> Fields::taken(std::string_view column, const base::Result<Value>& value) {
  if (value) return *value;
  complain(column, value.error().message);
  return std::nullopt;
}

bool Fields::has(std::string_view column) const {
  return cells_.contains(column);
}

std::string Fields::cell(std::string_view column) const {
  const auto found = cells_.find(column);
  return found == cells_.end() ? std::string{} : found->second;
}

std::string Fields::json() const {
  std::string object;
  for (const auto& [column, cell] : cells_) {
    object += (object.empty() ? "" : ",") + base::json_quote(column) + ":" + base::json_quote(cell);
  }
  return "{" + object + "}";
}

void Fields::complain(std::string_view column, std::string what) {
  problems_.push_back(std::string{column} + " " + std::move(what));
}

std::string Fields::text(std::string_view column) {
  auto value = cell(column);
  if (value.empty()) complain(column, "is empty");
  return value;
}

std::string Fields::optional_text(std::string_view column) {
  return cell(column);
}

std::optional<std::int64_t> Fields::optional_integer(std::string_view column, std::int64_t min,
                                                     std::int64_t max) {
  const auto text = cell(column);
  if (text.empty()) return std::nullopt;
  const auto value = number_in(text);
  if (value && *value >= min && *value <= max) return value;
  complain(column,
           "'" + text + "' is no whole number from " + std::to_string(min) + " to " + std::to_string(max));
  return std::nullopt;
}

std::int64_t Fields::integer(std::string_view column, std::int64_t min, std::int64_t max,
                             std::optional<std::int64_t> fallback) {
  if (cell(column).empty() && !fallback) complain(column, "is empty");
  return optional_integer(column, min, max).value_or(fallback.value_or(min));
}

bool Fields::flag(std::string_view column, bool fallback) {
  const auto text = cell(column);
  if (text.empty()) return fallback;
  if (text != "yes" && text != "no") complain(column, "'" + text + "' must be yes or no");
  return text == "yes";
}

std::string Fields::choice(std::string_view column, const std::vector<std::string>& allowed) {
  auto text = cell(column);
  if (std::ranges::find(allowed, text) != allowed.end()) return text;
  std::string list;
  for (const auto& one : allowed) list += (list.empty() ? "" : ", ") + one;
  const auto near = base::nearest(text, allowed);
  complain(column, "'" + text + "' must be one of: " + list + (near ? " (did you mean " + *near + "?)" : ""));
  return allowed.front();
}

std::string Fields::email(std::string_view column) {
  auto text = cell(column);
  if (text.empty() || mail::is_address(text)) return text;
  complain(column, "'" + text + "' is no e-mail address");
  return {};
}

std::string Fields::language(std::string_view column) {
  const auto text = cell(column);
  return text.empty() ? text : taken(column, mail::typed_language(text)).value_or("");
}

std::optional<std::chrono::year_month_day> Fields::optional_day(std::string_view column) {
  const auto text = cell(column);
  if (text.empty()) return std::nullopt;
  return taken(column, directory::typed_day(text));
}

std::chrono::year_month_day Fields::day(std::string_view column) {
  if (cell(column).empty()) complain(column, "is empty");
  return optional_day(column).value_or(std::chrono::year_month_day{});
}

std::optional<timing::UtcMs> Fields::optional_moment(std::string_view column) {
  const auto text = cell(column);
  if (text.empty()) return std::nullopt;
  return taken(column, directory::typed_moment(text));
}

timing::UtcMs Fields::moment(std::string_view column) {
  if (cell(column).empty()) complain(column, "is empty");
  return optional_moment(column).value_or(timing::UtcMs{});
}

std::string Fields::anydesk_address(std::string_view column) {
  const auto text = cell(column);
  if (text.empty()) return text;
  return taken(column, directory::typed_address(text)).value_or(text);
}

std::vector<std::string> Fields::domains(std::string_view column) {
  return taken(column, directory::typed_domains(cell(column))).value_or(std::vector<std::string>{});
}

}  // namespace collector::import
