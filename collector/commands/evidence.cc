#include "collector/commands/evidence.h"

#include <ostream>

#include "collector/commands/log_key.h"
#include "collector/commands/workspace.h"
#include "collector/proof/bundle.h"
#include "common/timing/clock.h"

namespace collector::commands {

int run_evidence_export(const EvidenceExportOptions& options, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(options.config);
  if (!workspace) return report(err, workspace.error());
  proof::ExportOptions to_export{.origin = workspace->config.proof_origin,
                                 .created = timing::system_clock().utc()};
  if (!options.agent.empty()) {
    auto agent = agent_named(workspace->database, options.agent);
    if (!agent) return report(err, agent.error());
    to_export.agent = std::move(*agent);
  }
  const auto done = proof::export_bundle(workspace->database, options.file, to_export);
  if (!done) return report(err, done.error());
  out << done->records << " records of " << done->agents << " agents, " << done->leaves
      << " leaves of the log and " << (done->changes ? std::to_string(*done->changes) : std::string{"no"})
      << " changes by people are in " << options.file.string() << '\n'
      << "Check it anywhere: deskledger-collector verify --bundle " << options.file.string()
      << " --keys KEYS\n";
  return 0;
}

int run_evidence_keys(const std::filesystem::path& config, std::ostream& out, std::ostream& err) {
  auto workspace = open_workspace(config);
  if (!workspace) return report(err, workspace.error());
  const auto keys = public_keys(workspace->config, workspace->database);
  if (!keys) return report(err, keys.error());
  out << "# Public keys of a Deskledger collector, " << timing::to_rfc3339(timing::system_clock().utc())
      << ".\n# Keep this file away from the collector; docs/operating/collector.md says what for.\n"
      << proof::keys_text(*keys);
  return 0;
}

}  // namespace collector::commands
