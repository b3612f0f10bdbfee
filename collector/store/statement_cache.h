// Inside this room only: the statements a connection to SQLite has prepared
// before. To prepare one costs several times what running it does.

#pragma once

#include <string_view>
#include <unordered_map>
#include <vector>

namespace sqlite_api {
struct sqlite3_stmt;
}

namespace collector::store {

// As large as the program has statements, times how deep one is used inside itself.
class StatementCache {
 public:
  StatementCache() = default;
  StatementCache(const StatementCache&) = delete;
  StatementCache& operator=(const StatementCache&) = delete;
  ~StatementCache() { clear(); }

  // One that is prepared and not in use, which is the caller's until keep(); null if there is none.
  sqlite_api::sqlite3_stmt* take(std::string_view sql);
  void keep(std::string_view sql, sqlite_api::sqlite3_stmt* statement);

  // Before the connection is closed: none may be in use.
  void clear();

 private:
  // By where their texts are: those of collector/store/sql have a place of their own for ever.
  std::unordered_map<const char*, std::vector<sqlite_api::sqlite3_stmt*>> idle_;
};

}  // namespace collector::store
