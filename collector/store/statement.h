// Inside this room only: one prepared statement of either database, as Query
// (query.h) uses it.
//
// PostgreSQL's goes through SOCI. SQLite's uses the library itself: SOCI copies
// every value twice and looks its name up at each execution
// (docs/decisions/0010).

#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "collector/store/session.h"

namespace collector::store {

// One column of the row at hand.
struct Column {
  bool is_text = false;
  bool is_null = false;
  std::int64_t number = 0;
  std::string text = {};  // The reader may take it.
};

// Whatever goes wrong is thrown as SOCI would.
class Statement {
 public:
  virtual ~Statement() = default;

  // Parameters by the name behind the colon; a value stays for the next execution.
  virtual void bind(std::string_view name, std::int64_t value) = 0;
  virtual void bind(std::string_view name, std::string_view text) = 0;
  virtual void bind_null(std::string_view name, bool is_text) = 0;

  // Runs it anew; true if there is a row, which is then in `columns`: as many, and of the same kinds, from
  // one call to the next.
  virtual bool execute(std::span<Column> columns) = 0;
  virtual bool fetch(std::span<Column> columns) = 0;
  virtual std::int64_t affected_rows() = 0;
};

// `sql` is as its file has it, comments included, and outlives the statement. It is prepared once a
// connection and used again.
std::unique_ptr<Statement> make_sqlite_statement(Session& session, std::string_view sql);
std::unique_ptr<Statement> make_soci_statement(Session& session, std::string_view sql);

}  // namespace collector::store
