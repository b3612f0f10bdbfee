#include "collector/store/raw_rows.h"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <array>
#include <atomic>
#include <charconv>

namespace collector::store {
namespace {

class SqliteRows final : public RawRows {
 public:
  SqliteRows(Session& session, std::string reason, const std::string& sql, const StreamName& stream)
      : RawRows(session, std::move(reason)) {
    auto* backend = static_cast<soci::sqlite3_session_backend*>(session.soci().get_backend());
    connection_ = backend->conn_;
    sqlite_api::sqlite3_stmt* made = nullptr;
    check(sqlite_api::sqlite3_prepare_v2(connection_, sql.c_str(), -1, &made, nullptr));
    statement_.reset(made);
    if (const int at = sqlite_api::sqlite3_bind_parameter_index(made, ":agent"); at > 0) {
      agent_ = stream.agent;
      check(sqlite_api::sqlite3_bind_text(made, at, agent_.data(), static_cast<int>(agent_.size()), nullptr));
    }
    if (const int at = sqlite_api::sqlite3_bind_parameter_index(made, ":epoch"); at > 0) {
      check(sqlite_api::sqlite3_bind_int64(made, at, stream.epoch));
    }
  }

  bool next() override {
    const int code = sqlite_api::sqlite3_step(statement_.get());
    if (code == SQLITE_DONE) return false;
    if (code != SQLITE_ROW) fail(code);
    return true;
  }
  std::string_view text(int column) override {
    const auto* bytes =
        reinterpret_cast<const char*>(sqlite_api::sqlite3_column_text(statement_.get(), column));
    const int size = sqlite_api::sqlite3_column_bytes(statement_.get(), column);
    return bytes == nullptr ? std::string_view{} : std::string_view{bytes, static_cast<std::size_t>(size)};
  }
  std::int64_t number(int column) override {
    return sqlite_api::sqlite3_column_int64(statement_.get(), column);
  }

 private:
  struct Finalize {
    void operator()(sqlite_api::sqlite3_stmt* statement) const { sqlite_api::sqlite3_finalize(statement); }
  };
  void check(int code) {
    if (code != SQLITE_OK) fail(code);
  }
  [[noreturn]] void fail(int code) {
    throw soci::sqlite3_soci_error(sqlite_api::sqlite3_errmsg(connection_), code);
  }

  sqlite_api::sqlite3* connection_ = nullptr;
  std::string agent_;  // Bound in place.
  std::unique_ptr<sqlite_api::sqlite3_stmt, Finalize> statement_;
};

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

class PostgresRows final : public RawRows {
 public:
  PostgresRows(Session& session, std::string reason, std::string sql, const StreamName& stream)
      : RawRows(session, std::move(reason)) {
    static std::atomic<unsigned> cursors{0};
    name_ = "deskledger_rows_" + std::to_string(cursors++);
    auto* backend = static_cast<soci::postgresql_session_backend*>(session.soci().get_backend());
    connection_ = backend->conn_;
    const auto epoch = std::to_string(stream.epoch);
    const std::array<const char*, 2> values{stream.agent.c_str(), epoch.c_str()};
    const bool of_a_stream = sql.find(":agent") != std::string::npos;
    replace_all(sql, ":agent", "$1");
    replace_all(sql, ":epoch", "$2::bigint");
    const auto declare = "DECLARE " + name_ + " NO SCROLL CURSOR FOR " + sql;
    keep(PQexecParams(connection_, declare.c_str(), of_a_stream ? 2 : 0, nullptr,
                      of_a_stream ? values.data() : nullptr, nullptr, nullptr, 0));
  }

  bool next() override {
    if (++row_ < rows_) return true;
    if (ended_) return false;
    keep(PQexec(connection_, ("FETCH " + std::to_string(kFetch) + " FROM " + name_).c_str()));
    rows_ = PQntuples(result_.get());
    ended_ = rows_ < kFetch;
    row_ = 0;
    if (ended_) release();
    return rows_ > 0;
  }
  std::string_view text(int column) override {
    return {PQgetvalue(result_.get(), row_, column),
            static_cast<std::size_t>(PQgetlength(result_.get(), row_, column))};
  }
  std::int64_t number(int column) override {
    const auto digits = text(column);
    std::int64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
  }

 private:
  static constexpr int kFetch = 1'000;
  using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

  void keep(PGresult* result) {
    Result made{result, &PQclear};
    const auto status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
      const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
      throw soci::postgresql_soci_error(PQerrorMessage(connection_), state == nullptr ? "     " : state);
    }
    result_ = std::move(made);
  }
  // A transaction may open thousands of cursors. What fails here fails again at the next statement.
  void release() { PQclear(PQexec(connection_, ("CLOSE " + name_).c_str())); }

  PGconn* connection_ = nullptr;
  std::string name_;
  Result result_{nullptr, &PQclear};
  int rows_ = 0;
  int row_ = -1;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<RawRows> RawRows::open(Session& session, std::string_view sql, const StreamName& stream) {
  const auto end = sql.find('\n');
  std::string reason{sql.substr(3, end - 3)};
  std::string statement{sql.substr(end + 1)};
  if (session.dialect() == Dialect::sqlite) {
    return std::make_unique<SqliteRows>(session, std::move(reason), statement, stream);
  }
  return std::make_unique<PostgresRows>(session, std::move(reason), std::move(statement), stream);
}

}  // namespace collector::store
