#include "agent/platform/places.h"

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>

namespace agent::platform {

namespace {

std::string environment_variable(const char* name) {
  const char* value =
      std::getenv(name);  // NOLINT(concurrency-mt-unsafe): read at start only, nobody sets any
  return value == nullptr ? "" : value;
}

}  // namespace

std::filesystem::path data_directory() {
  const std::filesystem::path base = environment_variable("XDG_DATA_HOME");
  const std::filesystem::path home = environment_variable("HOME");
  // Some service managers start a user's service without HOME. A relative path would be another folder each
  // time.
  if (geteuid() == 0 || (!base.is_absolute() && !home.is_absolute())) return "/var/lib/deskledger-agent";
  return (base.is_absolute() ? base : home / ".local/share") / "deskledger-agent";
}

std::filesystem::path config_file() {
  return "/etc/deskledger/agent.toml";
}

std::string hostname() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string os_name() {
  std::ifstream in{"/etc/os-release"};
  constexpr std::string_view key = "PRETTY_NAME=\"";
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(key) && line.ends_with('"')) {
      return line.substr(key.size(), line.size() - key.size() - 1);
    }
  }
  return "Linux";
}

tail::System system() {
  return tail::System::gnu_linux;
}

tail::Environment environment() {
  tail::Environment env;
  env.home = environment_variable("HOME");
  return env;
}

}  // namespace agent::platform
