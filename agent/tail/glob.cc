#include "agent/tail/glob.h"

#include <algorithm>
#include <utility>

namespace agent::tail {

namespace {

char folded(char c, LetterCase letter_case) {
  const bool upper = c >= 'A' && c <= 'Z';
  return letter_case == LetterCase::insensitive && upper ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_pattern(std::string_view text) {
  return text.find_first_of("*?") != std::string_view::npos;
}

}  // namespace

bool glob_matches(std::string_view pattern, std::string_view name, LetterCase letter_case) {
  if (name.starts_with('.') && !pattern.starts_with('.')) return false;
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t star = std::string_view::npos;  // The last '*', and where it stopped matching.
  std::size_t star_end = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_end = n;
    } else if (p < pattern.size() &&
               (pattern[p] == '?' || folded(pattern[p], letter_case) == folded(name[n], letter_case))) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++star_end;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

std::vector<std::string> expand(FileSystem& files, const std::string& pattern, LetterCase letter_case) {
  const char separator = pattern.find('/') == std::string::npos ? '\\' : '/';
  std::vector<std::string> found{""};
  bool first = true;
  std::string_view rest = pattern;
  while (true) {
    const std::size_t end = std::min(rest.find(separator), rest.size());
    const std::string_view component = rest.substr(0, end);
    std::vector<std::string> next;
    for (const std::string& folder : found) {
      const std::string prefix = first ? "" : folder + separator;
      if (!is_pattern(component)) {
        next.push_back(prefix + std::string{component});
        continue;
      }
      const auto names = files.list(folder.empty() ? std::string{first ? "." : "/"} : folder);
      if (!names) continue;
      for (const std::string& name : *names) {
        if (glob_matches(component, name, letter_case)) next.push_back(prefix + name);
      }
    }
    found = std::move(next);
    first = false;
    if (end == rest.size()) return found;
    rest.remove_prefix(end + 1);
  }
}

}  // namespace agent::tail
