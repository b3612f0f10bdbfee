#include "collector/commands/person.h"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

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

}  // namespace collector::commands
