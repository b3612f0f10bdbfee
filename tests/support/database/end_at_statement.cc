#include "tests/support/database/end_at_statement.h"

#include <dlfcn.h>
#include <libpq-fe.h>
#include <sqlite3.h>
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

// SQLite calls it for each connection that is opened.
int watch(sqlite3* database, const char**, const void*) {
  return sqlite3_trace_v2(database, SQLITE_TRACE_STMT, traced, nullptr);
}

// What libpq has under a name that is ours in this program.
template <class Function>
Function* libpq(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
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

}  // namespace support

// Between the program and libpq, which has no hook of its own.
extern "C" {

PGresult* PQexec(PGconn* connection, const char* text) {
  static auto* const real = support::libpq<decltype(PQexec)>("PQexec");
  support::count();
  return real(connection, text);
}

PGresult* PQexecParams(PGconn* connection, const char* text, int count, const Oid* types,
                       const char* const* values, const int* lengths, const int* formats, int result_format) {
  static auto* const real = support::libpq<decltype(PQexecParams)>("PQexecParams");
  support::count();
  return real(connection, text, count, types, values, lengths, formats, result_format);
}

PGresult* PQexecPrepared(PGconn* connection, const char* name, int count, const char* const* values,
                         const int* lengths, const int* formats, int result_format) {
  static auto* const real = support::libpq<decltype(PQexecPrepared)>("PQexecPrepared");
  support::count();
  return real(connection, name, count, values, lengths, formats, result_format);
}

}  // extern "C"
