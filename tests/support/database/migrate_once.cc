// migrate_once URL_FILE: makes, once for a run of the tests, the databases with the current schema that
// migrated_sqlite_url() and migrated_postgres_url() are copies of (tests/support/database/fresh_database.h).

#include <cstdio>
#include <fstream>
#include <string>

#include "collector/store/connection.h"
#include "collector/store/migrate.h"
#include "tests/support/database/migrated.h"

namespace {

bool migrated(const std::string& url) {
  using namespace collector;
  auto connection = store::Connection::open(url);
  const base::Status done = connection ? store::migrate(*connection, timing::from_ms(0))
                                       : base::Status{std::unexpected{connection.error()}};
  if (!done) std::fprintf(stderr, "migrate_once: %s: %s\n", url.c_str(), done.error().message.c_str());
  return done.has_value();
}

}  // namespace

int main(int count, char** words) {
  std::string server;
  if (count != 2 || !std::getline(std::ifstream{words[1]}, server)) {
    std::fprintf(stderr, "usage: migrate_once URL_FILE\n");
    return 2;
  }
  return migrated("sqlite:" + support::migrated_file(server)) && migrated(support::migrated_database(server))
             ? 0
             : 1;
}
