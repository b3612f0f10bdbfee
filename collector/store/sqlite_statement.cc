#include <soci/sqlite3/soci-sqlite3.h>

#include "collector/store/statement.h"
#include "collector/store/statement_cache.h"

namespace collector::store {

namespace api = sqlite_api;

namespace {

// The part of an INSERT of one row that SQLite needs, where it gives back nothing but the row's id: that
// SQLite knows anyway, and to hand over rows it makes a table of its own for them each time. All of it for
// any other statement.
std::string_view without_its_id(std::string_view sql) {
  const auto clause = sql.rfind("\nRETURNING ");
  if (clause == std::string_view::npos || sql.find("ON CONFLICT") < clause) return sql;
  const auto columns = sql.substr(clause + 11, sql.find_last_not_of('\n') + 1 - (clause + 11));
  const bool only_an_id = columns.ends_with("_id") && columns.find_first_of(", ") == std::string_view::npos;
  return only_an_id && sql.find("VALUES (") < clause ? sql.substr(0, clause) : sql;
}

class SqliteStatement final : public Statement {
 public:
  SqliteStatement(Session& session, std::string_view sql)
      : cache_{session.statements()},
        database_{static_cast<soci::sqlite3_session_backend*>(session.soci().get_backend())->conn_},
        sql_{without_its_id(sql)},
        gives_its_id_{sql_.size() < sql.size()},
        statement_{cache_.take(sql_)} {
    if (statement_ == nullptr) {
      must(api::sqlite3_prepare_v3(database_, sql_.data(), static_cast<int>(sql_.size()),
                                   SQLITE_PREPARE_PERSISTENT, &statement_, nullptr));
    }
    if (!session.only_reads() || api::sqlite3_stmt_readonly(statement_) != 0) return;
    cache_.keep(sql_, statement_);
    throw soci::sqlite3_soci_error("a transaction that only reads cannot write", SQLITE_READONLY);
  }

  ~SqliteStatement() override {
    api::sqlite3_reset(statement_);
    // A parameter that somebody forgets must be NULL, not what it was for another.
    api::sqlite3_clear_bindings(statement_);
    cache_.keep(sql_, statement_);
  }

  void bind(std::string_view name, std::int64_t value) override {
    must(api::sqlite3_bind_int64(statement_, place_of(name), value));
  }

  void bind(std::string_view name, std::string_view text) override {
    // SQLite takes a null pointer for NULL.
    const char* const begin = text.empty() ? "" : text.data();
    must(api::sqlite3_bind_text64(statement_, place_of(name), begin, text.size(),
                                  reinterpret_cast<api::sqlite3_destructor_type>(-1), SQLITE_UTF8));
  }

  void bind_null(std::string_view name, bool) override {
    must(api::sqlite3_bind_null(statement_, place_of(name)));
  }

  bool execute(std::span<Column> columns) override {
    api::sqlite3_reset(statement_);
    fresh_ = false;
    inserted_ = false;
    return fetch(columns);
  }

  bool fetch(std::span<Column> columns) override {
    if (inserted_) return false;
    const int code = api::sqlite3_step(statement_);
    if (code == SQLITE_DONE) {
      api::sqlite3_reset(statement_);
      fresh_ = true;
      inserted_ = gives_its_id_;
      if (!inserted_ || columns.empty()) return false;
      columns.front().is_null = false;
      columns.front().number = api::sqlite3_last_insert_rowid(database_);
      return true;
    }
    if (code != SQLITE_ROW) must(code);
    for (std::size_t i = 0; i < columns.size(); ++i) read(static_cast<int>(i), columns[i]);
    return true;
  }

  std::int64_t affected_rows() override { return api::sqlite3_changes(database_); }

 private:
  void must(int code) const {
    if (code != SQLITE_OK) throw soci::sqlite3_soci_error(api::sqlite3_errmsg(database_), code);
  }

  // Binding is refused while the statement runs.
  int place_of(std::string_view name) {
    if (!fresh_) api::sqlite3_reset(statement_);
    fresh_ = true;
    // Values mostly come in the order in which the text names them.
    const auto* const next = api::sqlite3_bind_parameter_name(statement_, next_place_);
    if (next != nullptr && name == next + 1) return next_place_++;
    const auto parameter = std::string{":"}.append(name);
    const int place = api::sqlite3_bind_parameter_index(statement_, parameter.c_str());
    if (place == 0) throw soci::sqlite3_soci_error("it has no parameter " + parameter, SQLITE_RANGE);
    next_place_ = place + 1;
    return place;
  }

  void read(int place, Column& column) const {
    column.is_null = api::sqlite3_column_type(statement_, place) == SQLITE_NULL;
    if (!column.is_text) {
      column.number = api::sqlite3_column_int64(statement_, place);
      return;
    }
    const auto* const text = api::sqlite3_column_text(statement_, place);
    const int size = api::sqlite3_column_bytes(statement_, place);
    column.text.assign(text == nullptr ? "" : reinterpret_cast<const char*>(text),
                       static_cast<std::size_t>(size));
  }

  StatementCache& cache_;
  api::sqlite3* database_;
  std::string_view sql_;
  bool gives_its_id_;
  int next_place_ = 1;
  api::sqlite3_stmt* statement_ = nullptr;
  bool fresh_ = true;      // Reset since it last ran.
  bool inserted_ = false;  // And has given its id, if anybody asked.
};

}  // namespace

sqlite_api::sqlite3_stmt* StatementCache::take(std::string_view sql) {
  const auto found = idle_.find(sql.data());
  if (found == idle_.end() || found->second.empty()) return nullptr;
  auto* const statement = found->second.back();
  found->second.pop_back();
  // A text that is no more may have had the same place.
  if (sqlite_api::sqlite3_sql(statement) == sql) return statement;
  sqlite_api::sqlite3_finalize(statement);
  return nullptr;
}

void StatementCache::keep(std::string_view sql, sqlite_api::sqlite3_stmt* statement) {
  idle_[sql.data()].push_back(statement);
}

void StatementCache::clear() {
  for (const auto& [sql, statements] : idle_) {
    for (auto* const statement : statements) api::sqlite3_finalize(statement);
  }
  idle_.clear();
}

std::unique_ptr<Statement> make_sqlite_statement(Session& session, std::string_view sql) {
  return std::make_unique<SqliteStatement>(session, sql);
}

}  // namespace collector::store
