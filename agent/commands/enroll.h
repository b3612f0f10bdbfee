// `enroll`: this workstation becomes known to a collector.

#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace agent::commands {

struct EnrollCommand {
  std::optional<std::filesystem::path> config;
  std::optional<std::filesystem::path> data_directory;  // Replaces the configuration's.
  std::string collector;                                // HOST or HOST:PORT; [v6]:PORT.
  std::string token;
  bool replace = false;                   // An enrolment that is there.
  std::optional<std::string> proxy = {};  // Replaces the configuration's proxy.url.
};

// 0 enrolled; 1 not, with the reason; 2 if the collector's address or the token cannot be read.
int run_enroll(const EnrollCommand& command, std::ostream& out, std::ostream& err);

}  // namespace agent::commands
