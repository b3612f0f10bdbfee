// `begin-anew`: sets the outbox aside and begins a new chain under the same identity, after a person has
// decided that the collector's history is the true one (docs/operating/agent.md).

#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>

namespace agent::commands {

struct BeginAnewOptions {
  std::optional<std::filesystem::path> config;
  std::optional<std::filesystem::path> data_directory;  // Replaces the configuration's.
  bool yes = false;                                     // Without it nothing is done but told what would be.
};

// 0: done, or told; 1: not, with the reason: not enrolled, no outbox, or an agent runs with the folder. The
// outbox is only marked here; the next start of the agent moves it aside, and until then removing the mark
// undoes it.
int run_begin_anew(const BeginAnewOptions& options, std::ostream& out, std::ostream& err);

}  // namespace agent::commands
