#include "agent/platform/command_line.h"

namespace agent::platform {

namespace {

// A quote needs a backslash before it, and backslashes count as themselves only where no quote follows.
std::string quoted(std::string_view part) {
  std::string out{'"'};
  std::size_t backslashes = 0;
  for (const char c : part) {
    if (c == '"') out.append(backslashes + 1, '\\');
    backslashes = c == '\\' ? backslashes + 1 : 0;
    out += c;
  }
  out.append(backslashes, '\\');
  return out += '"';
}

}  // namespace

std::string command_line(std::string_view program, const std::vector<std::string>& arguments) {
  std::string out = quoted(program);
  for (const auto& argument : arguments) {
    const bool plain = !argument.empty() && argument.find_first_of(" \t\"") == std::string::npos;
    out += ' ';
    out += plain ? argument : quoted(argument);
  }
  return out;
}

}  // namespace agent::platform
