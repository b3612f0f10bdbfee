#include "collector/mail/mark.h"

#include <algorithm>
#include <optional>

namespace collector::mail {

namespace {

using base::ErrorCode;
using base::fail;

constexpr std::string_view kBlanks = " \t\n";
constexpr std::size_t kNameCharactersMax = 40;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

// The words between two percent signs; nothing if something else stands there.
std::optional<std::vector<std::string_view>> words_of(std::string_view inside) {
  std::vector<std::string_view> words;
  if (inside.starts_with(' ') || inside.ends_with(' ')) return std::nullopt;
  while (!inside.empty()) {
    const auto end = std::min(inside.find(' '), inside.size());
    const auto word = inside.substr(0, end);
    if (!std::ranges::all_of(word, is_name_character)) return std::nullopt;
    if (!word.empty()) words.push_back(word);
    inside.remove_prefix(std::min(end + 1, inside.size()));
  }
  return words;
}

// What somebody probably meant as a name, though none is written so: "session count", "πελάτης". Letters, '_'
// and single blanks, so that a sentence between two percent signs that stand for themselves is none.
bool is_like_a_name(std::string_view inside) {
  const auto fits = [](char c) {
    return c == ' ' || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           static_cast<unsigned char>(c) >= 0x80;
  };
  const auto begins_a_character = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; };
  if (inside.empty() || inside.starts_with(' ') || inside.ends_with(' ')) return false;
  if (inside.starts_with("if ") || inside.starts_with("each ")) return false;
  return std::ranges::all_of(inside, fits) && inside.find("  ") == inside.npos &&
         std::ranges::count_if(inside, begins_a_character) <= std::ptrdiff_t{kNameCharactersMax};
}

std::optional<Mark> mark_of(const std::vector<std::string_view>& words) {
  const auto made = [](Mark::Is is, std::string_view text, bool negated = false) {
    return Mark{.is = is, .text = std::string{text}, .negated = negated};
  };
  if (words.empty()) return made(Mark::Is::literal, "%");
  if (words.size() == 1) {
    if (words[0] == "else") return made(Mark::Is::otherwise, "");
    if (words[0] == "end") return made(Mark::Is::end, "");
    return made(Mark::Is::value, words[0]);
  }
  if (words[0] == "each" && words.size() == 2) return made(Mark::Is::each, words[1]);
  if (words[0] != "if") return std::nullopt;
  if (words.size() == 2) return made(Mark::Is::when, words[1]);
  if (words.size() == 3 && words[1] == "not") return made(Mark::Is::when, words[2], true);
  return std::nullopt;
}

void append_literal(std::vector<Mark>& marks, std::string_view text) {
  if (text.empty()) return;
  if (marks.empty() || marks.back().is != Mark::Is::literal) marks.push_back({});
  marks.back().text += text;
}

bool is_block(const Mark& mark) {
  return mark.is != Mark::Is::literal && mark.is != Mark::Is::value;
}

bool is_blank(const Mark& mark) {
  return mark.is == Mark::Is::literal && mark.text.find_first_not_of(kBlanks) == std::string::npos;
}

}  // namespace

base::Result<std::vector<Mark>> marks_of(std::string_view line) {
  std::vector<Mark> marks;
  while (!line.empty()) {
    const auto percent = std::min(line.find('%'), line.size());
    append_literal(marks, line.substr(0, percent));
    line.remove_prefix(percent);
    if (line.empty()) break;
    const auto end = line.find('%', 1);
    const auto words = end == line.npos ? std::nullopt : words_of(line.substr(1, end - 1));
    auto mark = words ? mark_of(*words) : std::nullopt;
    if (const auto inside = line.substr(1, end - 1); !mark && end != line.npos && is_like_a_name(inside))
      mark = Mark{.is = Mark::Is::value, .text = std::string{inside}};
    if (!mark) {
      return fail(ErrorCode::invalid_argument, "a percent sign that begins no token is written %%");
    }
    if (mark->is == Mark::Is::literal) {
      append_literal(marks, mark->text);
    } else {
      marks.push_back(*std::move(mark));
    }
    line.remove_prefix(end + 1);
  }
  const bool alone = std::ranges::any_of(marks, is_block) &&
                     std::ranges::all_of(marks, [](const Mark& m) { return is_block(m) || is_blank(m); });
  if (alone) std::erase_if(marks, is_blank);
  return marks;
}

}  // namespace collector::mail
