// Inside this room only: the statements a connection to SQLite has prepared
// before. To prepare one costs several times what running it does.

#pragma once

#include <map>
#include <string>
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
  sqlite_api::sqlite3_stmt* take(const std::string& sql);
  void keep(const std::string& sql, sqlite_api::sqlite3_stmt* statement);

  // Before the connection is closed: none may be in use.
  void clear();

 private:
  // Texts of one length are few, those that begin alike are many.
  struct ByLength {
    bool operator()(const std::string& a, const std::string& b) const {
      return a.size() != b.size() ? a.size() < b.size() : a < b;
    }
  };
  std::map<std::string, std::vector<sqlite_api::sqlite3_stmt*>, ByLength> idle_;
};

}  // namespace collector::store
