#include "agent/platform/processes.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>

namespace agent::platform {

namespace {

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

std::optional<std::uint32_t> pid_of(const std::string& name) {
  std::uint32_t pid = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
  if (error != std::errc{} || end != name.data() + name.size()) return std::nullopt;
  return pid;
}

// The arguments stand one behind the other, each with a NUL at its end.
std::string role_in(const std::filesystem::path& process) {
  std::ifstream in{process / "cmdline", std::ios::binary};
  std::string role;
  std::getline(in, role, '\0');
  role.clear();
  std::getline(in, role, '\0');
  const bool is_word = role.size() <= 32 &&
                       std::ranges::all_of(role, [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
  return is_word ? role : "";
}

}  // namespace

std::vector<RunningProgram> running_programs(std::string_view stem, const std::filesystem::path& proc) {
  std::vector<RunningProgram> found;
  std::error_code error;
  std::filesystem::directory_iterator at{proc, error};
  for (; !error && at != std::filesystem::directory_iterator{}; at.increment(error)) {
    const auto pid = pid_of(at->path().filename().string());
    if (!pid || *pid == static_cast<std::uint32_t>(::getpid())) continue;
    std::ifstream in{at->path() / "comm", std::ios::binary};
    std::string name;
    std::getline(in, name);
    if (!lower(name).starts_with(stem.substr(0, 15))) continue;
    found.push_back({.pid = *pid, .name = name, .role = role_in(at->path())});
  }
  std::ranges::sort(found, {}, &RunningProgram::pid);
  return found;
}

}  // namespace agent::platform
