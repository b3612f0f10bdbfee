#include "agent/platform/places.h"

#include <windows.h>

#include <array>
#include <cstdlib>

namespace agent::platform {

namespace {

std::string environment_variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::filesystem::path program_data() {
  const std::string folder = environment_variable("ProgramData");
  return folder.empty() ? std::filesystem::path{"C:/ProgramData"} : std::filesystem::path{folder};
}

}  // namespace

std::filesystem::path data_directory() {
  return program_data() / "Deskledger" / "agent";
}

std::filesystem::path config_file() {
  return program_data() / "Deskledger" / "agent.toml";
}

std::string hostname() {
  return environment_variable("COMPUTERNAME");
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
  env.app_data = environment_variable("APPDATA");
  env.system_root = environment_variable("SystemRoot");
  const std::string profile = environment_variable("PUBLIC");  // C:\Users\Public stands beside all profiles.
  env.users = profile.empty() ? "C:\\Users" : std::filesystem::path{profile}.parent_path().string();
  return env;
}

}  // namespace agent::platform
