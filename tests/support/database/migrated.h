// Where the databases with the current schema are, of which tests get copies.

#pragma once

#include <string>
#include <string_view>

namespace support {

// The name of PostgreSQL's; tests/support/database/postgres.sh creates it empty.
inline constexpr std::string_view kMigrated = "migrated";

// `server` is the line of the URL file: postgresql:host=FOLDER user=... dbname=postgres.
inline std::string migrated_database(std::string server) {
  return server.replace(server.find("dbname="), std::string::npos, "dbname=" + std::string{kMigrated});
}

inline std::string migrated_file(const std::string& server) {
  const auto begin = server.find("host=") + std::string_view{"host="}.size();
  return server.substr(begin, server.find(' ', begin) - begin) + "/migrated.db";
}

}  // namespace support
