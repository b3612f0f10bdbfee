// What the kernel tells of another process: memory, processor time, how often it woke up.

#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>

#include "tests/support/process/process.h"

namespace bench {

// A field of a `status` file of /proc that is a number.
inline std::int64_t field_of(const std::filesystem::path& status, const std::string& field) {
  std::istringstream lines{support::read_file(status)};
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(field + ":")) return std::atoll(line.c_str() + field.size() + 1);
  }
  throw std::runtime_error{"no " + field + " in " + status.string()};
}

inline std::int64_t kib_of(pid_t pid, const std::string& field) {
  return field_of("/proc/" + std::to_string(pid) + "/status", field);
}

// All threads together, since the process began.
struct Activity {
  double cpu_s = 0;
  std::map<std::string, double> threads = {};  // The same by the threads' names.
  std::int64_t wakeups = 0;                    // Times a thread had nothing to do and waited.
};

inline Activity activity_of(pid_t pid) {
  Activity sum;
  for (const auto& task : std::filesystem::directory_iterator{"/proc/" + std::to_string(pid) + "/task"}) {
    sum.wakeups += field_of(task.path() / "status", "voluntary_ctxt_switches");
    // Nanoseconds; `stat` counts in hundredths of a second, which is more than a quiet minute takes.
    const double cpu_s = std::atof(support::read_file(task.path() / "schedstat").c_str()) / 1e9;
    auto name = support::read_file(task.path() / "comm");
    name.erase(name.find_last_not_of('\n') + 1);
    sum.cpu_s += cpu_s;
    sum.threads[name] += cpu_s;
  }
  return sum;
}

inline double mib(std::int64_t kib) {
  return static_cast<double>(kib) / 1024;
}

}  // namespace bench
