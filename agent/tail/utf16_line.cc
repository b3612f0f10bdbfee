#include "agent/tail/utf16_line.h"

#include <utility>

#include "agent/tail/line.h"

namespace agent::tail {

namespace {

constexpr char32_t kReplacement = 0xfffd;
constexpr char32_t kByteOrderMark = 0xfeff;
constexpr char32_t kShiftedLf = 0x0a00;

bool is_high(char32_t unit) {
  return unit >= 0xd800 && unit <= 0xdbff;
}

bool is_low(char32_t unit) {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

// The bytes of `character` in UTF-8; how many of them.
std::size_t to_utf8(char32_t character, char (&out)[4]) {
  const auto rest = [&](unsigned shift) { return static_cast<char>(0x80 | ((character >> shift) & 0x3f)); };
  if (character < 0x80) {
    out[0] = static_cast<char>(character);
    return 1;
  }
  if (character < 0x800) {
    out[0] = static_cast<char>(0xc0 | (character >> 6));
    out[1] = rest(0);
    return 2;
  }
  if (character < 0x10000) {
    out[0] = static_cast<char>(0xe0 | (character >> 12));
    out[1] = rest(6);
    out[2] = rest(0);
    return 3;
  }
  out[0] = static_cast<char>(0xf0 | (character >> 18));
  out[1] = rest(12);
  out[2] = rest(6);
  out[3] = rest(0);
  return 4;
}

}  // namespace

// Nearly all there is: whole characters of ASCII. How many bytes of them.
std::size_t Utf16Line::take_ascii(std::string_view bytes) {
  if (dropped_ || half_ || in_hole_ || shifted_lf_ || high_surrogate_ != 0) return 0;
  std::size_t at = 0;
  for (; at + 1 < bytes.size() && text_.size() < kLineBytesMax; at += 2) {
    const char low = bytes[at];
    if (bytes[at + 1] != '\0' || low == '\n' || low <= '\0') break;
    text_.push_back(low);
  }
  return at;
}

Utf16Line::Taken Utf16Line::take(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    i += take_ascii(bytes.substr(i));
    if (i == bytes.size()) break;
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (in_hole_) {
      if (byte == 0) {
        ++nul_bytes_;
        continue;
      }
      in_hole_ = false;
    }
    if (shifted_lf_) {
      if (byte == 0) return end_of_line(i + 1);
      shifted_lf_ = false;
      add_unit(kShiftedLf);
    }
    if (!half_) {
      low_ = byte;
      half_ = true;
      continue;
    }
    half_ = false;
    const char32_t unit = low_ | (char32_t{byte} << 8);
    if (unit == U'\n') return end_of_line(i + 1);
    if (unit == 0) {
      nul_bytes_ += 2;
      in_hole_ = true;
    } else if (unit == kShiftedLf) {
      shifted_lf_ = true;
    } else {
      add_unit(unit);
    }
  }
  return {.bytes = bytes.size(), .ended = false};
}

Utf16Line::Taken Utf16Line::end_of_line(std::size_t bytes) {
  end_pair();
  return {.bytes = bytes, .ended = true};
}

Utf16Line::Taken Utf16Line::skip(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (half_ && low_ == '\n' && byte == 0) return {.bytes = i + 1, .ended = true};
    low_ = byte;
    half_ = true;
  }
  return {.bytes = bytes.size(), .ended = false};
}

void Utf16Line::finish() {
  if (shifted_lf_) add_unit(kShiftedLf);
  end_pair();
  if (half_ && low_ == 0) ++nul_bytes_;
  if (half_ && low_ != 0) add_character(kReplacement);
  shifted_lf_ = false;
  half_ = false;
}

void Utf16Line::clear() {
  text_.clear();
  dropped_ = false;
  nul_bytes_ = 0;
  half_ = false;
  in_hole_ = false;
  shifted_lf_ = false;
  high_surrogate_ = 0;
}

void Utf16Line::end_pair() {
  if (std::exchange(high_surrogate_, 0) != 0) add_character(kReplacement);
}

void Utf16Line::add_unit(char32_t unit) {
  if (high_surrogate_ != 0 && is_low(unit)) {
    const char32_t high = std::exchange(high_surrogate_, 0);
    add_character(0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
    return;
  }
  end_pair();
  if (is_high(unit)) {
    high_surrogate_ = unit;
  } else if (is_low(unit)) {
    add_character(kReplacement);
  } else if (unit != kByteOrderMark || !text_.empty()) {
    add_character(unit);
  }
}

void Utf16Line::add_character(char32_t character) {
  if (dropped_) return;
  char utf8[4];
  const std::size_t bytes = to_utf8(character, utf8);
  // The byte more than a line may have is for a CR; half a character is never kept.
  const std::size_t bytes_max = bytes == 1 ? kLineBytesMax + 1 : kLineBytesMax;
  dropped_ = text_.size() + bytes > bytes_max;
  if (!dropped_) text_.append(utf8, bytes);
}

}  // namespace agent::tail
