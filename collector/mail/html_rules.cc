#include "collector/mail/html_rules.h"

#include <algorithm>
#include <array>

namespace collector::mail {

namespace {

constexpr std::array<std::string_view, 23> kForbidden{
    "script", "base",     "form", "iframe",  "object",   "embed",    "applet",   "link",
    "frame",  "frameset", "svg",  "math",    "video",    "audio",    "source",   "track",
    "portal", "textarea", "xmp",  "noembed", "noframes", "noscript", "plaintext"};
// They fetch, and have no use with an embedded picture.
constexpr std::array<std::string_view, 7> kFetching{"srcset", "poster", "data",    "lowsrc",
                                                    "dynsrc", "ping",   "manifest"};
constexpr std::array<std::string_view, 5> kTargets{"https:", "http:", "mailto:", "tel:", "#"};

std::string lowered(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

std::string_view without_blanks_before(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t\n\"'"), text.size()));
}

// Every url(...) is of an embedded picture.
bool fetches_nothing(std::string_view css) {
  for (auto at = css.find("url("); at != css.npos; at = css.find("url(", at + 1)) {
    if (!without_blanks_before(css.substr(at + 4)).starts_with("cid:")) return false;
  }
  return true;
}

// A character reference in a style could spell what is looked for; these cannot.
bool has_odd_references(std::string_view value) {
  for (auto at = value.find('&'); at != value.npos; at = value.find('&', at + 1)) {
    const auto rest = value.substr(at);
    if (!rest.starts_with("&quot;") && !rest.starts_with("&amp;") && !rest.starts_with("&#39;")) return true;
  }
  return false;
}

std::optional<std::string> style_flaw(const Attribute& style) {
  if (has_odd_references(style.value)) return "a character reference cannot be used in a style";
  if (style.has_blocks && style.value.find_first_of("(@&") != style.value.npos)
    return "a style with a block in it can have no '(', '@' or '&'";
  return css_flaw(lowered(style.value));
}

}  // namespace

bool is_forbidden_element(std::string_view element) {
  return std::ranges::find(kForbidden, element) != kForbidden.end();
}

std::optional<std::string> css_flaw(std::string_view css) {
  if (has(css, "\\")) return "a backslash cannot be used in a style";
  for (const std::string_view word : {"@import", "image(", "image-set(", "expression(", "behavior:"}) {
    if (has(css, word)) return std::string{word} + " cannot be used in a style: it fetches or runs something";
  }
  if (!fetches_nothing(css)) return "url( in a style must be of the embedded logo: cid:...";
  return std::nullopt;
}

std::optional<std::string> attribute_flaw(const Attribute& attribute) {
  const auto& name = attribute.name;
  if (name.starts_with("on")) return name + "= cannot be used in a mail: it runs something";
  if (std::ranges::find(kFetching, name) != kFetching.end())
    return name + "= cannot be used in a mail: it fetches something";
  if (name == "style") return style_flaw(attribute);
  const auto value = lowered(without_blanks_before(attribute.value));
  const bool is_source = name == "src" || name == "background";
  const bool is_target = name == "href";
  const bool is_header = name == "http-equiv";
  if (attribute.has_blocks && (is_source || is_target || is_header))
    return "a block cannot stand inside " + name + "=; put the whole tag into it";
  if (is_source && !value.empty() && !value.starts_with("cid:"))
    return name + "= must be %logo%: nothing is fetched from outside";
  if (is_target && std::ranges::none_of(kTargets, [&](auto begin) { return value.starts_with(begin); }))
    return "href= must begin with https:, http:, mailto:, tel: or #";
  if (is_header && value != "content-type" && value != "x-ua-compatible")
    return "http-equiv= can only be Content-Type or X-UA-Compatible";
  return std::nullopt;
}

}  // namespace collector::mail
