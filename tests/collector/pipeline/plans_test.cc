// No statement of the pipeline, and none that tells a balance, reads through a table that grows with the
// years: SQLite says how it goes about each statement that it was given, and PostgreSQL whether it has an
// index for each.

#include <sqlite3.h>

#include <deque>
#include <regex>
#include <set>

#include "collector/store/ledger.h"
#include "collector/store/query.h"
#include "collector/store/series.h"
#include "tests/collector/pipeline/office.h"
#include "tests/collector/store/small_world.h"
#include "tests/support/database/fresh_database.h"

namespace collector::pipeline {
namespace {

// Each has a row for every session there ever was, or more.
const std::set<std::string> kGrows{
    "record",    "batch",       "session", "session_record",   "session_comment", "attribution", "decision",
    "charge",    "charge_part", "entry",   "entry_line",       "open_entry",      "account",     "mail",
    "mail_item", "mail_batch",  "gap",     "undecoded_record", "series_member",   "change"};
// An index that holds only what is to be told.
constexpr const char* kOpenOnly = "mail_item_open";

// The connections that were opened since the program began.
std::vector<sqlite3*>& opened() {
  static std::vector<sqlite3*> all;
  return all;
}

int note_opened(sqlite3* database, const char**, const void*) {
  opened().push_back(database);
  return SQLITE_OK;
}

// Every statement the connection has prepared; the store keeps them all.
std::set<std::string> statements_of(sqlite3* database) {
  std::set<std::string> all;
  for (auto* one = sqlite3_next_stmt(database, nullptr); one != nullptr;
       one = sqlite3_next_stmt(database, one)) {
    all.insert(sqlite3_sql(one));
  }
  return all;
}

std::vector<std::string> plan_of(sqlite3* database, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, ("EXPLAIN QUERY PLAN " + sql).c_str(), -1, &statement, nullptr) !=
      SQLITE_OK)
    throw std::runtime_error(sqlite3_errmsg(database));
  std::vector<std::string> plan;
  while (sqlite3_step(statement) == SQLITE_ROW)
    plan.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, 3)));
  sqlite3_finalize(statement);
  return plan;
}

// "session" of "SCAN s", where the statement says "FROM session s".
std::string table_of(const std::string& name, const std::string& sql) {
  std::smatch found;
  const std::regex alias{"(?:FROM|JOIN|UPDATE|INTO)\\s+(\\w+)\\s+(?:AS\\s+)?" + name + "\\b"};
  return std::regex_search(sql, found, alias) ? found.str(1) : name;
}

// A page of a backlog that is found by looking at, and sorting, all of it costs the backlog's square. Of the
// mails only the readers whose time has come are sorted, three numbers each, however much they are to be
// told.
bool sorts_before_a_limit(const std::vector<std::string>& plan, const std::string& sql) {
  if (std::ranges::find(plan, "SCAN due") != plan.end() && sql.contains("FROM mail_batch WHERE look_ms"))
    return false;
  return sql.find("LIMIT :limit") != sql.npos && std::ranges::any_of(plan, [](const std::string& line) {
           return line.starts_with("USE TEMP B-TREE FOR ORDER BY");
         });
}

// Those that read a growing table, or a contract's whole ledger, from one end to the other.
std::vector<std::string> scans_of(sqlite3* database, const std::string& sql) {
  std::vector<std::string> scans;
  // An index that SQLite makes for one run of a statement is made by reading the whole table.
  const std::regex scan{
      "(?:SCAN|SEARCH(?= \\w+ USING AUTOMATIC)) (\\w+)(?: USING (?:COVERING )?INDEX (\\w+))?"};
  const auto plan = plan_of(database, sql);
  if (sorts_before_a_limit(plan, sql)) scans.push_back("sorts before its LIMIT:\n" + sql);
  for (const auto& line : plan) {
    // All that was ever entered for a contract; the newest entry alone is soon found.
    if (line.ends_with("entry_by_contract (contract_id=?)") && !sql.contains(" LIMIT 1"))
      scans.push_back(line + " in:\n" + sql);
    std::smatch found;
    if (!std::regex_search(line, found, scan, std::regex_constants::match_continuous)) continue;
    const auto table = table_of(found.str(1), sql);
    // Where a row is added with RETURNING, the plan tells how SQLite would look for those that refer to it,
    // as it does only while a reference is broken.
    const bool named = sql.find(table) != sql.npos;
    if (named && kGrows.contains(table) && found.str(2) != kOpenOnly) scans.push_back(line + " in:\n" + sql);
  }
  return scans;
}

