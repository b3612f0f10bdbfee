#include "collector/store/connection.h"

#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "collector/store/query.h"
#include "collector/store/session.h"
#include "tests/collector/store/small_world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::store {
namespace {

STORE_SUITE(ConnectionTest);

TEST(Patience, IsAddedUnlessTheUrlNamesIt) {
  const std::string all =
      "connect_timeout=10 keepalives_idle=10 keepalives_interval=5 keepalives_count=3 tcp_user_timeout=20000";
  const auto with = [&](std::string rest, char joint) {
    for (const char c : all) rest += c == ' ' ? joint : c;
    return rest;
  };
  const std::pair<std::string, std::string> table[] = {
      {"postgresql://anna@db.example.com:5433/desk",
       with("postgresql://anna@db.example.com:5433/desk?", '&')},
      {"postgresql://", with("postgresql://?", '&')},
      {"postgresql:///desk?host=/run/pg", with("postgresql:///desk?host=/run/pg&", '&')},
      {"postgresql://anna:pa?ss@h/desk", with("postgresql://anna:pa?ss@h/desk?", '&')},
      {"host=/run/pg dbname=desk", with("host=/run/pg dbname=desk ", ' ')},
      {"password='a b?'", with("password='a b?' ", ' ')},
      {"postgresql://h/d?connect_timeout=2&tcp_user_timeout=7",
       "postgresql://h/"
       "d?connect_timeout=2&tcp_user_timeout=7&keepalives_idle=10&keepalives_interval=5&keepalives_count=3"},
      {"keepalives_count=9 connect_timeout=0 keepalives_idle=1",
       "keepalives_count=9 connect_timeout=0 keepalives_idle=1 keepalives_interval=5 tcp_user_timeout=20000"},
      {"no such thing", "no such thing"},
  };
  for (const auto& [parameters, expected] : table) EXPECT_EQ(with_patience(parameters), expected);
}

TEST_P(ConnectionTest, WhatFailsLeavesNothing) {
  const auto status = connection_.transaction([](Transaction& t) -> base::Status {
    must(count_outcome(t, "", "accepted", "", at(1)));
    return base::fail(base::ErrorCode::cancelled, "changed my mind");
  });
  EXPECT_EQ(status.error().code, base::ErrorCode::cancelled);
  EXPECT_EQ(status.error().message, "changed my mind");
  EXPECT_TRUE(read([](Transaction& t) { return must(list_counters(t)); }).empty());
}

TEST_P(ConnectionTest, WhatThrowsLeavesNothingAndIsAnError) {
  const auto status = connection_.transaction([](Transaction& t) -> base::Status {
    must(count_outcome(t, "", "accepted", "", at(1)));
    throw std::runtime_error("oops");
  });
  EXPECT_EQ(status.error().code, base::ErrorCode::internal);
  EXPECT_TRUE(read([](Transaction& t) { return must(list_counters(t)); }).empty());
}

TEST_P(ConnectionTest, AFailedStatementDoomsTheTransactionEvenIfIgnored) {
  const auto status = connection_.transaction([](Transaction& t) -> base::Status {
    must(create_token(t, {.secret_hash = "a", .workstation = "WS", .created = at(1), .expires = at(2)}));
    EXPECT_FALSE(
        create_token(t, {.secret_hash = "a", .workstation = "WS", .created = at(1), .expires = at(2)}));
    EXPECT_FALSE(count_outcome(t, "", "accepted", "", at(1))) << "nothing runs behind a failure";
    return {};
  });
  EXPECT_EQ(status.error().code, base::ErrorCode::conflict);
  EXPECT_EQ(read([](Transaction& t) { return must(find_token(t, "a")); }), std::nullopt);
  write([](Transaction& t) {
    must(create_token(t, {.secret_hash = "a", .workstation = "WS", .created = at(1), .expires = at(2)}));
  });
}

TEST_P(ConnectionTest, ReadingCannotWrite) {
  const auto status =
      connection_.read([](Transaction& t) { return count_outcome(t, "", "accepted", "", at(1)); });
  EXPECT_EQ(status.error().code, base::ErrorCode::permission_denied) << status.error().message;
  write([](Transaction& t) { must(count_outcome(t, "", "accepted", "", at(1))); });
}

TEST_P(ConnectionTest, ReadingSeesOneMoment) {
  auto other = must(Connection::open(url_));
  read([&](Transaction& t) {
    EXPECT_TRUE(must(list_counters(t)).empty());
    must(other.transaction([](Transaction& w) { return count_outcome(w, "", "accepted", "", at(1)); }));
    EXPECT_TRUE(must(list_counters(t)).empty()) << "committed by another while we read";
  });
  EXPECT_EQ(read([](Transaction& t) { return must(list_counters(t)); }).size(), 1u);
}

TEST_P(ConnectionTest, ConcurrentWritersLoseNothing) {
  constexpr int rounds = 50;
  const auto writer = [this] {
    auto connection = must(Connection::open(url_));
    for (int i = 0; i < rounds; ++i) {
      // Reading, deciding and writing is safe, too: nobody comes between.
      must(connection.transaction([](Transaction& t) -> base::Status {
        const auto position = must(get_cursor(t, "shared"));
        must(set_cursor(t, "shared", position + 1));
        return count_outcome(t, "", "accepted", "", at(1));
      }));
    }
  };
  std::thread one(writer);
  std::thread two(writer);
  one.join();
  two.join();
  EXPECT_EQ(read([](Transaction& t) { return must(get_cursor(t, "shared")); }), 2 * rounds);
  EXPECT_EQ(read([](Transaction& t) { return must(list_counters(t)).front().n; }), 2 * rounds);
}

TEST_P(ConnectionTest, MovesAndGoesOn) {
  Connection moved = std::move(connection_);
  must(moved.transaction([](Transaction& t) { return count_outcome(t, "", "accepted", "", at(1)); }));
  connection_ = std::move(moved);
  EXPECT_EQ(connection_.dialect(), GetParam());
  EXPECT_EQ(read([](Transaction& t) { return must(list_counters(t)); }).size(), 1u);
}

// How many statements the server has planned for this connection that add a token.
std::int64_t planned(Connection& connection) {
  std::int64_t count = 0;
  must(connection.read([&](Transaction& t) -> base::Status {
    Query query(t, "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'INSERT INTO enrol%'");
    query.into(count).run();
    return {};
  }));
  return count;
}

TEST(PostgresqlConnection, AStatementIsPlannedOnceAndOneThatFailedIsEnded) {
  auto connection = must(Connection::open(support::migrated_postgres_url()));
  const auto add = [&](const std::string& secret_hash) {
    return connection.transaction([&](Transaction& t) {
      const auto id = create_token(
          t, {.secret_hash = secret_hash, .workstation = "WS", .created = at(1), .expires = at(2)});
      return id ? base::Status{} : std::unexpected{id.error()};
    });
  };
  EXPECT_EQ(planned(connection), 0);
  must(add("a"));
  must(add("b"));
  EXPECT_EQ(planned(connection), 1);
  for (int n = 0; n < 3; ++n) EXPECT_EQ(add("a").error().code, base::ErrorCode::conflict);
  must(add("c"));
  EXPECT_EQ(planned(connection), 1) << "what failed is planned anew, once";
  EXPECT_EQ(add("c").error().code, base::ErrorCode::conflict) << "and is not given what was bound before";
}

TEST(PostgresqlConnection, ALostConnectionIsUnavailableOnceAndThenBack) {
  const auto url = support::fresh_postgres_url();
  auto connection = must(Connection::open(url));
  auto other = must(Connection::open(url));
  must(migrate(connection, at(0)));
  const auto status = connection.transaction([&](Transaction& t) -> base::Status {
    must(other.read([](Transaction& o) -> base::Status {
      o.session().script(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
          "AND datname = current_database()");
      return {};
    }));
    return count_outcome(t, "", "accepted", "", at(1));
  });
  EXPECT_EQ(status.error().code, base::ErrorCode::unavailable) << status.error().message;
  must(connection.transaction([](Transaction& t) { return count_outcome(t, "", "accepted", "", at(1)); }));
}

TEST(PostgresqlConnection, NobodyThereIsUnavailable) {
  const auto connection = Connection::open("postgresql:host=" + testing::TempDir() + " dbname=nothing");
  EXPECT_EQ(connection.error().code, base::ErrorCode::unavailable) << connection.error().message;
}

TEST(SqliteConnection, TheFileIsPrivateAndKeepsALog) {
  const auto url = support::fresh_sqlite_url();
  auto connection = must(Connection::open(url));
  must(migrate(connection, at(0)));
  struct stat file{};
  for (const char* ending : {"", "-wal", "-shm"}) {
    ASSERT_EQ(::stat((support::sqlite_path(url) + ending).c_str(), &file), 0) << ending;
    EXPECT_EQ(file.st_mode & 0777, 0600u) << ending;
  }
}

TEST(SqliteConnection, AFileThatIsNoDatabaseIsCorrupt) {
  const auto url = support::fresh_sqlite_url();
  std::ofstream(support::sqlite_path(url)) << std::string(4096, 'x');
  EXPECT_EQ(Connection::open(url).error().code, base::ErrorCode::corrupt);
}

TEST(ConnectionUrl, OtherFormsAreRefused) {
  for (const char* url : {"", "sqlite", "sqlite:", "mysql://x", "/var/lib/x.db", "sqlite:/a\"b"}) {
    const auto connection = Connection::open(url);
    ASSERT_FALSE(connection) << url;
    EXPECT_EQ(connection.error().code, base::ErrorCode::invalid_argument) << url;
  }
  EXPECT_EQ(Connection::open("sqlite:/no/such/folder/x.db").error().code, base::ErrorCode::unavailable);
}

}  // namespace
}  // namespace collector::store
