#include "agent/platform/rights.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <vector>

namespace agent::platform {

namespace {

// The name in a line "name:x:NUMBER:..." of a file such as /etc/passwd. getpwuid() and getgrgid() need the C
// library's plug-ins, which a static program has not got.
std::optional<std::string> name_in(const char* file, unsigned long number) {
  std::ifstream in{file};
  for (std::string line; std::getline(in, line);) {
    std::istringstream columns{line};
    std::string name;
    std::string password;
    std::string id;
    std::getline(columns, name, ':');
    std::getline(columns, password, ':');
    std::getline(columns, id, ':');
    if (id == std::to_string(number)) return name;
  }
  return std::nullopt;
}

}  // namespace

std::string account() {
  if (const auto name = name_in("/etc/passwd", ::geteuid())) return *name;
  const char* user =
      std::getenv("USER");  // NOLINT(concurrency-mt-unsafe): read at start only, nobody sets any
  return user != nullptr && *user != '\0' ? user : std::to_string(::geteuid());
}

bool is_administrator() {
  return ::geteuid() == 0;
}

std::optional<std::string> group_that_reads(const std::filesystem::path& file) {
  struct stat s{};
  if (::stat(file.c_str(), &s) != 0 || (s.st_mode & S_IRGRP) == 0) return std::nullopt;
  return name_in("/etc/group", s.st_gid);
}

}  // namespace agent::platform
