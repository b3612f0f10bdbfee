#include "tests/e2e/checks.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <set>

#include "collector/store/records.h"
#include "common/base/hex.h"
#include "common/record/chain.h"
#include "tests/support/process/eventually.h"

namespace e2e {

namespace json = boost::json;
using support::eventually;
using support::Site;

namespace {

std::string text(const json::value& row, std::string_view field) {
  const auto& value = row.as_object().at(field);
  return value.is_string() ? std::string{value.as_string()} : std::string{};
}

std::int64_t number(const json::value& row, std::string_view field) {
  const auto& value = row.as_object().at(field);
  return value.is_int64() ? value.as_int64() : 0;
}

json::array sessions(const Site& site) {
  return site.collector_json({"sessions", "--all", "--limit", "1000000"}).as_array();
}

std::vector<collector::store::RecordRow> all_records(const std::string& database_url) {
  std::vector<collector::store::RecordRow> rows;
  auto database = collector::store::Connection::open(database_url);
  EXPECT_TRUE(database) << database_url;
  if (!database) return rows;
  const auto read = database->read([&](collector::store::Transaction& tx) -> base::Status {
    auto found = collector::store::records_after(tx, 0, 1'000'000);
    if (!found) return std::unexpected{found.error()};
    rows = std::move(*found);
    return {};
  });
  EXPECT_TRUE(read) << (read ? "" : read.error().message);
  return rows;
}

void expect_good_outcomes(const Site& site) {
  const auto fleet = site.collector_json({"agents"}).as_object();
  const auto& agent = fleet.at("agents").as_array().at(0);
  EXPECT_EQ(number(agent, "gaps"), 0);
  for (const auto& [outcome, count] : agent.as_object().at("outcomes").as_object()) {
    EXPECT_THAT(std::string{outcome}, testing::AnyOf("accepted", "duplicate")) << json::serialize(fleet);
  }
  // An agent that is killed in the middle of its handshake is nobody yet.
  for (const auto& [outcome, count] : fleet.at("unknown").as_object()) {
    EXPECT_EQ(std::string_view{outcome}, "handshake_failed") << json::serialize(fleet);
  }
}

// By what stands in the ledgers alone, whatever is known of mails.
std::multiset<std::int64_t> sessions_to_tell(const Site& site) {
  std::map<std::int64_t, std::int64_t> session_of;  // By entry.
  const auto contracts = site.collector_json({"contracts"});
  for (const auto& contract : contracts.as_array()) {
    if (!contract.as_object().at("customer_told").as_bool()) continue;
    for (const auto& entry : contract.as_object().at("entries").as_array()) {
      if (entry.as_object().at("charge").is_null()) continue;
      if (const auto reversed = number(entry, "reverses"); reversed != 0) {
        session_of.erase(reversed);
      } else {
        session_of[number(entry, "entry")] = number(entry, "session");
      }
    }
  }
  std::multiset<std::int64_t> sessions;
  for (const auto& [entry, session] : session_of) sessions.insert(session);
  return sessions;
}

}  // namespace

std::int64_t counter(const json::object& status, std::string_view name) {
  const auto* value = status.at("counters").as_object().if_contains(name);
  return value == nullptr ? 0 : value->as_int64();
}

void start_everything(Site& site) {
  site.start_collector();
  site.enrol();
  site.start_agent();
}

void expect_arrival(const Site& site, const std::vector<support::Told>& expected) {
  ASSERT_FALSE(expected.empty());
  std::vector<support::Told> now;
  eventually([&] {
    now = support::arrived(site);
    return now == expected;
  });
  EXPECT_THAT(now, testing::ElementsAreArray(expected));
}

void expect_whole_chain(const Site& site, const std::string& database_url) {
  const auto status = site.agent_status();
  EXPECT_EQ(counter(status, "gaps"), 0);
  EXPECT_EQ(status.at("records_pending").as_int64(), 0);
  expect_good_outcomes(site);
  const auto records = all_records(database_url);
  EXPECT_EQ(static_cast<std::int64_t>(records.size()), status.at("records_sealed").as_int64());
  ASSERT_FALSE(records.empty());
  const auto agent = record::AgentId::from_bytes(records.front().agent_id);
  ASSERT_TRUE(agent);
  record::Chain chain{*agent, 1, 1, record::kChainStart};
  for (const auto& row : records) {
    ASSERT_EQ(row.agent_id, records.front().agent_id);
    ASSERT_EQ(row.epoch, 1);
    ASSERT_EQ(row.seq, static_cast<std::int64_t>(chain.next_seq()));
    ASSERT_EQ(row.hash, chain.append(row.body).bytes()) << "record " << row.seq;
  }
}

void expect_all_charged(const Site& site) {
  json::array list;
  const bool done = eventually([&] {
    list = sessions(site);
    return std::ranges::none_of(list, [](const json::value& row) {
      const auto state = text(row, "state");
      // A day of long ago waits for no comment; when its comment comes, it leaves the review by itself.
      const auto& reasons = row.as_object().at("review_reasons").as_array();
      return state == "new" || state == "pending_comment" || state == "rated" || state == "active" ||
             std::ranges::any_of(reasons, [](const json::value& reason) { return reason == "no_comment"; });
    });
  });
  EXPECT_TRUE(done) << json::serialize(list);
}

void expect_all_mailed(const Site& site) {
  const auto flushed = site.collector({"mail", "flush"});
  ASSERT_EQ(flushed.exit_code, 0) << flushed.err;
  const bool done = eventually([&] {
    return std::ranges::none_of(sessions(site), [](const json::value& row) {
      const auto state = text(row, "mail");
      return state == "queued" || state == "composed" || state == "sending";
    });
  });
  EXPECT_TRUE(done);
}

void expect_mails_once(const Site& site) {
  std::multiset<std::int64_t> told;
  std::set<std::string> ids, recipients;
  const auto mails = site.collector_json({"mail", "list", "--limit", "100000"});
  for (const auto& mail : mails.as_array()) {
    EXPECT_EQ(text(mail, "state"), "sent");
    ids.insert(text(mail, "message_id"));
    if (text(mail, "kind") != "sessions") continue;
    EXPECT_TRUE(recipients.insert(text(mail, "to")).second) << "two mails to " << text(mail, "to");
    const auto shown = site.collector_json({"mail", "show", std::to_string(number(mail, "mail"))});
    for (const auto& session : shown.as_object().at("told").as_array()) told.insert(session.as_int64());
  }
  EXPECT_FALSE(told.empty());
  EXPECT_EQ(told, sessions_to_tell(site)) << "each session that was charged, once";
  std::int64_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator{site.mails()}) {
    files += entry.path().extension() == ".eml" ? 1 : 0;
  }
  EXPECT_EQ(files, std::ssize(mails.as_array()));
  EXPECT_EQ(ids.size(), mails.as_array().size());
  for (const auto& row : sessions(site)) {
    const bool is_told = told.contains(number(row, "session"));
    EXPECT_EQ(text(row, "mail"), is_told ? "sent" : "none") << json::serialize(row);
  }
}

