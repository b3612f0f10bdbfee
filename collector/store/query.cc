#include "collector/store/query.h"

#include "collector/store/text.h"
#include "common/base/hex.h"

namespace collector::store {
namespace {

// A row of the widest tables.
constexpr std::size_t kUsualColumns = 24;

// The first comment line without its dashes: what the statement is for.
std::string reason_of(std::string_view sql) {
  const auto line = sql.substr(0, sql.find('\n'));
  const auto first = line.find_first_not_of("- ");
  return std::string(first == std::string_view::npos ? "" : line.substr(first));
}

}  // namespace

template <class Act>
auto Query::guarded(Act act) const {
  try {
    return act();
  } catch (...) {
    throw StatementFailed{current_error(session_, reason_of(sql_))};
  }
}

Query::Query(Transaction& transaction, std::string_view sql) : session_(transaction.session()), sql_(sql) {
  // PostgreSQL refuses everything after a failure; SQLite would go on. Both stop.
  if (const auto& doomed = session_.doomed()) throw StatementFailed{*doomed};
  statement_ = guarded([&] {
    return session_.dialect() == Dialect::sqlite ? make_sqlite_statement(session_, sql_)
                                                 : make_soci_statement(session_, sql_);
  });
}

Query& Query::number(std::string_view name, const std::optional<std::int64_t>& value) {
  guarded([&] { value ? statement_->bind(name, *value) : statement_->bind_null(name, false); });
  running_ = false;
  return *this;
}

Query& Query::text(std::string_view name, std::string_view text) {
  guarded([&] { statement_->bind(name, text); });
  running_ = false;
  return *this;
}

Query& Query::with(std::string_view name, std::string_view value) {
  if (!is_storable(value)) {
    refuse(base::ErrorCode::invalid_argument, std::string(name) + " holds a NUL or is not UTF-8");
  }
  return text(name, value);
}

Query& Query::with(std::string_view name, const std::optional<std::string>& value) {
  if (value) return with(name, std::string_view(*value));
  guarded([&] { statement_->bind_null(name, true); });
  return *this;
}

Query& Query::with(std::string_view name, const std::optional<timing::UtcMs>& time) {
  return number(name, time ? std::optional(timing::to_ms(*time)) : std::nullopt);
}

Query& Query::with_key(std::string_view name, const std::string& text) {
  if (text.size() > key_bytes_max) {
    refuse(base::ErrorCode::invalid_argument, std::string(name) + " has " + std::to_string(text.size()) +
                                                  " bytes, a key may have " + std::to_string(key_bytes_max));
  }
  return with(name, text);
}

Query& Query::with_hex(std::string_view name, std::string_view bytes) {
  return text(name, base::to_hex(bytes));
}

Query& Query::column(bool is_text, void* target, Deliver how) {
  if (columns_.empty()) {
    columns_.reserve(kUsualColumns);
    targets_.reserve(kUsualColumns);
  }
  columns_.emplace_back().is_text = is_text;
  targets_.push_back({.place = target, .deliver = how});
  return *this;
}

void Query::need_value(const Column& column) const {
  if (column.is_null) refuse(base::ErrorCode::internal, "a column is null that must not be");
}

std::string Query::from_hex(std::string_view hex) const {
  auto bytes = base::from_hex(hex);
  if (!bytes) refuse(base::ErrorCode::corrupt, bytes.error().message);
  return std::move(*bytes);
}

Query& Query::into(std::int64_t& target) {
  return column(false, &target, [](const Query& query, Column& c, void* place) {
    query.need_value(c);
    *static_cast<std::int64_t*>(place) = c.number;
  });
}

Query& Query::into(bool& target) {
  return column(false, &target, [](const Query& query, Column& c, void* place) {
    query.need_value(c);
    *static_cast<bool*>(place) = c.number != 0;
  });
}

Query& Query::into(std::string& target) {
  return column(true, &target, [](const Query& query, Column& c, void* place) {
    query.need_value(c);
    static_cast<std::string*>(place)->swap(c.text);
  });
}

Query& Query::into(timing::UtcMs& target) {
  return column(false, &target, [](const Query& query, Column& c, void* place) {
    query.need_value(c);
    *static_cast<timing::UtcMs*>(place) = timing::from_ms(c.number);
  });
}

Query& Query::into(std::optional<std::int64_t>& target) {
  return column(false, &target, [](const Query&, Column& c, void* place) {
    auto& value = *static_cast<std::optional<std::int64_t>*>(place);
    value.reset();
    if (!c.is_null) value = c.number;
  });
}

Query& Query::into(std::optional<std::string>& target) {
  return column(true, &target, [](const Query&, Column& c, void* place) {
    auto& value = *static_cast<std::optional<std::string>*>(place);
    value.reset();
    if (!c.is_null) value = c.text;
  });
}

Query& Query::into(std::optional<timing::UtcMs>& target) {
  return column(false, &target, [](const Query&, Column& c, void* place) {
    auto& value = *static_cast<std::optional<timing::UtcMs>*>(place);
    value.reset();
    if (!c.is_null) value = timing::from_ms(c.number);
  });
}

Query& Query::into_hex(std::string& target) {
  return column(true, &target, [](const Query& query, Column& c, void* place) {
    query.need_value(c);
    *static_cast<std::string*>(place) = query.from_hex(c.text);
  });
}

Query& Query::into_hex(std::optional<std::string>& target) {
  return column(true, &target, [](const Query& query, Column& c, void* place) {
    auto& value = *static_cast<std::optional<std::string>*>(place);
    value.reset();
    if (!c.is_null) value = query.from_hex(c.text);
  });
}

bool Query::deliver(bool got) {
  running_ = got;
  if (got) {
    for (std::size_t i = 0; i < columns_.size(); ++i)
      targets_[i].deliver(*this, columns_[i], targets_[i].place);
  }
  return got;
}

bool Query::run() {
  return deliver(guarded([&] { return statement_->execute(columns_); }));
}

bool Query::next() {
  if (!running_) return run();
  return deliver(guarded([&] { return statement_->fetch(columns_); }));
}

std::int64_t Query::change() {
  run();
  return statement_->affected_rows();
}

void Query::refuse(base::ErrorCode code, const std::string& why) const {
  throw StatementFailed{base::Error{code, "store: " + reason_of(sql_) + ": " + why}};
}

}  // namespace collector::store
