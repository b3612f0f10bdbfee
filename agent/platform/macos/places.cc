#include "agent/platform/places.h"

#include <sys/sysctl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace agent::platform {

namespace {

std::string environment_variable(const char* name) {
  const char* value =
      std::getenv(name);  // NOLINT(concurrency-mt-unsafe): read at start only, nobody sets any
  return value == nullptr ? "" : value;
}

}  // namespace

// Root's is launchd's daemon, which has no HOME (installers/macos).
std::filesystem::path data_directory() {
  const std::filesystem::path home = environment_variable("HOME");
  const std::filesystem::path base =
      geteuid() == 0 || !home.is_absolute() ? std::filesystem::path{"/"} : home;
  return base / "Library/Application Support/Deskledger/agent";
}

std::filesystem::path config_file() {
  return "/Library/Application Support/Deskledger/agent.toml";
}

std::string hostname() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string os_name() {
  std::array<char, 64> version{};
  std::size_t size = version.size() - 1;
  if (sysctlbyname("kern.osproductversion", version.data(), &size, nullptr, 0) != 0) return "macOS";
  return std::string{"macOS "} + version.data();
}

tail::System system() {
  return tail::System::macos;
}

tail::Environment environment() {
  tail::Environment env;
  env.home = environment_variable("HOME");
  return env;
}

}  // namespace agent::platform
