// `ca show`, `ca rotate`, `ca switch`, `ca finish`, `ca cancel`: the collector's private CA, and how the next
// one takes its place while the agents go on (collector/identity/pki.h).

#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

namespace collector::commands {

struct CaOptions {
  std::filesystem::path config = {};
  bool preview = false;       // Say what would happen, and change nothing. Not for `show`.
  bool leave_behind = false;  // Go on although agents will be shut out. For `switch` and `finish`.
  std::string reason = {};    // Stands beside the change.
  bool json = false;
};

int run_ca_show(const CaOptions& options, std::ostream& out, std::ostream& err);
int run_ca_rotate(const CaOptions& options, std::ostream& out, std::ostream& err);
// 1, naming them, if agents would be shut out and leave_behind was not given; nothing is changed then.
int run_ca_switch(const CaOptions& options, std::ostream& out, std::ostream& err);
int run_ca_finish(const CaOptions& options, std::ostream& out, std::ostream& err);
int run_ca_cancel(const CaOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
