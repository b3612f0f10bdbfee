// What may not stand in the HTML of a mail, because it runs or fetches something. Inside this room. Pure.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace collector::mail {

// By its name in lower case: it runs or fetches something, or what is inside is read by other rules.
bool is_forbidden_element(std::string_view element);

// What is wrong with the style sheet or the value of a style: it fetches something that is not embedded, or
// is written in a way that hides what it does. In lower case; nothing if it can be used.
std::optional<std::string> css_flaw(std::string_view css);

// As a browser will read it; element and name in lower case.
struct Attribute {
  std::string element;
  std::string name;
  std::string value;        // Not decoded; tokens as something harmless, of the logo as "cid:".
  bool has_blocks = false;  // %if% or %each% in the value, of which all branches stand in it.
};

// What is wrong with it: it runs, fetches or leads away. Nothing if it can be used.
std::optional<std::string> attribute_flaw(const Attribute& attribute);

}  // namespace collector::mail
