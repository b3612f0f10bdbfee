// The demonstration's day, to the last field: what managers and customers are shown.

#include <gmock/gmock.h>

#include <map>

#include "tests/e2e/checks.h"
#include "tests/e2e/firm.h"
#include "tests/support/process/eventually.h"
#include "tests/support/site/live_trace.h"
#include "tests/support/site/sessions.h"

namespace e2e {
namespace {

namespace json = boost::json;
using support::Site;
using testing::HasSubstr;

// docs/operating/collector.md
const char* const kFields[] = {"session",     "state",          "technician", "customer", "customer_name",
                               "terminal",    "remote_id",      "kind",       "outcome",  "requested_utc",
                               "started_utc", "ended_utc",      "seconds",    "amount",   "charged_min",
                               "contract",    "review_reasons", "mail",       "comment",  "workstation"};

class DemoDay : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    site_ = std::make_unique<Site>(PROGRAMS, "day");
    import_firm(*site_);
    start_everything(*site_);
    support::LiveTrace trace{*site_, demo_trace(), support::kHeadCut, seed()};
    trace.write_all();
    expect_arrival(*site_, support::parsed(*site_, demo_trace()));
    import_text(*site_, "comments.csv", demo_comments());
    expect_all_charged(*site_);
    expect_all_mailed(*site_);
  }
  static void TearDownTestSuite() { site_.reset(); }

  static json::array sessions() { return site_->collector_json({"sessions"}).as_array(); }

  static std::unique_ptr<Site> site_;
};

std::unique_ptr<Site> DemoDay::site_;

TEST_F(DemoDay, EverySessionHasEveryField) {
  const auto list = sessions();
  ASSERT_EQ(list.size(), 14u);
  for (const auto& row : list) {
    for (const char* field : kFields) EXPECT_TRUE(row.as_object().contains(field)) << field;
    if (row.as_object().at("state") == "attempt") continue;
    EXPECT_TRUE(row.as_object().at("technician").as_object().at("name").is_string());
    EXPECT_FALSE(row.as_object().at("customer").is_null());
    EXPECT_GT(row.as_object().at("seconds").as_int64(), 0);
  }
}

TEST_F(DemoDay, ExplainShowsEveryStepFromRecordToMail) {
  for (const auto& row : sessions()) {
    const auto& session = row.as_object();
    const auto id = std::to_string(session.at("session").as_int64());
    const auto shown = site_->collector({"explain", id});
    ASSERT_EQ(shown.exit_code, 0) << shown.err;
    for (const char* heading : {"1. Facts", "2. Comment", "3. Attribution", "4. Coverage", "5. Rule",
                                "6. Steps", "7. Entries", "8. Mail", "9. Document"}) {
      EXPECT_THAT(shown.out, HasSubstr(heading));
    }
    const auto story = site_->collector_json({"explain", id}).as_object();
    const auto& records = story.at("sessions").at(0).at("records").as_array();
    EXPECT_FALSE(records.empty());
    for (const auto& record : records) {
      EXPECT_EQ(record.as_object().at("signature").as_string().size(), 128u);
    }
    if (session.at("state") != "posted" && session.at("state") != "no_charge") continue;
    ASSERT_EQ(story.at("charges").as_array().size(), 1u) << shown.out;
    const auto& charge = story.at("charges").as_array()[0].as_object();
    EXPECT_EQ(charge.at("minutes"), session.at("charged_min"));
    EXPECT_FALSE(charge.at("steps").as_array().empty());
    ASSERT_EQ(story.at("entries").as_array().size(), 1u);
    EXPECT_EQ(std::abs(story.at("entries").as_array()[0].as_object().at("minutes").as_int64()),
              session.at("charged_min").as_int64());
    EXPECT_EQ(story.at("mails").as_array().size(), session.at("mail") == "sent" ? 1u : 0u);
  }
}

TEST_F(DemoDay, BalancesAreWhatWasBoughtMinusWhatWasCharged) {
  expect_balanced_ledgers(*site_);
  std::map<std::string, std::int64_t> balances;
  const auto contracts = site_->collector_json({"contracts"});
  for (const auto& contract : contracts.as_array()) {
    balances[std::string{contract.as_object().at("customer").as_string()}] =
        contract.as_object().at("balance_min").as_int64();
  }
  // Prepaid balances fall, indefinite ones rise, and those that nobody worked for stay.
  EXPECT_EQ(balances["pharmacy"], 60);
  EXPECT_EQ(balances["winery"], 120);
  EXPECT_LT(balances["bakery"], 600);
  EXPECT_GT(balances["garage"], 0);
}

TEST_F(DemoDay, ACustomerIsToldOnceOfAllItsSessions) {
  expect_mails_once(*site_);
}

TEST_F(DemoDay, NothingChangesWhenTheCollectorStartsAgain) {
  const auto before = sessions();
  const auto mails = site_->collector({"mail", "list", "--json"}).out;
  const auto contracts = site_->collector({"contracts", "--json"}).out;
  site_->kill_collector();
  site_->start_collector();
  site_->stop_collector();
  EXPECT_EQ(sessions(), before);
  EXPECT_EQ(site_->collector({"mail", "list", "--json"}).out, mails);
  EXPECT_EQ(site_->collector({"contracts", "--json"}).out, contracts);
  site_->start_collector();
}

}  // namespace
}  // namespace e2e
