#include "collector/store/text.h"

namespace collector::store {
namespace {

// The length of the well-formed character at the start of `text`, 0 if there is
// none (RFC 3629, section 4).
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned char first = byte(0);
  if (first == 0) return 0;
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t at = 1; at < length; ++at) {
    if ((byte(at) & 0xC0) != 0x80) return 0;
  }
  if (first == 0xE0 && byte(1) < 0xA0) return 0;  // Could be said shorter.
  if (first == 0xED && byte(1) > 0x9F) return 0;  // Surrogates.
  if (first == 0xF0 && byte(1) < 0x90) return 0;  // Could be said shorter.
  if (first == 0xF4 && byte(1) > 0x8F) return 0;  // Beyond U+10FFFF.
  return length;
}

}  // namespace

bool is_storable(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string storable(std::string_view text) {
  std::string kept;
  kept.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    kept += length == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return kept;
}

}  // namespace collector::store