// How PostgreSQL would go about statements if reading a table from one end to the other were the last thing
// it did, whatever is in it. Whether it takes the index is for its statistics to say.
class PostgresqlPlans {
 public:
  explicit PostgresqlPlans(store::Transaction& tx) : tx_{tx} {
    for (const char* off : {"enable_seqscan", "enable_hashjoin", "enable_mergejoin", "enable_material"})
      run(std::string{"SET LOCAL "} + off + " = off");
    run("SET LOCAL plan_cache_mode = force_generic_plan");
    run("ANALYZE session_watch");  // It is short; what was never analysed is taken to be longer.
  }

  std::vector<std::string> scans_of(const std::string& sql) {
    std::vector<std::string> scans;
    const std::regex scan{R"((Seq Scan|(?:Index Only|Index) Scan(?: Backward)? using (\w+)) on (\w+).*)"};
    const auto plan = plan_of(sql);
    for (auto line = plan.begin(); line != plan.end(); ++line) {
      std::smatch found;
      if (!std::regex_search(*line, found, scan) || !kGrows.contains(found.str(3))) continue;
      const bool narrowed = std::next(line) != plan.end() && std::next(line)->contains("Index Cond:");
      if (!narrowed && found.str(2) != kOpenOnly) scans.push_back(found.str(0) + " in:\n" + sql);
    }
    return scans;
  }

 private:
  std::vector<std::string> run(const std::string& sql) {
    store::Query query(tx_, texts_.emplace_back(sql));
    std::string line;
    if (sql.starts_with("EXPLAIN")) query.into(line);
    std::vector<std::string> lines;
    while (query.next()) lines.push_back(line);
    return lines;
  }

  std::vector<std::string> plan_of(const std::string& sql) {
    static const std::regex comment{"--[^\n]*"}, parameter{":([a-z_0-9]+)"};
    auto text = std::regex_replace(sql, comment, "");
    std::vector<std::string> names;
    for (std::smatch found; std::regex_search(text, found, parameter);) {
      auto name = std::ranges::find(names, found.str(1));
      if (name == names.end()) name = names.insert(name, found.str(1));
      text = found.prefix().str() + "$" + std::to_string(name - names.begin() + 1) + found.suffix().str();
    }
    std::string nothing;
    for (std::size_t n = 0; n < names.size(); ++n) nothing += n == 0 ? "(NULL" : ", NULL";
    if (!names.empty()) nothing += ")";
    const auto plan = "plan_" + std::to_string(++count_);
    run("PREPARE " + plan + " AS " + text);
    return run("EXPLAIN EXECUTE " + plan + nothing);
  }

  store::Transaction& tx_;
  std::deque<std::string> texts_;  // Those of queries outlive them.
  int count_ = 0;
};

