// `serve`: takes records in, rates, keeps ledgers and mails, until it is told to stop.

#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

namespace collector::commands {

struct ServeOptions {
  std::filesystem::path config;
  std::string listen_agents;    // Replaces the configuration's if not empty; port 0 lets the system choose.
  bool clock_is_right = false;  // Certificates are issued though later times were noted.
};

// Prints one line when it is ready: "listening for agents on PORT". Ends with 0
// on SIGINT and SIGTERM, after what was taken in is committed; 1 with a reason
// if it cannot start. One collector at a time serves one folder.
int run_serve(const ServeOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
