#include "agent/platform/processes.h"

#include <libproc.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace agent::platform {

namespace {

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

}  // namespace

// Another user's arguments are not told, so that no role is known.
std::vector<RunningProgram> running_programs(std::string_view stem, const std::filesystem::path&) {
  std::vector<RunningProgram> found;
  const int bytes = ::proc_listallpids(nullptr, 0);
  if (bytes <= 0) return found;
  std::vector<pid_t> pids(static_cast<std::size_t>(bytes) + 64);
  const int count = ::proc_listallpids(pids.data(), static_cast<int>(pids.size() * sizeof(pid_t)));
  for (int i = 0; i < count; ++i) {
    const pid_t pid = pids[static_cast<std::size_t>(i)];
    std::array<char, 64> name{};
    if (pid == ::getpid() || ::proc_name(pid, name.data(), name.size()) <= 0) continue;
    if (!lower(name.data()).starts_with(stem)) continue;
    found.push_back({.pid = static_cast<std::uint32_t>(pid), .name = name.data(), .role = {}});
  }
  std::ranges::sort(found, {}, &RunningProgram::pid);
  return found;
}

}  // namespace agent::platform
