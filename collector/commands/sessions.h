// `sessions`: what was captured, whose it was, what it costs and whether the customer knows.

#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

#include "collector/commands/session_rows.h"

namespace collector::commands {

// A table that says how many more there are is for reading.
inline constexpr std::int64_t kRowsOnATerminal = 100;

struct SessionsOptions {
  std::filesystem::path config;
  // The newest so many; absent: kRowsOnATerminal of a table, all for programs.
  std::optional<std::int64_t> limit;
  bool all = false;                        // Also attempts that never became a session, and withdrawn ones.
  std::optional<std::string> state;        // One of session_states().
  std::optional<std::string> customer;     // A code.
  std::optional<std::int64_t> technician;  // A number.
  std::optional<std::string> contract;     // A name.
  std::optional<std::string> from;         // A day or a time (moment.h); the session's start counts.
  std::optional<std::string> to;           // The first that is not listed any more.
  bool billed = false;                     // Only those that stand in a document.
  bool unbilled = false;                   // Only those that do not.
  bool json = false;  // One array; the fields are documented in docs/operating/collector.md.
  bool csv = false;   // The same as a table for spreadsheets.
};

int run_sessions(const SessionsOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
