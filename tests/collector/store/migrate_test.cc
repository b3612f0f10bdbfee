#include "collector/store/migrate.h"

#include <map>
#include <set>

#include "collector/store/adjustments.h"
#include "collector/store/decisions.h"
#include "collector/store/mail_templates.h"
#include "collector/store/query.h"
#include "collector/store/reratings.h"
#include "collector/store/series.h"
#include "tests/collector/store/small_world.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::store {
namespace {

constexpr Migration first{1, "first", "CREATE TABLE one (n INT)", "aa"};
constexpr Migration first_edited{1, "first", "CREATE TABLE one (m INT)", "bb"};
constexpr Migration second{2, "second", "CREATE TABLE two (n INT); CREATE TABLE three (n INT)", "cc"};
constexpr Migration second_broken{2, "second", "CREATE TABLE two (n INT); CREATE TABLE one (n INT)", "dd"};

// An empty database for each dialect: here the history is the matter.
class MigrateTest : public testing::TestWithParam<Dialect> {
 protected:
  base::Status migrate_to(std::vector<Migration> known) { return migrate(connection_, at(0), known); }
  std::string url_ =
      GetParam() == Dialect::sqlite ? support::fresh_sqlite_url() : support::fresh_postgres_url();
  Connection connection_ = must(Connection::open(url_));
};
INSTANTIATE_TEST_SUITE_P(On, MigrateTest, testing::Values(Dialect::sqlite, Dialect::postgresql),
                         dialect_name);

TEST_P(MigrateTest, GoesForwardAndOnlyOnce) {
  EXPECT_EQ(must(schema_version(connection_)), 0);
  must(migrate_to({first}));
  EXPECT_EQ(must(schema_version(connection_)), 1);
  must(migrate_to({first, second}));
  must(migrate_to({first, second}));
  EXPECT_EQ(must(schema_version(connection_)), 2);
}

// Every command begins with it, also while a busy collector writes.
TEST_P(MigrateTest, NothingToDoNeedsNoTurnToWrite) {
  must(migrate(connection_, at(1)));
  auto other = must(Connection::open(url_));
  must(connection_.transaction([&](Transaction&) { return migrate(other, at(2)); }));
}

TEST_P(MigrateTest, TheShippedMigrationsAreNumberedWithoutHoles) {
  int number = 0;
  for (const auto& migration : migrations(GetParam())) {
    EXPECT_EQ(migration.number, ++number);
    EXPECT_EQ(migration.sha256.size(), 64u);
    const auto& twin = migrations(Dialect::sqlite)[static_cast<std::size_t>(number - 1)];
    EXPECT_EQ(migration.name, twin.name);
  }
  EXPECT_EQ(migrations(Dialect::sqlite).size(), migrations(Dialect::postgresql).size());
  must(migrate(connection_, at(0)));
  EXPECT_EQ(must(schema_version(connection_)), number);
}

TEST_P(MigrateTest, ANewerDatabaseIsRefused) {
  must(migrate_to({first, second}));
  const auto status = migrate_to({first});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, base::ErrorCode::conflict);
  EXPECT_EQ(status.error().message,
            "the database has schema 2, this program knows schemas up to 1: start the newer "
            "deskledger-collector that "
            "upgraded it, or restore the backup made before the upgrade");
}

TEST_P(MigrateTest, AnEditedMigrationIsRefused) {
  must(migrate_to({first}));
  const auto status = migrate_to({first_edited, second});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, base::ErrorCode::conflict);
  EXPECT_NE(
      status.error().message.find("migration 1 (first) was applied as sha256 aa, this program has it as bb"),
      std::string::npos)
      << status.error().message;
  EXPECT_EQ(must(schema_version(connection_)), 1) << "and nothing behind it was applied";
}

TEST_P(MigrateTest, ABrokenMigrationLeavesNothing) {
  must(migrate_to({first}));
  const auto status = migrate_to({first, second_broken});
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().message.find("apply migration 2 (second)"), std::string::npos)
      << status.error().message;
  EXPECT_EQ(must(schema_version(connection_)), 1);
  must(migrate_to({first, second}));  // Table two does not stand in the way.
}