class Plans : public OfficeTest {
 protected:
  // A connection that is opened from here on is the last of opened().
  Plans() { sqlite3_auto_extension(reinterpret_cast<void (*)()>(note_opened)); }
  ~Plans() override { sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(note_opened)); }

  // Everything the pipeline does, some of it twice.
  void two_days(Pipeline& pipeline) {
    const auto first = completed("first", kBakery, at_min(0), 12min);
    const auto second = completed("second", kLawyer, at_min(5), 30min);
    receive({active(first)});
    must(pipeline.run());
    receive({first, second, completed("stranger", kStranger, at_min(7), 9min)});
    receive_bodies({"no fact"});
    comment(kBakery, at_min(0), "Printer");
    comment(kLawyer, at_min(5), "1,# Scanner");
    clock_.now = at_min(60);
    must(pipeline.run());
    clock_.now = at_min(180);
    must(pipeline.run());
    // What was told is told again; it costs nothing after all, and another takes its time from the same hour.
    comment(kBakery, at_min(0), "# Printer, on the house");
    receive({first, completed("late", kBakery, at_min(-30), 45min)});
    comment(kBakery, at_min(-30), "Mail");
    must(pipeline.run());
    clock_.now = at_min(400);
    must(pipeline.run());
  }

  static void expect_no_scans(sqlite3* database) {
    for (const auto& sql : statements_of(database)) {
      for (const auto& scan : scans_of(database, sql)) ADD_FAILURE() << scan;
    }
  }
};
INSTANTIATE_TEST_SUITE_P(On, Plans, testing::Values(store::Dialect::sqlite), store::dialect_name);

TEST_P(Plans, ThePipelineReadsNothingFromEndToEnd) {
  Pipeline pipeline{must(store::Connection::open(url_)), settings_, store::utc_start_of_day, clock_};
  auto* const database = opened().back();
  two_days(pipeline);
  EXPECT_EQ(mails().size(), 3u);
  EXPECT_GT(statements_of(database).size(), 40u) << "they are prepared once and kept";
  expect_no_scans(database);
}

TEST_P(Plans, PostgresqlHasAnIndexForEachOfThem) {
  Pipeline pipeline{must(store::Connection::open(url_)), settings_, store::utc_start_of_day, clock_};
  auto* const database = opened().back();
  two_days(pipeline);
  auto connection = must(store::Connection::open(support::migrated_postgres_url()));
  must(connection.transaction([&](store::Transaction& tx) -> base::Status {
    PostgresqlPlans plans{tx};
    for (const auto& sql : statements_of(database)) {
      for (const auto& scan : plans.scans_of(sql)) ADD_FAILURE() << scan;
    }
    EXPECT_FALSE(plans.scans_of("SELECT s.remote_id FROM session s WHERE s.kind = :kind").empty());
    EXPECT_FALSE(
        plans.scans_of("SELECT 1 FROM session_watch w JOIN charge h ON h.seconds = w.changed").empty());
    EXPECT_FALSE(plans.scans_of("SELECT h.tie FROM charge h ORDER BY h.charge_id").empty());
    EXPECT_TRUE(plans.scans_of("SELECT h.tie FROM charge h WHERE h.charge_id = :charge_id").empty());
    return {};
  }));
}

TEST_P(Plans, ABalanceIsNotSummedUp) {
  auto connection = must(store::Connection::open(url_));
  auto* const database = opened().back();
  const auto contract = contract_id("bakery");
  must(connection.read([&](store::Transaction& tx) -> base::Status {
    EXPECT_FALSE(must(store::accounts_of(tx, contract)).empty());
    must(store::last_told(tx, contract));
    must(store::entries_behind(tx, contract, 1));
    return {};
  }));
  EXPECT_GE(statements_of(database).size(), 2u);
  expect_no_scans(database);
}

TEST_P(Plans, AScanIsSeen) {
  auto connection = must(store::Connection::open(url_));
  EXPECT_FALSE(
      scans_of(opened().back(), "SELECT s.remote_id FROM session s WHERE s.kind = 'desktop'").empty());
  EXPECT_FALSE(scans_of(opened().back(), "SELECT 1 FROM entry ORDER BY reason").empty());
  EXPECT_FALSE(scans_of(opened().back(),
                        "SELECT h.charge_id FROM session_watch w CROSS JOIN charge h "
                        "WHERE h.subject = 's' || w.session_id ORDER BY h.charge_id LIMIT :limit")
                   .empty());
  EXPECT_FALSE(
      scans_of(opened().back(), "SELECT 1 FROM session_watch w JOIN charge h ON h.tie = w.changed").empty());
  EXPECT_FALSE(
      scans_of(opened().back(), "SELECT e.reason FROM entry e WHERE e.contract_id = 1 ORDER BY e.entry_id")
          .empty());
}

}  // namespace
}  // namespace collector::pipeline
