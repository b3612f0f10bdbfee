#include "collector/attribution/plain_text.h"

#include <cstdint>

#include "common/base/utf8.h"

namespace collector::attribution {

namespace {

// The character that a well-formed `bytes` of 1 to 4 stands for.
char32_t code_of(std::string_view bytes) {
  const auto byte = [&](std::size_t i) { return char32_t{static_cast<std::uint8_t>(bytes[i])}; };
  if (bytes.size() == 1) return byte(0);
  char32_t code = byte(0) & (0x7FU >> bytes.size());
  for (std::size_t i = 1; i < bytes.size(); ++i) code = (code << 6U) | (byte(i) & 0x3FU);
  return code;
}

bool is_blank(char32_t c) {
  return c <= 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0x1680 || (c >= 0x2000 && c <= 0x200B) ||
         c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x2060 || c == 0x3000 ||
         c == 0xFEFF;
}

}  // namespace

std::string to_plain_text(std::string_view bytes) {
  const std::string text = base::to_valid_utf8(bytes);
  std::string plain;
  plain.reserve(text.size());
  for (std::string_view rest = text; !rest.empty();) {
    const auto character = rest.substr(0, base::utf8_length(rest));
    if (is_blank(code_of(character))) {
      plain += ' ';
    } else {
      plain += character;
    }
    rest.remove_prefix(character.size());
  }
  return plain;
}

std::string tidy(std::string_view plain) {
  std::string text;
  text.reserve(plain.size());
  for (const char c : plain) {
    if (c != ' ') {
      text += c;
    } else if (!text.empty() && text.back() != ' ') {
      text += ' ';
    }
  }
  if (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

}  // namespace collector::attribution
