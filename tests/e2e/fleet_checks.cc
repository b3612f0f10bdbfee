#include "tests/e2e/fleet_checks.h"

#include <gmock/gmock.h>

#include <map>
#include <set>

#include "collector/store/records.h"
#include "common/record/chain.h"
#include "tests/e2e/checks.h"
#include "tests/support/process/eventually.h"

namespace e2e {

namespace json = boost::json;

namespace {

std::vector<support::Told> all_parsed(const support::Site& site, const support::Fleet& fleet) {
  std::vector<support::Told> all;
  for (std::size_t n = 0; n < fleet.size(); ++n) {
    const auto one = support::parsed(site, fleet.text(n));
    all.insert(all.end(), one.begin(), one.end());
  }
  std::ranges::sort(all);
  return all;
}

std::vector<collector::store::RecordRow> stored(const support::Site& site) {
  auto database = collector::store::Connection::open("sqlite:" + site.database().string()).value();
  std::vector<collector::store::RecordRow> rows;
  const auto read = database.read([&](collector::store::Transaction& tx) -> base::Status {
    rows = collector::store::records_after(tx, 0, 10'000'000).value();
    return {};
  });
  EXPECT_TRUE(read);
  return rows;
}

// What a bad network, kills and wrong clocks leave in the counters; anything else says that a batch was not
// what it should be.
bool is_weather(std::string_view outcome) {
  static const std::set<std::string_view> kNames{
      "accepted", "duplicate", "renewed",
      // Of a connection that was cut a batch may be committed after the agent has connected again: what it
      // sends then may begin too early.
      "gap",
      // A collector whose clock is years ahead takes every certificate for too old to be renewed; one that is
      // behind knows that it is and issues nothing.
      "renewal_refused", "renewal_clock_wrong", "replaced_connection", "handshake_failed", "http_broken",
      "http_late", "first_frame_late", "answers_not_read", "busy_queue"};
  return kNames.contains(outcome);
}

void expect_nothing_refused(const support::Site& site) {
  const auto told = site.collector_json({"agents"}).as_object();
  for (const auto& agent : told.at("agents").as_array()) {
    for (const auto& [outcome, count] : agent.as_object().at("outcomes").as_object())
      EXPECT_TRUE(is_weather(outcome)) << json::serialize(agent);
  }
  for (const auto& [outcome, count] : told.at("unknown").as_object())
    EXPECT_TRUE(is_weather(outcome)) << json::serialize(told.at("unknown"));
}

}  // namespace

void expect_fleet_arrival(const support::Site& site, const support::Fleet& fleet,
                          std::chrono::milliseconds limit) {
  const auto expected = all_parsed(site, fleet);
  ASSERT_FALSE(expected.empty());
  std::vector<support::Told> now;
  support::eventually(
      [&] {
        now = support::arrived(site);
        return now == expected;
      },
      limit);
  ASSERT_EQ(now.size(), expected.size());
  EXPECT_TRUE(now == expected);
  for (std::size_t n = 0; n < fleet.size(); ++n) {
    std::int64_t pending = -1;
    EXPECT_TRUE(support::eventually(
        [&] {
          pending = fleet.status(n).at("records_pending").as_int64();
          return pending == 0;
        },
        limit))
        << "workstation " << n << " waits with " << pending << ": " << fleet.log(n);
  }
}

std::int64_t count_records(const support::Site& site) {
  return std::ssize(stored(site));
}

std::int64_t expect_whole_chains(const support::Site& site, const support::Fleet& fleet) {
  expect_nothing_refused(site);
  // An agent that is killed while it makes its outbox begins the next epoch.
  std::map<std::pair<std::string, std::int64_t>, record::Chain> chains;
  const auto rows = stored(site);
  for (const auto& row : rows) {
    const auto agent = record::AgentId::from_bytes(row.agent_id).value();
    const auto epoch = static_cast<std::uint32_t>(row.epoch);
    auto& chain =
        chains.try_emplace({row.agent_id, row.epoch}, agent, epoch, 1U, record::kChainStart).first->second;
    EXPECT_EQ(row.seq, static_cast<std::int64_t>(chain.next_seq())) << agent.hex();
    EXPECT_EQ(row.hash, chain.append(row.body).bytes()) << agent.hex() << ", record " << row.seq;
  }
  std::int64_t sealed = 0;
  for (std::size_t n = 0; n < fleet.size(); ++n) {
    const auto status = fleet.status(n);
    EXPECT_EQ(counter(status, "gaps"), 0);
    sealed += status.at("records_sealed").as_int64();
  }
  EXPECT_EQ(std::ssize(rows), sealed);
  EXPECT_EQ(chains.size(), fleet.size());
  const auto verified = site.collector({"verify"});
  EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
  return std::ssize(rows);
}

}  // namespace e2e
