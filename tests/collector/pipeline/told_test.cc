// What a mail says of a contract, and whom a session is told to: where the ledger moves on between the moment
// that something was queued and the one at which it is told.

#include "collector/actions/mails.h"
#include "collector/store/customers.h"
#include "collector/store/notices.h"
#include "collector/store/partners.h"
#include "tests/collector/pipeline/office.h"
#include "tests/collector/store/small_world.h"

namespace collector::pipeline {
namespace {

using std::chrono::year;

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

class PipelineToldTest : public OfficeTest {
 protected:
  // A session of five minutes, posted six minutes after its start.
  void work(const std::string& key, const std::string& remote_id, std::int64_t start_min,
            const std::string& text) {
    receive({completed(key, remote_id, at_min(start_min), 5min)});
    comment(remote_id, at_min(start_min), text);
    later(start_min + 6);
  }
  void later(std::int64_t minute) {
    clock_.now = at_min(minute);
    run();
  }
  std::string newest(const std::string& kind) {
    const auto all = mails();
    for (auto mail = all.rbegin(); mail != all.rend(); ++mail) {
      if (mail->kind == kind) return mail->raw;
    }
    return "";
  }
  std::int64_t count_of(const std::string& kind) {
    return std::ranges::count(mails(), kind, &store::MailRow::kind);
  }
};
INSTANTIATE_TEST_SUITE_P(On, PipelineToldTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(PipelineToldTest, ABalanceRunsLowOnlyWhileSomethingIsLeft) {
  work("a", kBakery, 0, "Work {50}");
  later(100);
  EXPECT_EQ(count(newest("sessions"), "the balance is running low, 10 min left"), 1u) << newest("sessions");
  work("b", kBakery, 200, "Work {10}");
  later(300);
  EXPECT_EQ(count(newest("sessions"), "*** The balance of"), 1u);
  EXPECT_EQ(count(newest("sessions"), "running low"), 0u);
  work("c", kBakery, 400, "Work {10}");
  later(500);
  ASSERT_EQ(count_of("sessions"), 3);
  EXPECT_EQ(count(newest("sessions"), "*** The balance of"), 0u) << "it was said";
  EXPECT_EQ(count(newest("sessions"), "running low"), 0u) << newest("sessions");
  EXPECT_EQ(count(newest("sessions"), "balance -10 min"), 1u);
}

TEST_P(PipelineToldTest, OfSeveralThresholdsThatOneSessionPassesTheWorstIsToldAndNoneAgain) {
  settings_.mail_notices = {"used", "exhausted"};
  work("a", kBakery, 0, "Work {70}");
  ASSERT_EQ(count_of("notice"), 1);
  const auto notice = newest("notice");
  EXPECT_EQ(count(notice, "Subject: Your support contract has run out"), 1u) << notice;
  EXPECT_EQ(count(notice, "It is now -10 min"), 1u)
      << "in the text part; no blank breaks in the HTML: " << notice;
  EXPECT_EQ(count(notice, " is used"), 0u) << notice;
  EXPECT_EQ(count(notice, "contracts"), 0u) << notice;
  const auto id = contract_id("bakery");
  const auto rows = read([&](store::Transaction& t) { return must(store::notices_of_contract(t, id)); });
  EXPECT_GT(rows.size(), 1u) << "the thresholds below are noted, too";
  for (const auto& row : rows) EXPECT_TRUE(row.mailed.has_value()) << row.notice.threshold;
  later(3'000);
  EXPECT_EQ(count_of("notice"), 1);
}

TEST_P(PipelineToldTest, ANoticeTellsWhatIsLeftWhenItIsWritten) {
  settings_.mail_notices = {"used", "exhausted"};
  // No mail can be made until somebody mends the address; time goes on.
  const auto set_address = [&](const std::string& email) {
    write([&](store::Transaction& t) {
      must(store::upsert_customer(
          t, {.id = 0, .code = "bakery", .name = "bakery", .email = email, .language = "en"}));
      must(store::bump_directory_version(t));
    });
  };
  set_address("mail@@bakery");
  work("a", kBakery, 0, "Work {49}");
  work("b", kBakery, 20, "Work {2}");
  EXPECT_EQ(count_of("notice"), 0);
  set_address("mail@bakery.example");
  later(30);
  ASSERT_EQ(count_of("notice"), 1);
  EXPECT_EQ(count(newest("notice"), "9 min is left"), 1u) << newest("notice");
}

// What was given up was not told: not even where the ledger has another entry for it since, which was not
// queued because it says the same.
TEST_P(PipelineToldTest, WhatAMailToldThatWasGivenUpIsToldByWhatStandsForItNow) {
  directory::Contract garage;
  garage.name = "Block";
  garage.model = directory::Model::prepaid;
  garage.terms.exhaustion = directory::Exhaustion::split;
  garage.start_day = year{2026} / 1 / 1;
  add_customer("garage", kStranger, garage);
  clock_.now = at_min(-1);
  grant("garage", 30);
  has_transport_ = false;
  work("a", kStranger, 100, "First work {30}");
  later(200);
  ASSERT_EQ(mails().size(), 1u);
  receive({completed("b", kStranger, at_min(10), 5min)});
  comment(kStranger, at_min(10), "Late work {20}");
  later(210);
  later(300);
  ASSERT_EQ(mails().size(), 2u);
  EXPECT_EQ(count(mails()[1].raw, "First work"), 0u) << "it costs 30 minutes as before";
  const auto id = mails()[0].id;
  write([&](store::Transaction& t) {
    must(actions::cancel_mail(t, {.who = "mary", .why = "another address", .now = clock_.now}, id, true));
  });
  later(400);
  ASSERT_EQ(mails().size(), 3u);
  EXPECT_EQ(count(mails()[2].raw, "First work"), 2u) << mails()[2].raw;
  EXPECT_EQ(count(mails()[2].raw, "Charged: 30 min"), 1u);
  EXPECT_EQ(count(mails()[2].raw, "Late work"), 0u);
}

// The same where it went on to other contracts meanwhile, one or both of them.
TEST_P(PipelineToldTest, WhatWasGivenUpIsToldWholeThoughItMovedBetweenContracts) {
  for (const std::int64_t late_min : {30, 10}) {
    begin_anew();
    settings_.mail_notices.clear();
    directory::Contract block;
    block.name = "Block";
    block.model = directory::Model::prepaid;
    block.terms.exhaustion = directory::Exhaustion::next;
    block.start_day = year{2026} / 1 / 1;
    add_customer("garage", kStranger, block);
    clock_.now = at_min(-1);
    grant("garage", 30);
    auto second = block;
    second.name = "Second block";
    second.terms.exhaustion = directory::Exhaustion::negative;
    add_customer("garage", "", second);
    has_transport_ = false;
    work("a", kStranger, 100, "First work {30}");
    later(200);
    receive({completed("b", kStranger, at_min(10), 5min)});
    comment(kStranger, at_min(10), "Late work {" + std::to_string(late_min) + "}");
    later(210);
    later(300);
    ASSERT_EQ(mails().size(), 2u);
    ASSERT_EQ(count(mails()[1].raw, "First work"), 0u) << "it costs 30 minutes as before";
    const auto id = mails()[0].id;
    write([&](store::Transaction& t) {
      must(actions::cancel_mail(t, {.who = "mary", .why = "another address", .now = clock_.now}, id, true));
    });
    later(400);
    ASSERT_EQ(mails().size(), 3u) << late_min;
    EXPECT_EQ(count(mails()[2].raw, "First work"), 2u) << mails()[2].raw;
    EXPECT_EQ(count(mails()[2].raw, "Charged: 30 min"), 1u) << mails()[2].raw;
    EXPECT_GT(count(mails()[2].raw, "Second block"), 0u) << mails()[2].raw;
    later(1'000);
    EXPECT_EQ(mails().size(), 3u) << "once";
  }
}

TEST_P(PipelineToldTest, TheEndThatIsNearestIsTold) {
  directory::Contract garage;
  garage.name = "Year";
  garage.model = directory::Model::prepaid;
  garage.start_day = year{2026} / 1 / 1;
  garage.end_day = year{2026} / 11 / 20;
  settings_.mail_notices = {"contract_ends"};
  add_customer("garage", kStranger, garage);
  work("a", kStranger, 0, "Work");
  ASSERT_EQ(count_of("notice"), 1);
  EXPECT_EQ(count(newest("notice"), "* Your contract \"Year\" ends on 20 November 2026."), 1u)
      << newest("notice");
  EXPECT_EQ(count(newest("notice"), "contracts"), 0u);
}

// A charge that is held takes effect when something is bought, which may be behind the partner's last day.
TEST_P(PipelineToldTest, WhoseASessionIsIsAskedOfItsOwnDay) {
  const auto north = write([](store::Transaction& t) {
    return must(store::upsert_partner(t, {.id = 0,
                                          .code = "north",
                                          .name = "North",
                                          .email = "desk@north.example",
                                          .language = "en"}))
        .id;
  });
  directory::Contract garage;
  garage.name = "Block";
  garage.model = directory::Model::prepaid;
  garage.terms.exhaustion = directory::Exhaustion::hold;
  garage.start_day = year{2026} / 1 / 1;
  garage.partner = directory::ContractPartner{
      .id = north, .code = "north", .told = true, .first_day = {}, .last_day = year{2026} / 11 / 16};
  add_customer("garage", kStranger, garage);
  work("a", kStranger, 0, "Work");
  later(24 * 60 + 30);
  EXPECT_EQ(mails().size(), 0u) << "nothing was bought";
  clock_.now = at_min(24 * 60 + 31);
  grant("garage", 100);
  run();
  later(24 * 60 + 100);
  EXPECT_EQ(count_of("sessions"), 1);
  EXPECT_EQ(count_of("partner_copy"), 1) << "the session was on his last day, the sale was not";
}

}  // namespace
}  // namespace collector::pipeline
