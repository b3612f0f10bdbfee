#include "collector/mail/language.h"

#include <algorithm>

namespace collector::mail {

bool is_language(std::string_view tag) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto fits = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; };
  return tag.size() >= 2 && tag.size() <= 35 && is_letter(tag[0]) && is_letter(tag[1]) &&
         std::ranges::all_of(tag, fits) && !tag.ends_with('-') && tag.find("--") == tag.npos;
}

}  // namespace collector::mail
