// `sessions`: what was captured, whose it was, what it costs and whether the customer knows.

#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace collector::commands {

struct SessionsOptions {
  std::filesystem::path config;
  std::int64_t limit = 100;
  bool all = false;                     // Also attempts that never became a session.
  std::optional<std::string> state;     // One of session_states().
  std::optional<std::string> customer;  // A code.
  bool json = false;  // One array; the fields are documented in docs/operating/collector.md.
};

int run_sessions(const SessionsOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
