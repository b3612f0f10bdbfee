#include "collector/mail/language_tag.h"

#include <algorithm>

#include "collector/mail/text.h"

namespace collector::mail {

namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

std::string lowered(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

}  // namespace

bool is_language(std::string_view tag) {
  const auto fits = [](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; };
  return tag.size() >= 2 && tag.size() <= 35 && is_letter(tag[0]) && is_letter(tag[1]) &&
         std::ranges::all_of(tag, fits) && !tag.ends_with('-') && tag.find("--") == tag.npos;
}

std::string_view primary(std::string_view tag) {
  return tag.substr(0, tag.find('-'));
}

std::string nearest_language(std::string_view text) {
  text = text.substr(0, text.find_first_of(".@"));  // "el_GR.UTF-8", as systems call it.
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  text = text.substr(first, text.find_last_not_of(" \t") - first + 1);
  auto tag = lowered(text);
  std::ranges::replace_if(tag, [](char c) { return c == '_' || c == ' '; }, '-');
  if (!is_language(tag)) return {};
  const auto country = tag.rfind('-') + 1;  // 0 without one.
  if (country > 0 && tag.size() - country == 2)
    std::transform(tag.begin() + static_cast<std::ptrdiff_t>(country), tag.end(),
                   tag.begin() + static_cast<std::ptrdiff_t>(country), upper);
  return tag;
}

base::Result<std::string> typed_language(std::string_view text) {
  if (is_language(text)) return lowered(text);
  const auto near = nearest_language(text);
  return base::fail(base::ErrorCode::invalid_argument,
                    "'" + one_line(text, 40) + "' is no language such as en, el or pt-BR" +
                        (near.empty() ? "" : "; did you mean " + near + "?"));
}

std::string kept_language(std::string_view text) {
  return is_language(text) ? lowered(text) : lowered(nearest_language(text));
}

}  // namespace collector::mail
