#include <soci/postgresql/soci-postgresql.h>

#include <algorithm>
#include <deque>

#include "collector/store/soci_statement_cache.h"
#include "collector/store/statement.h"

namespace collector::store {

namespace {

// SOCI must not see comments: it takes a colon or a quote in them for its own.
std::string without_comments(std::string sql) {
  while (sql.starts_with("--")) {
    const auto end = sql.find('\n');
    sql.erase(0, end == std::string::npos ? end : end + 1);
  }
  return sql;
}

// A parameter for the next execution; PostgreSQL takes all of them as text.
struct Parameter {
  std::string name;
  std::string text = {};
  soci::indicator indicator = soci::i_null;
};

}  // namespace

// One that the server has planned. SOCI keeps the addresses of what it exchanges; a deque never moves its
// elements.
class PreparedSoci {
 public:
  PreparedSoci(soci::session& session, std::string_view sql, std::span<const Parameter> parameters,
               std::span<const Column> columns)
      : sql_{sql}, statement_{session} {
    for (const auto& p : parameters) {
      auto& own = parameters_.emplace_back(p);
      statement_.exchange(soci::use(own.text, own.indicator, own.name));
    }
    for (const auto& column : columns) {
      auto& target = targets_.emplace_back();
      target.is_text = column.is_text;
      if (column.is_text) {
        statement_.exchange(soci::into(target.text, target.indicator));
      } else {
        statement_.exchange(soci::into(target.number, target.indicator));
      }
    }
    statement_.alloc();
    statement_.prepare(without_comments(std::string{sql}), soci::details::st_repeatable_query);
    statement_.define_and_bind();
  }

  // Whether it is the statement with this text, these parameters and columns of these kinds.
  bool is(std::string_view sql, std::span<const Parameter> parameters,
          std::span<const Column> columns) const {
    return sql == sql_ &&
           std::ranges::equal(parameters, parameters_, {}, &Parameter::name, &Parameter::name) &&
           std::ranges::equal(columns, targets_, {}, &Column::is_text, &Target::is_text);
  }

  bool execute(std::span<const Parameter> parameters) {
    std::ranges::copy(parameters, parameters_.begin());
    return statement_.execute(true);
  }

  bool fetch() { return statement_.fetch(); }
  std::int64_t affected_rows() { return statement_.get_affected_rows(); }

  void read(std::span<Column> columns) const {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      columns[i].is_null = targets_[i].indicator == soci::i_null;
      columns[i].number = targets_[i].number;
      if (columns[i].is_text) columns[i].text = targets_[i].text;
    }
  }

  // Lets go of the rows and the values of the last execution.
  void rest() {
    static_cast<soci::postgresql_statement_backend*>(statement_.get_backend())->result_.reset();
    for (auto& p : parameters_) p.text = {};
    for (auto& target : targets_) target.text = {};
  }

 private:
  struct Target {
    bool is_text = false;
    long long number = 0;
    std::string text = {};
    soci::indicator indicator = soci::i_ok;
  };

  std::string sql_;
  std::deque<Parameter> parameters_;
  std::deque<Target> targets_;
  soci::statement statement_;
};

namespace {

class SociStatement final : public Statement {
 public:
  SociStatement(Session& session, std::string_view sql) : session_{session}, sql_{sql} {}

  ~SociStatement() override {
    if (!prepared_) return;
    auto& cache = session_.soci_statements();
    if (running_) {
      cache.keep_broken(std::move(prepared_));
    } else {
      prepared_->rest();
      cache.idle(sql_.data()).push_back(std::move(prepared_));
    }
  }

  void bind(std::string_view name, std::int64_t value) override { set(name, std::to_string(value)); }
  void bind(std::string_view name, std::string_view text) override { set(name, std::string{text}); }
  void bind_null(std::string_view name, bool) override { set(name, std::nullopt); }

  bool execute(std::span<Column> columns) override {
    if (!prepared_) prepared_ = take(columns);
    running_ = true;
    const bool got = prepared_->execute(parameters_);
    running_ = false;
    return deliver(got, columns);
  }

  bool fetch(std::span<Column> columns) override { return deliver(prepared_->fetch(), columns); }

  std::int64_t affected_rows() override { return prepared_->affected_rows(); }

 private:
  void set(std::string_view name, std::optional<std::string> text) {
    auto known = std::ranges::find(parameters_, name, &Parameter::name);
    if (known == parameters_.end()) {
      known = parameters_.insert(known, Parameter{.name = std::string{name}});
    }
    known->indicator = text ? soci::i_ok : soci::i_null;
    known->text = std::move(text).value_or("");
  }

  std::unique_ptr<PreparedSoci> take(std::span<const Column> columns) {
    auto& cache = session_.soci_statements();
    cache.end_broken();
    auto& idle = cache.idle(sql_.data());
    const auto found =
        std::ranges::find_if(idle, [&](const auto& one) { return one->is(sql_, parameters_, columns); });
    if (found == idle.end()) {
      return std::make_unique<PreparedSoci>(session_.soci(), sql_, parameters_, columns);
    }
    auto prepared = std::move(*found);
    idle.erase(found);
    return prepared;
  }

  bool deliver(bool got, std::span<Column> columns) const {
    if (got) prepared_->read(columns);
    return got;
  }

  Session& session_;
  std::string_view sql_;
  std::vector<Parameter> parameters_;
  std::unique_ptr<PreparedSoci> prepared_;
  bool running_ = false;  // Still so behind an execution that threw.
};

}  // namespace

SociStatementCache::SociStatementCache() = default;
SociStatementCache::~SociStatementCache() = default;

std::vector<std::unique_ptr<PreparedSoci>>& SociStatementCache::idle(const char* text) {
  return idle_[text];
}

void SociStatementCache::keep_broken(std::unique_ptr<PreparedSoci> statement) {
  broken_.push_back(std::move(statement));
}

void SociStatementCache::end_broken() {
  broken_.clear();
}

void SociStatementCache::clear() {
  idle_.clear();
  broken_.clear();
}

std::unique_ptr<Statement> make_soci_statement(Session& session, std::string_view sql) {
  return std::make_unique<SociStatement>(session, sql);
}

}  // namespace collector::store
