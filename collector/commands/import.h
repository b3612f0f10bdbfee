// `import`: master data and comments from CSV files, all or nothing.

#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace collector::commands {

struct ImportOptions {
  std::filesystem::path config;
  std::vector<std::string> files;
  bool preview = false;  // Say what would change, change nothing.
  bool json = false;
  std::string reason = {};  // Stands beside every change.
};

// 0: taken in whole. 1: nothing was changed; every bad row is named on `err`.
int run_import(const ImportOptions& options, std::ostream& out, std::ostream& err);

// The header line of each kind and one example row.
int print_import_columns(std::ostream& out);

// The same of one kind, and nothing else: a file to fill in.
int print_import_template(const std::string& kind, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
