#include "collector/commands/workspace.h"

#include <ostream>

#include "collector/store/migrate.h"
#include "common/timing/clock.h"

namespace collector::commands {

base::Result<Workspace> open_workspace(const std::filesystem::path& config_file) {
  auto config = load_config(config_file);
  if (!config) return std::unexpected{config.error()};
  auto database = store::Connection::open(config->database_url);
  if (!database) return std::unexpected{database.error()};
  if (auto done = store::migrate(*database, timing::system_clock().utc()); !done)
    return std::unexpected{done.error()};
  return Workspace{.config = std::move(*config), .database = std::move(*database)};
}

int report(std::ostream& err, const base::Error& error) {
  err << "deskledger-collector: " << error.message << '\n';
  return 1;
}

}  // namespace collector::commands
