// Inside this room only: the statements that a connection to PostgreSQL has prepared before. To plan one
// costs several times what running it does.

#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

namespace collector::store {

class PreparedSoci;

// As large as the program has statements, times how deep one is used inside itself. The server forgets them
// with the connection.
class SociStatementCache {
 public:
  SociStatementCache();
  SociStatementCache(const SociStatementCache&) = delete;
  SociStatementCache& operator=(const SociStatementCache&) = delete;
  ~SociStatementCache();

  // Those not in use, by where their text is: those of collector/store/sql have a place of their own for
  // ever.
  std::vector<std::unique_ptr<PreparedSoci>>& idle(const char* text);

  // One whose execution failed is not used again: SOCI would keep a value of it for a parameter that is NULL
  // the next time. Nor is it ended in the transaction that it broke, where the server refuses that.
  void keep_broken(std::unique_ptr<PreparedSoci> statement);
  void end_broken();

  // Before the connection is closed: none may be in use.
  void clear();

 private:
  std::unordered_map<const char*, std::vector<std::unique_ptr<PreparedSoci>>> idle_;
  std::vector<std::unique_ptr<PreparedSoci>> broken_;
};

}  // namespace collector::store
