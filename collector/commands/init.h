// `init`: everything a new collector needs, in one folder, in one go.

#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace collector::commands {

struct InitOptions {
  std::filesystem::path directory;     // Made; must not exist, or be empty.
  std::vector<std::string> hosts;      // Names and addresses agents will use; localhost is always added.
  std::string database_url;            // Empty: SQLite in the folder.
  std::string listen_agents;           // Empty: the default.
  std::string mail_transport = "eml";  // smtp, eml, none
  std::string administrator = "admin";
};

// Makes the private CA, the server's certificate, the acknowledgement key, the
// database with its first administrator and the standard template, and a
// commented configuration. Prints the administrator's password, once. If
// anything fails, what was made is removed again. 0, or 1 with a reason.
int run_init(const InitOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
