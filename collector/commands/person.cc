#include "collector/commands/person.h"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "common/timing/clock.h"

namespace collector::commands {

std::string this_person() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): asked once, before any thread begins.
  const char* caller = std::getenv("SUDO_USER");
  if (caller != nullptr && *caller != '\0') return caller;
  const auto uid = ::getuid();
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr)
    return found->pw_name;
  return "uid " + std::to_string(uid);
}

actions::Actor this_actor(const std::string& reason) {
  return {.who = this_person(), .why = reason, .now = timing::system_clock().utc()};
}

}  // namespace collector::commands
