// The statements that an idle pipeline runs every second must not read every
// row there ever was: SQLite says how it would go about them.

#include <gmock/gmock.h>

#include <map>

#include "collector/store/embedded_sql.h"
#include "collector/store/query.h"
#include "tests/collector/store/store_fixture.h"

namespace collector::store {
namespace {

std::vector<std::string> plan_of(Transaction& t, std::string_view sql) {
  const auto question = "-- Asks for a plan.\nEXPLAIN QUERY PLAN\n" + std::string{sql};
  Query query(t, question);
  for (const char* name :
       {"now_ms", "wait_ms", "tolerance_ms", "limit", "record_id", "from_ms", "to_ms", "session_id",
        "customer_id", "contract_id", "attribution_id", "place_ms", "place_id", "technician_id", "billed"}) {
    if (sql.find(":" + std::string{name}) != sql.npos) query.with(name, 1);
  }
  for (const char* name : {"remote_id", "subject", "outcome", "account", "sender"}) {
    if (sql.find(":" + std::string{name}) != sql.npos) query.with(name, std::string_view{"1"});
  }
  std::int64_t id = 0, parent = 0, unused = 0;
  std::string detail;
  query.into(id).into(parent).into(unused).into(detail);
  std::vector<std::string> details;
  while (query.next()) details.push_back(detail);
  return details;
}

// What of a plan reads a whole table that grows; `details` are SQLite's.
std::vector<std::string> whole_tables(const std::vector<std::string>& details) {
  std::vector<std::string> scans;
  for (const auto& detail : details) {
    if (detail.starts_with("SCAN") || detail.find("TEMP B-TREE FOR ORDER BY") != detail.npos)
      scans.push_back(detail);
  }
  return scans;
}

// A list costs what it shows.
TEST(ListPlan, PagesAreFoundByAnIndex) {
  auto connection = must(Connection::open(support::fresh_sqlite_url()));
  must(migrate(connection, at(0)));
  must(connection.read([&](Transaction& t) -> base::Status {
    EXPECT_THAT(whole_tables(plan_of(t, sql::session_page_by_moment)), testing::IsEmpty());
    EXPECT_THAT(whole_tables(plan_of(t, sql::session_interval_list)), testing::IsEmpty());
    EXPECT_THAT(whole_tables(plan_of(t, sql::session_overview)), testing::IsEmpty());
    const auto of_customer = plan_of(t, sql::session_page_of_customer);
    EXPECT_THAT(of_customer, testing::Contains(testing::HasSubstr("USING INDEX attribution_by_customer")));
    for (const auto& [statement, index] :
         {std::pair{sql::session_page_stated, "attribution_with_stated_times"},
          {sql::session_page_held, "entry_hold"},
          {sql::session_page_withdrawn, "decision_withdrawn"},
          {sql::session_interval_list_odd, "session_longer_than_a_day"},
          {sql::session_interval_list_odd, "attribution_with_stated_times"}}) {
      EXPECT_THAT(plan_of(t, statement), testing::Contains(testing::HasSubstr(index))) << index;
    }
    EXPECT_THAT(plan_of(t, sql::session_page_unsettled), testing::Contains("SCAN w"));
    return {};
  }));
}

TEST(IdlePlan, NothingGrowsWithWhatIsSettled) {
  const std::map<std::string, std::string_view> statements{
      {"session_list_to_attribute", sql::session_list_to_attribute},
      {"session_watch_settle", sql::session_watch_settle},
      {"session_watch_commented", sql::session_watch_commented},
      {"session_list_near", sql::session_list_near},
      {"attribution_list_after", sql::attribution_list_after},
      {"charge_find_newest", sql::charge_find_newest},
      {"charge_list_from", sql::charge_list_from},
      {"entry_list_from", sql::entry_list_from},
      {"entry_list_open_of_session", sql::entry_list_open_of_session},
      {"account_list", sql::account_list},
      {"ledger_todo_list", sql::ledger_todo_list},
      {"mail_batch_list_due", sql::mail_batch_list_due},
      {"mail_list_to_send", sql::mail_list_to_send},
      {"mail_list_senders", sql::mail_list_senders},
      {"mail_window_find", sql::mail_window_find},
      {"record_list_after", sql::record_list_after}};
  auto connection = must(Connection::open(support::fresh_sqlite_url()));
  must(migrate(connection, at(0)));
  must(connection.transaction([&](Transaction& t) -> base::Status {
    for (const auto& [name, statement] : statements) {
      const auto details = plan_of(t, statement);
      EXPECT_FALSE(details.empty()) << name;
      for (const auto& detail : details) {
        const bool scans = detail.starts_with("SCAN") && detail != "SCAN w" &&
                           // Indexes of the few that are being watched.
                           !detail.starts_with("SCAN w USING INDEX session_watch_") &&
                           detail != "SCAN directory_state" &&
                           detail != "SCAN due";  // What was found by an index.
        EXPECT_FALSE(scans) << name << ": " << detail;
        // All entries that are no reversal have nothing there.
        const bool open_entries = detail.starts_with("SEARCH e ") || detail.starts_with("SEARCH o ");
        EXPECT_FALSE(open_entries && detail.find("reverses_entry_id") != detail.npos)
            << name << ": " << detail;
      }
    }
    return {};
  }));
}

}  // namespace
}  // namespace collector::store
