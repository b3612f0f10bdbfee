#include "tests/support/database/fresh_database.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <vector>

#include "tests/support/database/migrated.h"

namespace support {
namespace {

constexpr std::string_view scheme = "postgresql:";
constexpr std::string_view maintenance = "dbname=postgres";

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "fresh_database: %s\n", why.c_str());
  std::_Exit(1);
}

// Where tests/support/database/postgres.sh says the server is; empty if none runs.
std::string running_server() {
  std::ifstream file(POSTGRES_URL_FILE);
  std::string url;
  return std::getline(file, url) && url.starts_with(scheme) ? url : "";
}

std::string server_url() {
  auto url = running_server();
  if (url.empty()) {
    give_up(
        "no PostgreSQL runs: start this test with ctest, or run tests/support/database/postgres.sh "
        "start " POSTGRES_URL_FILE);
  }
  return url;
}

void run_on_server(const std::string& statement) {
  PGconn* connection = PQconnectdb(server_url().substr(scheme.size()).c_str());
  if (PQstatus(connection) != CONNECTION_OK) give_up(PQerrorMessage(connection));
  PGresult* result = PQexec(connection, statement.c_str());
  if (PQresultStatus(result) != PGRES_COMMAND_OK) give_up(statement + ": " + PQerrorMessage(connection));
  PQclear(result);
  PQfinish(connection);
}

// What this program made, removed when it ends.
class Made {
 public:
  ~Made() {
    for (const auto& name : databases_) run_on_server("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  std::string database(const std::string& like = "template0") {
    const std::lock_guard lock(mutex_);
    databases_.push_back("test_" + std::to_string(::getpid()) + "_" + std::to_string(++count_));
    run_on_server("CREATE DATABASE " + databases_.back() + " TEMPLATE " + like + " STRATEGY file_copy");
    return databases_.back();
  }

  void drop(const std::string& name) {
    const std::lock_guard lock(mutex_);
    run_on_server("DROP DATABASE " + name + " WITH (FORCE)");
    std::erase(databases_, name);
  }

  std::string file() {
    const std::lock_guard lock(mutex_);
    if (folder_.empty()) {
      std::string pattern = (std::filesystem::temp_directory_path() / "deskledger-database.XXXXXX").string();
      if (::mkdtemp(pattern.data()) == nullptr) give_up("no temporary folder");
      folder_ = pattern;
    }
    return (folder_ / ("test " + std::to_string(++count_) + ".db")).string();
  }

 private:
  std::mutex mutex_;
  int count_ = 0;
  std::vector<std::string> databases_;
  std::filesystem::path folder_;
};

Made& made() {
  static Made all;
  return all;
}

}  // namespace

std::string fresh_sqlite_url() {
  return "sqlite:" + made().file();
}

namespace {

bool is_sqlite(const std::string& url) {
  return url.starts_with("sqlite:");
}

std::string url_of(const std::string& database) {
  std::string url = server_url();
  url.replace(url.find(maintenance), maintenance.size(), "dbname=" + database);
  return url;
}

// The database that a url of url_of() names.
std::string database_of(const std::string& url) {
  const auto begin = url.find("dbname=") + std::string_view("dbname=").size();
  return url.substr(begin, url.find(' ', begin) - begin);
}

}  // namespace

std::string fresh_postgres_url() {
  return url_of(made().database());
}

std::string migrated_postgres_url() {
  return url_of(made().database(std::string{kMigrated}));
}

std::string migrated_sqlite_url() {
  auto url = fresh_sqlite_url();
  const auto server = running_server();
  if (!server.empty()) std::filesystem::copy_file(migrated_file(server), sqlite_path(url));
  return url;
}

std::string copy_of(const std::string& url) {
  if (!is_sqlite(url)) return url_of(made().database(database_of(url)));
  const auto copy = fresh_sqlite_url();
  std::filesystem::copy_file(sqlite_path(url), sqlite_path(copy));
  return copy;
}

void drop(const std::string& url) {
  if (!is_sqlite(url)) return made().drop(database_of(url));
  for (const char* kind : {"", "-wal", "-shm"}) std::filesystem::remove(sqlite_path(url) + kind);
}

std::string sqlite_path(const std::string& url) {
  return url.substr(std::string_view("sqlite:").size());
}

}  // namespace support
