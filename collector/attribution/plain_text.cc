#include "collector/attribution/plain_text.h"

#include <cstdint>

namespace collector::attribution {

namespace {

struct Decoded {
  char32_t code = 0;
  std::size_t length = 0;  // 0: the byte here begins no valid character.
};

// One character of UTF-8 (RFC 3629, section 4) at the start of `text`.
Decoded decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return {.code = lead, .length = 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {};
  char32_t code = lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {};
    code = (code << 6U) | (byte(i) & 0x3FU);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (overlong || surrogate || code > 0x10FFFF) return {};
  return {.code = code, .length = length};
}

bool is_blank(char32_t c) {
  return c <= 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0x1680 || (c >= 0x2000 && c <= 0x200B) ||
         c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x2060 || c == 0x3000 ||
         c == 0xFEFF;
}

}  // namespace

std::string to_plain_text(std::string_view bytes) {
  std::string plain;
  plain.reserve(bytes.size());
  while (!bytes.empty()) {
    const auto [code, length] = decode(bytes);
    if (length == 0) {
      plain += "\xEF\xBF\xBD";
      bytes.remove_prefix(1);
      continue;
    }
    if (is_blank(code)) {
      plain += ' ';
    } else {
      plain += bytes.substr(0, length);
    }
    bytes.remove_prefix(length);
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
