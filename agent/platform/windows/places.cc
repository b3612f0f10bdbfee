#include "agent/platform/places.h"

#include <windows.h>

#include <array>
#include <cstdlib>

namespace agent::platform {

namespace {

// Wide: a narrow one would be in the system's old code page on systems before the manifest's activeCodePage.
std::filesystem::path environment_path(const wchar_t* name) {
  const wchar_t* value = _wgetenv(name);
  return value == nullptr ? std::filesystem::path{} : std::filesystem::path{value};
}

std::filesystem::path program_data() {
  auto folder = environment_path(L"ProgramData");
  return folder.empty() ? std::filesystem::path{L"C:/ProgramData"} : folder;
}

}  // namespace

std::filesystem::path data_directory() {
  return program_data() / "Deskledger" / "agent";
}

std::filesystem::path config_file() {
  return program_data() / "Deskledger" / "agent.toml";
}

std::string hostname() {
  // The environment's COMPUTERNAME ends after 15 characters.
  std::array<wchar_t, 256> name{};
  auto length = static_cast<DWORD>(name.size());
  if (GetComputerNameExW(ComputerNameDnsHostname, name.data(), &length) == 0) return "";
  return std::filesystem::path{std::wstring_view{name.data(), length}}.string();
}

std::string os_name() {
  // RtlGetVersion tells the truth whatever the program's manifest says.
  using GetVersion = LONG(WINAPI*)(OSVERSIONINFOW*);
  OSVERSIONINFOW version{};
  version.dwOSVersionInfoSize = sizeof version;
  const auto ntdll = GetModuleHandleW(L"ntdll.dll");
  const auto get =
      ntdll == nullptr
          ? nullptr
          : reinterpret_cast<GetVersion>(reinterpret_cast<void*>(GetProcAddress(ntdll, "RtlGetVersion")));
  if (get == nullptr || get(&version) != 0) return "Windows";
  return "Windows " + std::to_string(version.dwMajorVersion) + "." + std::to_string(version.dwMinorVersion) +
         "." + std::to_string(version.dwBuildNumber);
}

tail::System system() {
  return tail::System::windows;
}

tail::Environment environment() {
  tail::Environment env;
  env.program_data = program_data().string();
  env.app_data = environment_path(L"APPDATA").string();
  env.system_root = environment_path(L"SystemRoot").string();
  const auto shared = environment_path(L"PUBLIC");  // C:\Users\Public stands beside all profiles.
  env.users = shared.empty() ? "C:\\Users" : shared.parent_path().string();
  return env;
}

}  // namespace agent::platform
