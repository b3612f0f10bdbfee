#include "collector/store/session.h"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

#include "common/sqlite/durable_log.h"

namespace collector::store {
namespace {

// PRAGMAs are settings of one connection, except journal_mode, which stays in the
// file. recursive_triggers makes REPLACE fire the triggers that guard
// append-only tables.
constexpr int kBusyTimeout_ms = 10'000;
constexpr const char* sqlite_settings =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
    "PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON; PRAGMA trusted_schema = OFF";

// lock_timeout is the counterpart of SQLite's busy_timeout; the others guard
// against settings of the server, the role or the environment.
constexpr const char* postgresql_settings =
    "SET client_min_messages = warning; SET client_encoding = 'UTF8'; SET standard_conforming_strings = on;"
    "SET synchronous_commit = on; SET lock_timeout = '10s'; SET statement_timeout = '60s';"
    "SET idle_in_transaction_session_timeout = '60s'; SET TIME ZONE 'UTC'";

// SOCI has SQLite's names in a namespace of its own.
sqlite_api::sqlite3* native(soci::session& session) {
  return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
}

void sqlite_script(soci::session& session, const std::string& text) {
  char* message = nullptr;
  const int code = sqlite_api::sqlite3_exec(native(session), text.c_str(), nullptr, nullptr, &message);
  if (code == SQLITE_OK) return;
  const std::string what = message == nullptr ? "unknown error" : message;
  sqlite_api::sqlite3_free(message);
  throw soci::sqlite3_soci_error(what, code);
}

// For the process, before it opens anything: a connection is used by one thread at a time (connection.h), so
// it needs no lock of its own, and nobody asks how much memory SQLite has. Where somebody else of the process
// was there first, SQLite stays as it is, only slower.
void set_up_sqlite_library() {
  static std::once_flag once;
  std::call_once(once, [] {
    sqlite_api::sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite_api::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  });
}

void set_up_sqlite(soci::session& session) {
  sqlite_api::sqlite3_busy_timeout(native(session), kBusyTimeout_ms);
  sqlite_script(session, sqlite_settings);
  const int code = sqlite::make_log_durable(reinterpret_cast<::sqlite3*>(native(session)), kBusyTimeout_ms);
  if (code == SQLITE_OK) return;
  throw soci::sqlite3_soci_error(std::string{"writing the log again: "} + sqlite_api::sqlite3_errstr(code),
                                 code);
}

void postgresql_script(soci::session& session, const std::string& text) {
  auto* backend = static_cast<soci::postgresql_session_backend*>(session.get_backend());
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(backend->conn_, text.c_str()), &PQclear);
  const auto status = PQresultStatus(result.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return;
  const char* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
  throw soci::postgresql_soci_error(PQerrorMessage(backend->conn_), state == nullptr ? "     " : state);
}

base::ErrorCode code_of(const soci::sqlite3_soci_error& error) {
  switch (error.result() & 0xff) {  // The upper bits only say which kind of lock, constraint or device error.
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR: return base::ErrorCode::unavailable;
    case SQLITE_CONSTRAINT: return base::ErrorCode::conflict;
    case SQLITE_FULL:
    case SQLITE_TOOBIG:
    case SQLITE_NOMEM: return base::ErrorCode::resource_exhausted;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH: return base::ErrorCode::permission_denied;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return base::ErrorCode::corrupt;
    default: return base::ErrorCode::internal;
  }
}

// PostgreSQL documentation, appendix A: the first two characters are the class.
base::ErrorCode code_of_sqlstate(const std::string& state) {
  const auto is = [&](std::string_view prefix) { return state.starts_with(prefix); };
  if (is("23")) return base::ErrorCode::conflict;
  if (is("08") || is("40") || is("55P03") || is("57") || is("25P03")) return base::ErrorCode::unavailable;
  if (is("53300")) return base::ErrorCode::unavailable;  // Too many connections.
  if (is("53") || is("54")) return base::ErrorCode::resource_exhausted;
  if (is("28") || is("42501") || is("25006")) return base::ErrorCode::permission_denied;
  if (is("22")) return base::ErrorCode::invalid_argument;
  if (is("XX001") || is("XX002")) return base::ErrorCode::corrupt;
  return base::ErrorCode::internal;
}

bool is_alive(soci::session& session) {
  auto* backend = static_cast<soci::postgresql_session_backend*>(session.get_backend());
  return backend != nullptr && PQstatus(backend->conn_) == CONNECTION_OK;
}

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using Options = std::unique_ptr<PQconninfoOption, FreeOptions>;

// What is set in a connection string of either form; null if it cannot be parsed.
Options parse(const std::string& parameters) {
  char* error = nullptr;
  Options options{PQconninfoParse(parameters.c_str(), &error)};
  PQfreemem(error);
  return options;
}

std::string value_of(const Options& options, std::string_view name) {
  for (const auto* o = options.get(); o != nullptr && o->keyword != nullptr; ++o) {
    if (o->keyword == name && o->val != nullptr) return o->val;
  }
  return {};
}

// How long a database may be unreachable before a thread that waits for it is told so: PostgreSQL's own
// statement_timeout helps only while the server is there. Whatever the url names stays.
constexpr std::pair<std::string_view, std::string_view> kPatience[] = {
    {"connect_timeout", "10"}, {"keepalives_idle", "10"},     {"keepalives_interval", "5"},
    {"keepalives_count", "3"}, {"tcp_user_timeout", "20000"},
};

}  // namespace

std::string with_patience(std::string parameters) {
  for (const auto& [name, value] : kPatience) {
    const auto options = parse(parameters);
    if (!options) return parameters;  // The connecting says what is wrong.
    if (!value_of(options, name).empty()) continue;
    const auto setting = std::string{name} + '=' + std::string{value};
    // A '?' may also stand in a password, so the one that is understood is right.
    for (const char* joint : {"&", "?", " "}) {
      auto longer = parameters + joint + setting;
      if (value_of(parse(longer), name) != value) continue;
      parameters = std::move(longer);
      break;
    }
  }
  return parameters;
}

void Session::connect() {
  connected_ = false;
  statements_.clear();
  soci_statements_.clear();
  soci_.close();
  if (dialect_ == Dialect::sqlite) {
    set_up_sqlite_library();
    soci_.open(soci::connection_parameters(soci::sqlite3, parameters_));
    set_up_sqlite(soci_);
  } else {
    soci_.open(soci::connection_parameters(soci::postgresql, with_patience(parameters_)));
    script(postgresql_settings);
  }
  connected_ = true;
}

void Session::script(const std::string& text) {
  if (dialect_ == Dialect::sqlite) {
    sqlite_script(soci_, text);
  } else {
    postgresql_script(soci_, text);
  }
}

base::Error current_error(Session& session, const std::string& attempted) {
  const auto error = [&](base::ErrorCode code, const std::string& what) {
    return base::Error{code, "store: " + attempted + ": " + what};
  };
  try {
    throw;
  } catch (const StatementFailed& failed) {
    return failed.error;
  } catch (const soci::sqlite3_soci_error& e) {
    return error(code_of(e), e.get_error_message());
  } catch (const soci::postgresql_soci_error& e) {
    if (!session.connected() || !is_alive(session.soci())) {
      session.lost();
      return error(base::ErrorCode::unavailable, "the connection was lost: " + e.get_error_message());
    }
    return error(code_of_sqlstate(e.sqlstate()), e.get_error_message());
  } catch (const soci::soci_error& e) {
    // SOCI's PostgreSQL side reports a refused connection as its plain error.
    if (!session.connected()) return error(base::ErrorCode::unavailable, e.get_error_message());
    return error(base::ErrorCode::internal, e.get_error_message());
  } catch (const std::exception& e) {
    return error(base::ErrorCode::internal, e.what());
  }
}

}  // namespace collector::store
