// The conformance suite's frame: every test runs on a fresh, migrated database
// of each dialect.

#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "collector/store/connection.h"
#include "collector/store/migrate.h"
#include "tests/support/database/fresh_database.h"

namespace collector::store {

// The value, or a failed test that says why there is none.
template <class T>
T must(base::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

inline timing::UtcMs at(std::int64_t ms) {
  return timing::from_ms(ms);
}

class StoreTest : public testing::TestWithParam<Dialect> {
 protected:
  StoreTest() : url_(fresh_url()), connection_(must(Connection::open(url_))) {
    must(migrate(connection_, at(0)));
  }

  static std::string fresh_url() {
    return GetParam() == Dialect::sqlite ? support::migrated_sqlite_url() : support::migrated_postgres_url();
  }

  // What `work` returns, from one committed transaction.
  template <class Work>
  auto write(Work work) {
    return run(work, [this](const Connection::Work& w) { return connection_.transaction(w); });
  }
  template <class Work>
  auto read(Work work) {
    return run(work, [this](const Connection::Work& w) { return connection_.read(w); });
  }

  // The code with which a transaction of `work` alone is refused.
  template <class Work>
  base::ErrorCode refused(Work work) {
    const auto status = connection_.transaction([&](Transaction& t) -> base::Status {
      const auto result = work(t);
      if (!result) return std::unexpected(result.error());
      return {};
    });
    if (status) throw std::runtime_error("was not refused");
    message_ = status.error().message;
    return status.error().code;
  }

  std::string url_;
  Connection connection_;
  std::string message_;  // Of the last refusal.

 private:
  template <class Work, class Begin>
  auto run(Work work, Begin begin) {
    using Value = std::invoke_result_t<Work, Transaction&>;
    std::conditional_t<std::is_void_v<Value>, std::optional<int>, std::optional<Value>> value;
    must(begin([&](Transaction& t) -> base::Status {
      if constexpr (std::is_void_v<Value>) {
        work(t);
      } else {
        value = work(t);
      }
      return {};
    }));
    if constexpr (!std::is_void_v<Value>) return *std::move(value);
  }
};

// How googletest names the parameter of a failed test.
inline void PrintTo(Dialect dialect, std::ostream* out) {
  *out << (dialect == Dialect::sqlite ? "sqlite" : "postgresql");
}

inline std::string dialect_name(const testing::TestParamInfo<Dialect>& info) {
  return info.param == Dialect::sqlite ? "sqlite" : "postgresql";
}

// Declares a suite of the conformance suite.
#define STORE_SUITE(name)           \
  class name : public StoreTest {}; \
  INSTANTIATE_TEST_SUITE_P(On, name, testing::Values(Dialect::sqlite, Dialect::postgresql), dialect_name)

}  // namespace collector::store