void expect_balanced_ledgers(const Site& site) {
  std::map<std::pair<std::string, std::string>, std::int64_t> charged;  // By customer and contract.
  std::map<std::int64_t, std::int64_t> minutes_of;                      // By session.
  for (const auto& row : sessions(site)) {
    const auto state = text(row, "state");
    if (state != "posted" && state != "no_charge") continue;
    charged[{text(row, "customer"), text(row, "contract")}] += number(row, "charged_min");
    minutes_of[number(row, "session")] = number(row, "charged_min");
  }
  std::set<std::int64_t> posted;
  const auto contracts = site.collector_json({"contracts"});
  for (const auto& contract : contracts.as_array()) {
    std::int64_t sum = 0, granted = 0;
    for (const auto& entry : contract.as_object().at("entries").as_array()) {
      sum += number(entry, "minutes");
      if (text(entry, "kind") == "grant") {
        granted += number(entry, "minutes");
        continue;
      }
      const auto session = number(entry, "session");
      EXPECT_TRUE(posted.insert(session).second) << "session " << session << " is in the ledger twice";
      EXPECT_EQ(std::abs(number(entry, "minutes")), minutes_of[session]) << "session " << session;
    }
    const auto name = text(contract, "name");
    const auto spent = charged[{text(contract, "customer"), name}];
    const bool prepaid = text(contract, "model") == "prepaid";
    EXPECT_EQ(number(contract, "balance_min"), sum) << name;
    EXPECT_EQ(number(contract, "balance_min"), prepaid ? granted - spent : spent) << name;
  }
  EXPECT_FALSE(posted.empty());
  EXPECT_EQ(posted.size(), minutes_of.size());
}

unsigned long seed() {
  const char* wanted = std::getenv("DESKLEDGER_TEST_SEED");
  const unsigned long value = wanted != nullptr ? std::strtoul(wanted, nullptr, 10) : std::random_device{}();
  std::cout << "seed " << value << " (repeat with DESKLEDGER_TEST_SEED=" << value << ")\n";
  return value;
}

}  // namespace e2e
