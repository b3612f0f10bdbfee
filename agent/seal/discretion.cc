#include "agent/seal/discretion.h"

#include <algorithm>

#include "common/base/utf8.h"

namespace agent::seal {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_token(std::string_view text, std::string_view further) {
  return !text.empty() && std::ranges::all_of(text, [further](char c) {
    return is_letter(c) || is_digit(c) || further.find(c) != std::string_view::npos;
  });
}

}  // namespace

bool is_remote_id(std::string_view text) {
  if (!text.empty() && std::ranges::all_of(text, is_digit)) return true;
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || !base::is_utf8(text)) return false;
  // What separates the parts of an address, a path or a sentence is in no name.
  const bool is_name = text.substr(0, at).find_first_of(" \t/\\:[]<>'\"") == std::string_view::npos;
  const std::string_view space = text.substr(at + 1);
  return is_name && is_token(space, "-_.") &&
         !std::ranges::all_of(space, [](char c) { return is_digit(c) || c == '.'; });
}

std::string_view discreet_reason(std::string_view reason) {
  const auto is_word = [](char c) { return is_letter(c) || c == ' '; };
  const auto end = std::ranges::find_if_not(reason, is_word);
  std::string_view words = reason.substr(0, static_cast<std::size_t>(end - reason.begin()));
  const std::string_view rest = reason.substr(words.size());
  if (rest.empty()) return reason;
  if (rest.starts_with(": ") && is_token(rest.substr(2), "_")) return reason;
  // The last word may be the beginning of what is cut off.
  if (!rest.starts_with(':')) words = words.substr(0, words.find_last_of(' ') + 1);
  while (words.ends_with(' ')) words.remove_suffix(1);
  return words;
}

}  // namespace agent::seal
