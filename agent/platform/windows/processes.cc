#include "agent/platform/processes.h"

#include <windows.h>

#include <tlhelp32.h>

#include <algorithm>

namespace agent::platform {

namespace {

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

}  // namespace

// The snapshot does not tell arguments, so that no role is known.
std::vector<RunningProgram> running_programs(std::string_view stem, const std::filesystem::path&) {
  std::vector<RunningProgram> found;
  const HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
  if (snapshot == INVALID_HANDLE_VALUE) return found;
  PROCESSENTRY32W entry{};
  entry.dwSize = sizeof entry;
  for (BOOL more = Process32FirstW(snapshot, &entry); more != 0; more = Process32NextW(snapshot, &entry)) {
    const std::string name = std::filesystem::path{entry.szExeFile}.string();
    if (entry.th32ProcessID == GetCurrentProcessId() || !lower(name).starts_with(stem)) continue;
    found.push_back({.pid = entry.th32ProcessID, .name = name, .role = {}});
  }
  CloseHandle(snapshot);
  std::ranges::sort(found, {}, &RunningProgram::pid);
  return found;
}

}  // namespace agent::platform
