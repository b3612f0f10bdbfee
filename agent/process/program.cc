#include "agent/process/program.h"

#include <algorithm>

namespace agent::process {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool is_program(std::string_view path, std::string_view stem) {
  const std::size_t slash = path.find_last_of("/\\");
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  return name.size() >= stem.size() &&
         std::equal(stem.begin(), stem.end(), name.begin(), [](char s, char n) { return s == lower(n); });
}

}  // namespace agent::process
