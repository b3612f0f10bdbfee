// What cannot be told at present: it is kept, shown, told once when it can be, and holds up nobody else.

#include "collector/store/notices.h"
#include "tests/collector/pipeline/outbox.h"

namespace collector::pipeline {
namespace {

class PipelineHoldingTest : public OutboxTest {};
INSTANTIATE_TEST_SUITE_P(On, PipelineHoldingTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

// Until the mails got holds by reader, what nobody had an address for was dropped for good, and nobody saw
// it.
TEST_P(PipelineHoldingTest, SessionsOfACustomerWithoutAnAddressWaitForOneAndAreThenOneMail) {
  work("a", kSilent, 0, "First work");
  EXPECT_EQ(state("a"), "ready 10");
  EXPECT_EQ(balance("silent"), 50);
  later(66);
  work("b", kSilent, 200, "Second work");
  later(500);
  EXPECT_TRUE(mails().empty());
  const auto silent = std::to_string(customer_id("silent"));
  EXPECT_EQ(held(), Words{silent + " sessions no_address"});
  EXPECT_EQ(holds()[0].since, at_min(66));
  clock_.now += std::chrono::days{400};
  EXPECT_EQ(run(), 0) << "time brings no address";
  address("bakery", "other@bakery.example");
  EXPECT_GT(run(), 0) << "another directory may";
  EXPECT_EQ(run(), 0);
  EXPECT_EQ(holds()[0].since, at_min(66));
  EXPECT_EQ(write([&](store::Transaction& t) { return must(actions::flush_mails(t, mary(), {})); }), 0);
  address("silent", "at.last@silent.example");
  run();
  ASSERT_EQ(told(), Words{"sessions at.last@silent.example sent"});
  EXPECT_EQ(count(mails()[0].raw, "First work"), 2u);
  EXPECT_EQ(count(mails()[0].raw, "Second work"), 2u);
  EXPECT_TRUE(holds().empty());
}

TEST_P(PipelineHoldingTest, AnAddressThatWasTakenAwayIsWaitedFor) {
  work("a", kBakery, 0, "Work");
  address("bakery", "");
  later(500);
  EXPECT_TRUE(mails().empty());
  EXPECT_EQ(holds().size(), 1u);
  EXPECT_EQ(run(), 0);
}

TEST_P(PipelineHoldingTest, WhoIsNotToBeToldIsNotWaitedFor) {
  change("silent", [](directory::Contract& contract) { contract.mail_customer = false; });
  work("a", kSilent, 0, "Work");
  change("silent", [](directory::Contract& contract) { contract.mail_customer = true; });
  work("b", kSilent, 10, "Work");
  later(100);
  EXPECT_EQ(holds().size(), 1u);
  change("silent", [](directory::Contract& contract) { contract.mail_customer = false; });
  run();
  EXPECT_TRUE(holds().empty()) << "he is told no more";
  address("silent", "at.last@silent.example");
  later(500);
  EXPECT_TRUE(mails().empty());
}

TEST_P(PipelineHoldingTest, APartnerWhoCannotBeToldDoesNotDisturbTheCustomer) {
  for (const std::string bad : {"", "desk@@north"}) {
    SCOPED_TRACE(bad);
    begin_anew();
    inbox_->mails.clear();
    const auto north = add_partner("north", bad, "en");
    give_partner("bakery", north, "north");
    work("a", kBakery, 0, "First work");
    later(66);
    EXPECT_EQ(told(), Words{"sessions mail@bakery.example sent"});
    ASSERT_EQ(holds().size(), 1u);
    EXPECT_EQ(holds()[0].batch.partner_id, north);
    EXPECT_EQ(holds()[0].reason, bad.empty() ? "no_address" : "error");
    work("b", kBakery, 100, "Second work");
    later(165);
    EXPECT_EQ(mails().size(), 1u) << "his window is his own, and open";
    work("c", kBakery, 155, "Third work");
    later(166);
    ASSERT_EQ(mails().size(), 2u) << "and runs from the first session";
    EXPECT_EQ(count(mails()[1].raw, "Second work") + count(mails()[1].raw, "Third work"), 4u);
    add_partner("north", "desk@north.example", "en");
    write([](store::Transaction& t) { must(store::bump_directory_version(t)); });
    later(167);
    EXPECT_EQ(mails().size(), 3u);
    for (const auto* text : {"First work", "Second work", "Third work"})
      EXPECT_EQ(count(mail_to("desk@north.example").raw, text), 2u) << text;
    EXPECT_TRUE(holds().empty());
  }
}

TEST_P(PipelineHoldingTest, APersonGivesUpWhatIsHeldAndNothingElse) {
  give_partner("silent", add_partner("north", "", "en"), "north");
  work("a", kSilent, 0, "Work");
  work("b", kBakery, 1, "Work");
  later(62);
  const auto give_up = [&](const std::string& customer, const std::optional<std::string>& partner,
                           const std::string& why) {
    return connection_.transaction([&](store::Transaction& t) -> base::Status {
      auto who = mary();
      who.why = why;
      const auto items = actions::give_up_mails(t, who, customer, partner);
      return items ? base::Status{} : std::unexpected{items.error()};
    });
  };
  EXPECT_EQ(give_up("bakery", {}, "x").error().code, base::ErrorCode::conflict) << "it waits for its window";
  EXPECT_EQ(give_up("silent", {}, "").error().code, base::ErrorCode::invalid_argument) << "why?";
  EXPECT_EQ(give_up("nobody", {}, "x").error().code, base::ErrorCode::not_found);
  later(66);
  EXPECT_EQ(holds().size(), 2u);
  must(give_up("silent", "north", "he knows"));
  ASSERT_EQ(holds().size(), 1u);
  EXPECT_EQ(holds()[0].batch.kind, "sessions");
  must(give_up("silent", {}, "wants no mails"));
  EXPECT_TRUE(holds().empty());
  address("silent", "at.last@silent.example");
  later(500);
  EXPECT_EQ(told(), Words{"sessions mail@bakery.example sent"});
}

TEST_P(PipelineHoldingTest, ANoticeThatIsOverBeforeItIsToldIsNotToldUnlessItIsSoAgain) {
  settings_.mail_notices = {"used"};
  address("bakery", "mail@@bakery");
  work("a", kBakery, 0, "Work {50}");
  EXPECT_EQ(holds().size(), 1u);
  comment(kBakery, at_min(0), "Work {10}");
  later(10);
  address("bakery", "mail@bakery.example");
  later(200);
  EXPECT_EQ(told(), Words{"sessions mail@bakery.example sent"});
  EXPECT_TRUE(holds().empty());
  comment(kBakery, at_min(0), "Work after all {50}");
  later(201);
  EXPECT_EQ(told(), (Words{"notice mail@bakery.example sent", "sessions mail@bakery.example sent"}))
      << "80 % are used after all, and nobody was told";
  comment(kBakery, at_min(0), "Work, but short {10}");
  later(500);
  comment(kBakery, at_min(0), "Work, and long {50}");
  later(800);
  EXPECT_EQ(std::ranges::count(told(), "notice mail@bakery.example sent"), 1) << "now he was";
}

TEST_P(PipelineHoldingTest, ANoticeForACustomerWithoutAnAddressIsMailedWhenHeHasOne) {
  settings_.mail_notices = {"used", "exhausted"};
  work("a", kSilent, 0, "Work {50}");
  EXPECT_TRUE(mails().empty());
  EXPECT_EQ(held(), Words{std::to_string(customer_id("silent")) + " notice no_address"});
  address("silent", "at.last@silent.example");
  run();
  EXPECT_EQ(told(), Words{"notice at.last@silent.example sent"});
  for (const auto& row : read([](store::Transaction& t) { return must(store::list_notices(t, true)); }))
    EXPECT_TRUE(row.mailed);
}

// The session in review began, and ended, before the first one that was posted.
TEST_P(PipelineHoldingTest, AMailWaitsForTheFirstSessionOfABurst) {
  settings_.mail_waits_for_review = true;
  work("a", kBakery, 115, "Look at this ~");
  work("b", kBakery, 130, "Work");
  later(200);
  EXPECT_TRUE(mails().empty());
  ASSERT_EQ(holds().size(), 1u);
  EXPECT_EQ(holds()[0].session_id, row("a").session.id);
  comment(kBakery, at_min(115), "Looked at");
  later(201);
  ASSERT_EQ(mails().size(), 1u);
  EXPECT_EQ(count(mails()[0].raw, "Looked at"), 2u);
}

TEST_P(PipelineHoldingTest, AMailThatNeverLeftIsComposedAnewAsThingsAreNow) {
  settings_.sender_address = "robot@mistyped.example";
  inbox_->unwelcome = {"robot@mistyped.example"};
  settings_.mail_notices = {"used"};
  work("a", kBakery, 0, "Printer {50}");
  later(100);
  settings_.sender_address = "robot@desk.example";
  clock_.now += 10min;
  run();
  for (const auto& mail : mails()) {
    ASSERT_EQ(mail.state, "composed");
    EXPECT_EQ(
        write([&](store::Transaction& t) { return must(actions::cancel_mail(t, mary(), mail.id, true)); }),
        "mail@bakery.example");
  }
  clock_.now += 10min;
  run();
  EXPECT_EQ(told(), (Words{"notice mail@bakery.example cancelled", "notice mail@bakery.example sent",
                           "sessions mail@bakery.example cancelled", "sessions mail@bakery.example sent"}));
  for (const auto& mail : mails()) {
    EXPECT_EQ(mail.sender, mail.cancelled ? "robot@mistyped.example" : "robot@desk.example");
    EXPECT_EQ(count(mail.raw, "Printer"), mail.kind == "notice" ? 0u : 2u);
  }
}

TEST_P(PipelineHoldingTest, AMailThatMayHaveArrivedIsNotComposedAnew) {
  work("a", kBakery, 0, "Work");
  inbox_->next = {mail::Outcome::uncertain};
  later(100);
  const auto id = mails()[0].id;
  const auto cancel = [&](bool anew) {
    return connection_.transaction([&](store::Transaction& t) -> base::Status {
      const auto done = actions::cancel_mail(t, mary(), id, anew);
      return done ? base::Status{} : std::unexpected{done.error()};
    });
  };
  EXPECT_EQ(cancel(false).error().code, base::ErrorCode::conflict) << "somebody has to look first";
  inbox_->next = {mail::Outcome::retry};
  write([&](store::Transaction& t) { must(actions::resend_mail(t, mary(), id, {"default"})); });
  run();
  EXPECT_EQ(mails()[0].state, "composed");
  EXPECT_EQ(cancel(true).error().code, base::ErrorCode::conflict);
  must(cancel(false));
  later(500);
  EXPECT_EQ(told(), Words{"sessions mail@bakery.example cancelled"});
  EXPECT_EQ(row("a").mail_state, "cancelled");
  EXPECT_TRUE(inbox_->mails.empty());
}

}  // namespace
}  // namespace collector::pipeline
