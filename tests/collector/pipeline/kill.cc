#include "tests/collector/pipeline/kill.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "tests/support/database/end_at_statement.h"

namespace collector::pipeline {

store::Tables KillTest::finished(const std::string& url) {
  url_ = url;
  run();
  connection_ = must(store::Connection::open(url));
  // A mail that was being sent goes out again, and says so.
  auto all = store::without(store::without(rows(), "mail", "attempts"), "mail", "last_error");
  all.erase("mail_attempt");
  // PostgreSQL gives a number once, also to what was rolled back.
  return GetParam() == store::Dialect::sqlite ? all : store::renumbered(std::move(all));
}

bool KillTest::killed_at(std::int64_t statement, const std::string& url) {
  const auto child = ::fork();
  if (child == 0) {
    url_ = url;
    support::end_at_statement(statement);
    try {
      run();
      std::_Exit(0);
    } catch (...) {
      std::_Exit(1);
    }
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) != 1) << "the pipeline failed by itself";
  return WIFEXITED(status) && WEXITSTATUS(status) == support::kEndedAtStatement;
}

std::string KillTest::copied(const std::string& url) {
  disconnect();
  return support::copy_of(url);
}

int KillTest::kill_at_every(std::int64_t stride) {
  int kills = 0;
  for (int stage = 0; stage < kStages; ++stage) {
    SCOPED_TRACE("stage " + std::to_string(stage));
    arrive(stage);
    const auto before = url_;
    const auto calm = copied(before);
    const auto expected = finished(calm);
    for (std::int64_t statement = 1 + stage % stride;; statement += stride) {
      const auto shaken = copied(before);
      if (!killed_at(statement, shaken)) {
        support::drop(shaken);
        break;
      }
      ++kills;
      EXPECT_EQ(store::difference(expected, finished(shaken)), "") << "killed at statement " << statement;
      disconnect();
      support::drop(shaken);
      if (HasFailure()) return kills;
    }
    url_ = calm;
    connection_ = must(store::Connection::open(calm));
  }
  EXPECT_EQ(run(), 0);
  return kills;
}

}  // namespace collector::pipeline
