#include "agent/tail/encoding.h"

#include <algorithm>

namespace agent::tail {

namespace {

constexpr Sniffed kEightBit{.encoding = Encoding::eight_bit, .half_first = false};

bool is_ascii_text(char c) {
  return (c >= ' ' && c <= '~') || c == '\t' || c == '\r';
}

enum class Sign { none, weak, strong };

// What the bytes of the current line say for 8-bit text.
class LineSigns {
 public:
  // The sign that a line is whose last byte is `c`.
  Sign add(char c) {
    if (c == '\n') {
      const bool weak = bytes_ > 0 && only_text_;
      const bool strong = longest_run_ >= kRunMin;
      *this = {};
      return strong ? Sign::strong : weak ? Sign::weak : Sign::none;
    }
    ++bytes_;
    run_ = is_ascii_text(c) ? run_ + 1 : 0;
    longest_run_ = std::max(longest_run_, run_);
    only_text_ = only_text_ && run_ > 0;
    return Sign::none;
  }

 private:
  // Eight Chinese characters in a row that look like ASCII do not happen.
  static constexpr std::size_t kRunMin = 16;

  std::size_t bytes_ = 0;
  std::size_t run_ = 0;
  std::size_t longest_run_ = 0;
  bool only_text_ = true;
};

}  // namespace

Sniffed sniff(std::string_view first, Rest rest) {
  const std::size_t nuls = std::min(first.find_first_not_of('\0'), first.size());
  const std::string_view text = first.substr(nuls, kSniffBytesMax);
  if (text.starts_with("\xff\xfe")) return {.encoding = Encoding::utf16le, .half_first = false};

  LineSigns line;
  bool weak = false;
  bool hole = nuls > 0;  // Behind a hole the first byte that is not NUL begins a character.
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto nul_at = [&](std::size_t at) { return text[at] == '\0'; };
    if (i >= 3 && !nul_at(i - 3) && nul_at(i - 2) && !nul_at(i - 1) && nul_at(i)) {
      return {.encoding = Encoding::utf16le, .half_first = !hole && i % 2 == 0};
    }
    hole = hole || (i >= 1 && nul_at(i) && nul_at(i - 1));
    const Sign sign = line.add(text[i]);
    if (sign == Sign::strong) return kEightBit;
    weak = weak || sign == Sign::weak;
  }
  const bool told = rest == Rest::none || (rest == Rest::not_now && weak) || text.size() == kSniffBytesMax;
  return told ? kEightBit : Sniffed{};
}

}  // namespace agent::tail
