// `rerate`: rating the unbilled sessions of some days again, with a preview of every difference.

#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace collector::commands {

struct RerateOptions {
  std::filesystem::path config;
  std::string from;  // Days, both inclusive, in each contract's time zone.
  std::string to;
  std::optional<std::string> customer = {};       // A code.
  std::optional<std::string> contract = {};       // A name.
  std::optional<std::string> template_name = {};  // As named_template() takes it.
  bool current = false;                           // The newest version of what each contract has.
  bool apply = false;
  std::string why = {};
  bool json = false;
};
// Without `apply` nothing is written. Applied, it is decided once for each contract of which something would
// change; the collector's next run carries it out.
int run_rerate(const RerateOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
