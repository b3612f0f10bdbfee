#include "tests/support/database/end_at_statement.h"

#include <dlfcn.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>

namespace support {
namespace {

std::atomic<bool> counting = false;
std::atomic<std::int64_t> given = 0;
std::atomic<std::int64_t> last = 0;

void count() {
  if (counting && ++given == last) ::_exit(kEndedAtStatement);
}

int traced(unsigned, void*, void*, void*) {
  count();
  return 0;
}

std::atomic<std::int64_t> until_lost = 0;
std::atomic<bool> losing = false;

// Whether this commit is the one.
bool is_lost() {
  return losing && --until_lost == 0;
}

int refuse_commit(void*) {
  return is_lost() ? 1 : 0;
}

int watch_commits(sqlite3* database, const char**, const void*) {
  sqlite3_commit_hook(database, refuse_commit, nullptr);
  return SQLITE_OK;
}

// SQLite calls it for each connection that is opened.
int watch(sqlite3* database, const char**, const void*) {
  return sqlite3_trace_v2(database, SQLITE_TRACE_STMT, traced, nullptr);
}

// What libpq has under a name that is ours in this program.
template <class Function>
Function* libpq(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

// The result, or what is found out when the connection is gone.
PGresult* unless_lost(PGconn* connection, const char* text, PGresult* result) {
  if (::strcasecmp(text, "COMMIT") != 0 || !is_lost()) return result;
  PQclear(result);
  ::shutdown(PQsocket(connection), SHUT_RDWR);
  return libpq<decltype(PQexec)>("PQexec")(connection, "SELECT 1");
}

}  // namespace

void end_at_statement(std::int64_t number) {
  sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch));
  given = 0;
  last = number;
  counting = true;
}

std::int64_t statements_given() {
  return given;
}

void lose_commit(std::int64_t number) {
  sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch_commits));
  until_lost = number;
  losing = number > 0;
}

std::int64_t commits_to_lose() {
  return until_lost;
}

}  // namespace support

// Between the program and libpq, which has no hook of its own.
extern "C" {

PGresult* PQexec(PGconn* connection, const char* text) {
  static auto* const real = support::libpq<decltype(PQexec)>("PQexec");
  support::count();
  return support::unless_lost(connection, text, real(connection, text));
}

PGresult* PQexecParams(PGconn* connection, const char* text, int count, const Oid* types,
                       const char* const* values, const int* lengths, const int* formats, int result_format) {
  static auto* const real = support::libpq<decltype(PQexecParams)>("PQexecParams");
  support::count();
  return support::unless_lost(connection, text,
                              real(connection, text, count, types, values, lengths, formats, result_format));
}

PGresult* PQexecPrepared(PGconn* connection, const char* name, int count, const char* const* values,
                         const int* lengths, const int* formats, int result_format) {
  static auto* const real = support::libpq<decltype(PQexecPrepared)>("PQexecPrepared");
  support::count();
  return real(connection, name, count, values, lengths, formats, result_format);
}

}  // extern "C"
