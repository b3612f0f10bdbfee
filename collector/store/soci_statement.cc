#include <deque>

#include "collector/store/statement.h"

namespace collector::store {

namespace {

// SOCI keeps the addresses of what it exchanges; a deque never moves its elements.
class SociStatement final : public Statement {
 public:
  SociStatement(Session& session, std::string sql) : sql_{std::move(sql)}, statement_{session.soci()} {}

  void bind(std::string_view name, std::int64_t value) override {
    auto& set = parameter(name, false);
    set.number = value;
    set.indicator = soci::i_ok;
  }

  void bind(std::string_view name, std::string_view text) override {
    auto& set = parameter(name, true);
    set.text = text;
    set.indicator = soci::i_ok;
  }

  void bind_null(std::string_view name, bool is_text) override {
    parameter(name, is_text).indicator = soci::i_null;
  }

  bool execute(std::span<Column> columns) override {
    if (!prepared_) prepare(columns);
    return deliver(statement_.execute(true), columns);
  }

  bool fetch(std::span<Column> columns) override { return deliver(statement_.fetch(), columns); }

  std::int64_t affected_rows() override { return statement_.get_affected_rows(); }

 private:
  struct Parameter {
    std::string name;
    bool is_text = false;
    long long number = 0;
    std::string text = {};
    soci::indicator indicator = soci::i_ok;
  };
  struct Target {
    long long number = 0;
    std::string text = {};
    soci::indicator indicator = soci::i_ok;
  };

  Parameter& parameter(std::string_view name, bool is_text) {
    for (auto& known : parameters_) {
      if (known.name == name) return known;
    }
    return parameters_.emplace_back(Parameter{.name = std::string{name}, .is_text = is_text});
  }

  void prepare(std::span<const Column> columns) {
    for (auto& p : parameters_) {
      if (p.is_text) {
        statement_.exchange(soci::use(p.text, p.indicator, p.name));
      } else {
        statement_.exchange(soci::use(p.number, p.indicator, p.name));
      }
    }
    for (const auto& column : columns) {
      auto& target = targets_.emplace_back();
      if (column.is_text) {
        statement_.exchange(soci::into(target.text, target.indicator));
      } else {
        statement_.exchange(soci::into(target.number, target.indicator));
      }
    }
    statement_.alloc();
    statement_.prepare(sql_, soci::details::st_one_time_query);
    statement_.define_and_bind();
    prepared_ = true;
  }

  bool deliver(bool got, std::span<Column> columns) const {
    if (!got) return false;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      columns[i].is_null = targets_[i].indicator == soci::i_null;
      columns[i].number = targets_[i].number;
      if (columns[i].is_text) columns[i].text = targets_[i].text;
    }
    return true;
  }

  std::string sql_;
  std::deque<Parameter> parameters_;
  std::deque<Target> targets_;
  bool prepared_ = false;
  soci::statement statement_;
};

// SOCI must not see comments: it takes a colon or a quote in them for its own.
std::string without_comments(std::string sql) {
  while (sql.starts_with("--")) {
    const auto end = sql.find('\n');
    sql.erase(0, end == std::string::npos ? end : end + 1);
  }
  return sql;
}

}  // namespace

std::unique_ptr<Statement> make_soci_statement(Session& session, std::string_view sql) {
  return std::make_unique<SociStatement>(session, without_comments(std::string{sql}));
}

}  // namespace collector::store
