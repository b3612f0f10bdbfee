// `doctor`: what of AnyDesk is on this machine, what may not be read and how to
// mend that, and whether the agent is well. Works before enrolment and as any
// user; changes nothing.

#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace agent::commands {

struct DoctorOptions {
  std::optional<std::filesystem::path> config;
  std::optional<std::filesystem::path> data_directory;  // Replaces the configuration's.
  bool json = false;
};

// 0: all is well, hints aside; 1: something needs a person.
int run_doctor(const DoctorOptions& options, std::ostream& out);

}  // namespace agent::commands
