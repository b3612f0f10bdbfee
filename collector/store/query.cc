#include "collector/store/query.h"

#include "collector/store/text.h"
#include "common/base/hex.h"

namespace collector::store {
namespace {

// Takes the comment lines off the front of `sql`; the first one, without its
// dashes, is the statement's reason. SOCI must not see comments: it takes a
// colon or a quote in them for its own.
std::string take_reason(std::string& sql) {
  std::string reason;
  while (sql.starts_with("--")) {
    const auto end = sql.find('\n');
    if (reason.empty()) {
      const auto first = sql.find_first_not_of("- ");
      reason = sql.substr(first, end - first);
    }
    sql.erase(0, end == std::string::npos ? end : end + 1);
  }
  return reason;
}

}  // namespace

Query::Query(Transaction& transaction, std::string_view sql, Runs runs)
    : session_(transaction.session()), sql_(sql), runs_(runs) {
  reason_ = take_reason(sql_);
  // PostgreSQL refuses everything after a failure; SQLite would go on. Both stop.
  if (const auto& doomed = session_.doomed()) throw StatementFailed{*doomed};
}

Query::Parameter& Query::parameter(std::string_view name, bool is_text) {
  for (auto& known : parameters_) {
    if (known.name == name) return known;
  }
  auto& made = parameters_.emplace_back();
  made.name = name;
  made.is_text = is_text;
  return made;
}

Query& Query::number(std::string_view name, const std::optional<std::int64_t>& value) {
  auto& set = parameter(name, false);
  set.number = value.value_or(0);
  set.indicator = value ? soci::i_ok : soci::i_null;
  return *this;
}

Query& Query::with(std::string_view name, std::string_view text) {
  if (!is_storable(text)) {
    refuse(base::ErrorCode::invalid_argument, std::string(name) + " holds a NUL or is not UTF-8");
  }
  auto& set = parameter(name, true);
  set.text = text;
  set.indicator = soci::i_ok;
  return *this;
}

Query& Query::with(std::string_view name, const std::optional<std::string>& text) {
  if (text) return with(name, std::string_view(*text));
  parameter(name, true).indicator = soci::i_null;
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
  return with(name, std::string_view(base::to_hex(bytes)));
}

Query& Query::column(bool is_text, std::function<void(const Column&)> deliver) {
  auto& made = columns_.emplace_back();
  made.is_text = is_text;
  made.deliver = std::move(deliver);
  return *this;
}

void Query::need_value(const Column& column) const {
  if (column.indicator == soci::i_null)
    refuse(base::ErrorCode::internal, "a column is null that must not be");
}

std::string Query::from_hex(const std::string& hex) const {
  auto bytes = base::from_hex(hex);
  if (!bytes) refuse(base::ErrorCode::corrupt, bytes.error().message);
  return std::move(*bytes);
}

Query& Query::into(std::int64_t& target) {
  return column(false, [this, &target](const Column& c) {
    need_value(c);
    target = c.number;
  });
}

Query& Query::into(bool& target) {
  return column(false, [this, &target](const Column& c) {
    need_value(c);
    target = c.number != 0;
  });
}

Query& Query::into(std::string& target) {
  return column(true, [this, &target](const Column& c) {
    need_value(c);
    target = c.text;
  });
}

Query& Query::into(timing::UtcMs& target) {
  return column(false, [this, &target](const Column& c) {
    need_value(c);
    target = timing::from_ms(c.number);
  });
}

Query& Query::into(std::optional<std::int64_t>& target) {
  return column(false, [&target](const Column& c) {
    target.reset();
    if (c.indicator != soci::i_null) target = c.number;
  });
}

Query& Query::into(std::optional<std::string>& target) {
  return column(true, [&target](const Column& c) {
    target.reset();
    if (c.indicator != soci::i_null) target = c.text;
  });
}

Query& Query::into(std::optional<timing::UtcMs>& target) {
  return column(false, [&target](const Column& c) {
    target.reset();
    if (c.indicator != soci::i_null) target = timing::from_ms(c.number);
  });
}

Query& Query::into_hex(std::string& target) {
  return column(true, [this, &target](const Column& c) {
    need_value(c);
    target = from_hex(c.text);
  });
}

Query& Query::into_hex(std::optional<std::string>& target) {
  return column(true, [this, &target](const Column& c) {
    target.reset();
    if (c.indicator != soci::i_null) target = from_hex(c.text);
  });
}

void Query::prepare() {
  statement_ = std::make_unique<soci::statement>(session_.soci());
  for (auto& p : parameters_) {
    if (p.is_text) {
      statement_->exchange(soci::use(p.text, p.indicator, p.name));
    } else {
      statement_->exchange(soci::use(p.number, p.indicator, p.name));
    }
  }
  for (auto& c : columns_) {
    if (c.is_text) {
      statement_->exchange(soci::into(c.text, c.indicator));
    } else {
      statement_->exchange(soci::into(c.number, c.indicator));
    }
  }
  statement_->alloc();
  statement_->prepare(
      sql_, runs_ == Runs::once ? soci::details::st_one_time_query : soci::details::st_repeatable_query);
  statement_->define_and_bind();
}

bool Query::deliver(bool got) {
  running_ = got;
  if (got) {
    for (const auto& c : columns_) c.deliver(c);
  }
  return got;
}

bool Query::run() {
  try {
    if (!statement_) prepare();
    return deliver(statement_->execute(true));
  } catch (...) {
    throw StatementFailed{current_error(session_, reason_)};
  }
}

bool Query::next() {
  if (!running_) return run();
  try {
    return deliver(statement_->fetch());
  } catch (...) {
    throw StatementFailed{current_error(session_, reason_)};
  }
}

std::int64_t Query::change() {
  run();
  return statement_->get_affected_rows();
}

void Query::refuse(base::ErrorCode code, const std::string& why) const {
  throw StatementFailed{base::Error{code, "store: " + reason_ + ": " + why}};
}

}  // namespace collector::store
