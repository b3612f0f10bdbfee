#include "collector/directory/code.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/base/utf8.h"

namespace collector::directory {

namespace {

constexpr std::size_t kCodeBytesMax = 24;

// U+00C0 to U+00FF, capitals and small letters alike.
constexpr std::array<std::string_view, 32> kLatin{"a", "a", "a", "a", "a", "a", "ae", "c", "e",  "e", "e",
                                                  "e", "i", "i", "i", "i", "d", "n",  "o", "o",  "o", "o",
                                                  "o", "",  "o", "u", "u", "u", "u",  "y", "th", "y"};

// U+03B1 to U+03C9; the capitals lie 32 below.
constexpr std::array<std::string_view, 25> kGreek{"a", "v", "g", "d", "e",  "z",  "i", "th", "i",
                                                  "k", "l", "m", "n", "x",  "o",  "p", "r",  "s",
                                                  "s", "t", "y", "f", "ch", "ps", "o"};

constexpr std::pair<char32_t, char32_t> kAccented[] = {
    {0x386, 0x3b1}, {0x3ac, 0x3b1}, {0x388, 0x3b5}, {0x3ad, 0x3b5}, {0x389, 0x3b7},
    {0x3ae, 0x3b7}, {0x38a, 0x3b9}, {0x3af, 0x3b9}, {0x3aa, 0x3b9}, {0x3ca, 0x3b9},
    {0x390, 0x3b9}, {0x38c, 0x3bf}, {0x3cc, 0x3bf}, {0x38e, 0x3c5}, {0x3cd, 0x3c5},
    {0x3ab, 0x3c5}, {0x3cb, 0x3c5}, {0x3b0, 0x3c5}, {0x38f, 0x3c9}, {0x3ce, 0x3c9}};

// The character at the beginning of `text`, which is `length` bytes of UTF-8; NUL if that is none.
char32_t letter_at(std::string_view text, std::size_t length) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (length == 0) return 0;  // No character: it parts words.
  if (length == 1) return byte(0);
  char32_t letter = byte(0) & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) letter = (letter << 6) | (byte(i) & 0x3fU);
  return letter;
}

char32_t without_accent(char32_t letter) {
  const auto* const found = std::ranges::find(kAccented, letter, &std::pair<char32_t, char32_t>::first);
  if (found != std::end(kAccented)) return found->second;
  return letter >= 0x391 && letter <= 0x3a9 ? letter + 32 : letter;
}

// The ASCII letters for one; empty: it has none, and parts words unless it is a letter of another script.
std::string spelled(char32_t letter, bool after_omicron) {
  if ((letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9')) {
    return {static_cast<char>(letter)};
  }
  if (letter >= 'A' && letter <= 'Z') return {static_cast<char>(letter + 32)};
  if (letter >= 0xc0 && letter <= 0xff) {
    return letter == 0xdf ? "ss" : std::string{kLatin[(letter - 0xc0) % kLatin.size()]};
  }
  const auto small = without_accent(letter);
  if (small < 0x3b1 || small > 0x3c9) return {};
  if (after_omicron && small == 0x3c5) return "u";
  return std::string{kGreek[small - 0x3b1]};
}

}  // namespace

std::string code_from(std::string_view name) {
  std::string code;
  bool after_omicron = false;
  while (!name.empty()) {
    const auto length = base::utf8_length(name);
    const auto letter = letter_at(name, length);
    const auto ascii = spelled(letter, after_omicron);
    after_omicron = letter == 0x3bf || letter == 0x39f;  // An accent on it says that no "ou" follows.
    name.remove_prefix(std::max<std::size_t>(length, 1));
    if (ascii.empty() && !code.empty() && code.back() != '-') code += '-';
    code += ascii;
  }
  code.resize(std::min(code.size(), kCodeBytesMax));
  if (code.ends_with('-')) code.pop_back();
  return code;
}

std::string numbered_code(const std::string& code, int number) {
  return number < 2 ? code : code + "-" + std::to_string(number);
}

}  // namespace collector::directory