STORE_SUITE(SchemaTest);

TEST_P(SchemaTest, AppendOnlyTablesRefuseChanges) {
  write([](Transaction& t) {
    const auto world = make_small_world(t);
    must(append_batch(t, batch_row(world.agent_id, 1),
                      {{.hash = "h", .body = "b"}, {.hash = "i", .body = "c"}}));
    const auto posted = post_session(t, world, "k");
    must(link_session_record(t, posted.session_id, 1));
    must(add_comment(t, comment_row("123456789", 10'000, "done")));
    must(add_gap(t, {.id = 0,
                     .record_id = 1,
                     .agent_id = world.agent_id,
                     .source = "s",
                     .after_offset = 0,
                     .bytes_lost_min = 0,
                     .cause = "c",
                     .observed = at(1)}));
    must(add_undecoded(t, {.record_id = 2, .reason = "new"}));
    must(add_decision(t, {.session_id = posted.session_id, .decided = at(1), .who = "mary"}));
    const auto series =
        must(add_series(t, {.id = 0, .customer_id = world.customer_id, .made = at(1), .who = "mary"}));
    must(change_membership(
        t,
        {.session_id = posted.session_id, .series_id = series, .changed = at(1), .who = "mary", .why = ""}));
    must(add_dismissal(t, {.first_session_id = posted.session_id, .second_session_id = posted.session_id}));
    t.session().script("INSERT INTO billed_session VALUES (" + std::to_string(posted.session_id) +
                       ", 'INV-7', 1)");
    must(add_rerating(t, {.id = 0, .contract_id = posted.charge.contract_id, .from = at(1), .to = at(2)}));
    AdjustmentRow adjustment;
    adjustment.session_id = posted.session_id;
    adjustment.charge_id = posted.charge.id;
    const auto adjusted = must(add_adjustment(t, adjustment));
    must(decide_adjustment(t, {.adjustment_id = adjusted, .released = true}));
    must(add_adjustment_posting(t, {.adjustment_id = adjusted, .charge_id = posted.charge.id}));
    MailTemplateRow words;
    words.kind = "notice";
    words.version = 1;
    must(add_mail_template(t, words));
  });
  const std::map<std::string, std::string> tables{{"batch", "epoch"},
                                                  {"record", "epoch"},
                                                  {"session_comment", "text"},
                                                  {"session_record", "session_id"},
                                                  {"gap", "cause"},
                                                  {"undecoded_record", "reason"},
                                                  {"template", "name"},
                                                  {"attribution", "text"},
                                                  {"charge", "minutes"},
                                                  {"entry", "minutes"},
                                                  {"decision", "why"},
                                                  {"series", "who"},
                                                  {"series_member", "why"},
                                                  {"series_dismissal", "who"},
                                                  {"billed_session", "document"},
                                                  {"rerating", "why"},
                                                  {"adjustment", "why"},
                                                  {"adjustment_decision", "why"},
                                                  {"adjustment_posting", "minutes"},
                                                  {"mail_template", "subject"}};
  for (const auto& [table, column] : tables) {
    for (const auto& statement :
         {"UPDATE " + table + " SET " + column + " = " + column, "DELETE FROM " + table}) {
      const auto status = connection_.transaction([&](Transaction& t) -> base::Status {
        t.session().script(statement);
        return {};
      });
      ASSERT_FALSE(status) << statement;
      EXPECT_EQ(status.error().code, base::ErrorCode::conflict) << statement;
      EXPECT_NE(
          status.error().message.find(table + " is append-only: " + statement.substr(0, 6) + " is refused"),
          std::string::npos)
          << status.error().message;
    }
  }
}

TEST(SqliteSchema, ReplacingARowOfAnAppendOnlyTableIsRefused) {
  auto connection = must(Connection::open(support::fresh_sqlite_url()));
  must(migrate(connection, at(0)));
  must(connection.transaction([](Transaction& t) -> base::Status {
    must(add_template_version(t, "standard", rating::Rule{}));
    return {};
  }));
  const auto status = connection.transaction([](Transaction& t) -> base::Status {
    t.session().script("INSERT OR REPLACE INTO template SELECT * FROM template");
    return {};
  });
  EXPECT_EQ(status.error().code, base::ErrorCode::conflict);
}

// The same question to both dialects; each answers with one column of text.
struct Question {
  std::string name;
  std::string sqlite;
  std::string postgresql;
  std::size_t answers_min;
};

std::set<std::string> answers(const std::string& url, const std::string& sql) {
  auto connection = must(Connection::open(url));
  must(migrate(connection, at(0)));
  std::set<std::string> found;
  must(connection.read([&](Transaction& t) {
    return attempt(t, [&] {
      Query query(t, sql);
      std::string answer;
      query.into(answer);
      while (query.next()) found.insert(answer);
    });
  }));
  return found;
}

TEST(Schema, BothDialectsAgree) {
  const Question table[] = {
      {"columns, their types, and whether they may be null",
       "SELECT m.name || '.' || c.name || ' ' || "
       "CASE c.type WHEN 'INTEGER' THEN 'bigint' ELSE LOWER(c.type) END || ' ' || "
       "CASE WHEN c.pk > 0 OR c.\"notnull\" = 1 THEN 'NO' ELSE 'YES' END "
       "FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE "
       "'sqlite_%'",
       "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable "
       "FROM information_schema.columns WHERE table_schema = current_schema()",
       150},
      {"named indexes", "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
       "SELECT i.indexname FROM pg_indexes i LEFT JOIN pg_constraint c ON c.conname = i.indexname "
       "WHERE i.schemaname = current_schema() AND c.conname IS NULL",
       8},
      {"foreign keys",
       "SELECT m.name || ' to ' || f.\"table\" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f "
       "WHERE m.type = 'table'",
       "SELECT a.relname || ' to ' || b.relname FROM pg_constraint c JOIN pg_class a ON a.oid = c.conrelid "
       "JOIN pg_class b ON b.oid = c.confrelid WHERE c.contype = 'f'",
       20},
      {"how many unique constraints a table has",
       "SELECT m.name || ' ' || COUNT(*) FROM sqlite_master m JOIN pragma_index_list(m.name) i "
       "WHERE m.type = 'table' AND i.origin = 'u' GROUP BY m.name",
       "SELECT a.relname || ' ' || COUNT(*) FROM pg_constraint c JOIN pg_class a ON a.oid = c.conrelid "
       "JOIN pg_namespace n ON n.oid = a.relnamespace AND n.nspname = current_schema() "
       "WHERE c.contype = 'u' GROUP BY a.relname",
       10},
      {"how many checks a table has",
       "SELECT name || ' ' || ((LENGTH(sql) - LENGTH(REPLACE(sql, 'CHECK (', ''))) / 7) FROM sqlite_master "
       "WHERE type = 'table' AND sql LIKE '%CHECK (%'",
       "SELECT a.relname || ' ' || COUNT(*) FROM pg_constraint c JOIN pg_class a ON a.oid = c.conrelid "
       "JOIN pg_namespace n ON n.oid = a.relnamespace AND n.nspname = current_schema() "
       "WHERE c.contype = 'c' GROUP BY a.relname",
       8},
  };
  for (const auto& question : table) {
    const auto sqlite = answers(support::fresh_sqlite_url(), "-- Test.\n" + question.sqlite);
    const auto postgresql = answers(support::fresh_postgres_url(), "-- Test.\n" + question.postgresql);
    EXPECT_GE(sqlite.size(), question.answers_min) << question.name;
    EXPECT_EQ(sqlite, postgresql) << question.name;
  }
}

}  // namespace
}  // namespace collector::store
