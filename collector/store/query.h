// Inside this room only: one statement of collector/store/sql, its parameters
// and its columns.
//
//   Query query(transaction, sql::session_list);
//   SessionRow row;
//   query.with("limit", 10).into(row.id).into(row.remote_id);
//   while (query.next()) rows.push_back(row);
//
// A statement's first line is a comment that says its reason; errors are
// reported under it. Everything throws StatementFailed; attempt() below turns
// that into a Result at the border of the room.

#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "collector/store/session.h"
#include "collector/store/statement.h"
#include "common/timing/utc.h"

namespace collector::store {

class Query {
 public:
  // `sql` must outlive it.
  Query(Transaction& transaction, std::string_view sql);
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  // Parameters, by the name behind the colon. Setting a name again replaces its
  // value for the next run().
  template <std::integral T>
  Query& with(std::string_view name, T value) {
    return number(name, static_cast<std::int64_t>(value));
  }
  Query& with(std::string_view name, std::string_view text);
  Query& with(std::string_view name, const std::string& text) { return with(name, std::string_view(text)); }
  Query& with(std::string_view name, timing::UtcMs time) { return number(name, timing::to_ms(time)); }
  Query& with(std::string_view name, const std::optional<std::int64_t>& value) { return number(name, value); }
  Query& with(std::string_view name, const std::optional<std::string>& text);
  Query& with(std::string_view name, const std::optional<timing::UtcMs>& time);
  // Text that is part of an index: refused above key_bytes_max (text.h).
  Query& with_key(std::string_view name, const std::string& text);
  // Raw bytes, kept as lower-case hexadecimal text.
  Query& with_hex(std::string_view name, std::string_view bytes);

  // Columns, in the order of the SELECT; the targets are set by each next().
  Query& into(std::int64_t& target);
  Query& into(bool& target);
  Query& into(std::string& target);
  Query& into(timing::UtcMs& target);
  Query& into(std::optional<std::int64_t>& target);
  Query& into(std::optional<std::string>& target);
  Query& into(std::optional<timing::UtcMs>& target);
  Query& into_hex(std::string& target);
  Query& into_hex(std::optional<std::string>& target);

  // Runs the statement anew; true if it gave a row, which is then in the targets.
  bool run();
  // The next row: of the running statement, or the first one after running it.
  bool next();
  // Runs a statement that changes rows; how many it changed.
  std::int64_t change();

 private:
  // What the database throws, as StatementFailed.
  template <class Act>
  auto guarded(Act act) const;
  Query& number(std::string_view name, const std::optional<std::int64_t>& value);
  Query& text(std::string_view name, std::string_view text);
  using Deliver = void (*)(const Query&, Column&, void* target);
  Query& column(bool is_text, void* target, Deliver how);
  void need_value(const Column& column) const;
  std::string from_hex(std::string_view hex) const;
  bool deliver(bool got);
  [[noreturn]] void refuse(base::ErrorCode code, const std::string& why) const;

  Session& session_;
  std::string_view sql_;
  struct Target {
    void* place;
    Deliver deliver;
  };
  std::vector<Column> columns_;
  std::vector<Target> targets_;  // One for each column.
  std::unique_ptr<Statement> statement_;
  bool running_ = false;
};

// Runs `body` and returns what it returns, as a Result; what a Query in it threw
// becomes the error and dooms the transaction. A body that returns a Result may
// refuse by itself, which does not doom.
template <class Body>
auto attempt(Transaction& transaction, Body body) {
  using Value = std::invoke_result_t<Body>;
  if constexpr (requires { typename Value::error_type; }) {
    try {
      return body();
    } catch (...) {
      const auto error = current_error(transaction.session(), "statement");
      transaction.session().doom(error);
      return Value(std::unexpected(error));
    }
  } else {
    return attempt(transaction, [&]() -> base::Result<Value> {
      if constexpr (std::is_void_v<Value>) {
        body();
        return {};
      } else {
        return body();
      }
    });
  }
}

}  // namespace collector::store
