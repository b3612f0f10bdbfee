// `evidence export`: everything that proves the records, in one file. `evidence keys`: the public keys with
// which it is checked.

#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

namespace collector::commands {

struct EvidenceExportOptions {
  std::filesystem::path config;
  std::filesystem::path file;  // Must not exist.
  std::string agent;           // Id or workstation; empty: all.
};
int run_evidence_export(const EvidenceExportOptions& options, std::ostream& out, std::ostream& err);

int run_evidence_keys(const std::filesystem::path& config, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
