#include "agent/platform/rights.h"

#include <windows.h>

#include <array>

namespace agent::platform {

std::string account() {
  std::array<wchar_t, 257> name{};
  auto length = static_cast<DWORD>(name.size());
  if (GetUserNameW(name.data(), &length) == 0 || length == 0) return "this user";
  return std::filesystem::path{std::wstring_view{name.data(), length - 1}}.string();
}

bool is_administrator() {
  HANDLE token = nullptr;
  if (OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token) == 0) return false;
  TOKEN_ELEVATION elevation{};
  DWORD length = 0;
  const bool told = GetTokenInformation(token, TokenElevation, &elevation, sizeof elevation, &length) != 0;
  CloseHandle(token);
  return told && elevation.TokenIsElevated != 0;
}

std::optional<std::string> group_that_reads(const std::filesystem::path&) {
  return std::nullopt;
}

}  // namespace agent::platform
