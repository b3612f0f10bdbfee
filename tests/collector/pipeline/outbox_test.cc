// To whom a mail goes, as whom, and what makes it wait; what a server's absence does to it.

#include "tests/collector/pipeline/outbox.h"
#include "collector/pipeline/mail_preview.h"
#include "collector/store/notices.h"

namespace collector::pipeline {
namespace {

using std::chrono::year;

class PipelineOutboxTest : public OutboxTest {};
INSTANTIATE_TEST_SUITE_P(On, PipelineOutboxTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(PipelineOutboxTest, APartnerGetsACopyOfHisContractsSessionsAlone) {
  const auto north = add_partner("north", "desk@north.example", "en");
  give_partner("bakery", north, "north");
  settings_.mail_senders = {
      {.account = "default", .name = {}, .address = {}, .customers = {}, .partners = {}},
      {.account = "north",
       .name = "North desk",
       .address = "robot@north.example",
       .customers = {},
       .partners = {"north"}}};
  directory::Contract second;
  second.name = "second";
  second.model = directory::Model::indefinite;
  second.start_day = year{2026} / 1 / 1;
  add_customer("garage", kStranger, second);
  work("a", kBakery, 5, "First work");
  work("b", kBakery, 20, "Second work");
  work("c", kLawyer, 30, "Of another customer");
  work("d", kStranger, 31, "Of a third one");
  later(200);
  EXPECT_EQ(told(), (Words{"partner_copy desk@north.example composed", "sessions mail@bakery.example sent",
                           "sessions mail@garage.example sent", "sessions mail@lawyer.example sent"}));
  must(sender("north").run());
  const auto copy = mail_to("desk@north.example");
  EXPECT_EQ(copy.state, "sent");
  EXPECT_EQ(copy.account, "north");
  EXPECT_EQ(copy.sender, "robot@north.example");
  EXPECT_EQ(copy.partner_id, north);
  EXPECT_EQ(count(copy.raw, "From: North desk <robot@north.example>"), 1u) << copy.raw;
  EXPECT_EQ(count(copy.raw, "First work"), 2u);
  EXPECT_EQ(count(copy.raw, "Second work"), 2u);
  EXPECT_EQ(count(copy.raw, "another customer") + count(copy.raw, "third one"), 0u);
  EXPECT_TRUE(copy.message_id.ends_with("@north.example"));
  EXPECT_EQ(mail_to("mail@bakery.example").sender, "support@desk.example");
}

TEST_P(PipelineOutboxTest, EachOfTwoPartnersGetsHisContractsSessions) {
  const auto north = add_partner("north", "desk@north.example", "en");
  const auto south = add_partner("south", "desk@south.example", "el");
  directory::Contract second;
  second.name = "server room";
  second.model = directory::Model::indefinite;
  second.start_day = year{2026} / 1 / 1;
  second.end_day = year{2026} / 11 / 16;
  second.partner = directory::ContractPartner{.id = south, .code = "south"};
  add_customer("garage", kStranger, second);
  // Behind the first one's last day the next one takes over.
  second.name = "everything";
  second.end_day.reset();
  second.partner = directory::ContractPartner{.id = north, .code = "north"};
  second.customer_id = customer_id("garage");
  second.template_id =
      read([](store::Transaction& t) { return must(store::find_template(t, "standard")).id; });
  second.start_day = year{2026} / 11 / 17;
  second.mail_window_min = 60 * 24;
  write([&](store::Transaction& t) {
    must(store::upsert_contract(t, second));
    must(store::bump_directory_version(t));
  });
  change("garage", [](directory::Contract& contract) { contract.mail_window_min = 60 * 24; });
  work("a", kStranger, 15 * 60, "Evening work");
  work("b", kStranger, 17 * 60, "Morning work");
  const auto previewed = [&](mail::Kind kind) {
    return read([&](store::Transaction& t) {
      const auto directory = must(store::load_directory(t, store::utc_start_of_day));
      const auto garage = std::ranges::find(directory.customers, "garage", &directory::Customer::code);
      return preview_of_customer(t, kind, *garage, directory, settings_, clock_.now);
    });
  };
  const auto copy = must(previewed(mail::Kind::partner_copy));
  EXPECT_EQ(copy.recipient, "desk@south.example");
  ASSERT_EQ(copy.sessions.size(), 1u) << "what another partner is told is not for him";
  EXPECT_EQ(copy.sessions[0].text, "Evening work");
  EXPECT_EQ(must(previewed(mail::Kind::sessions)).sessions.size(), 2u);
  change("garage", [](directory::Contract& contract) { contract.partner->told = false; });
  EXPECT_EQ(must(previewed(mail::Kind::partner_copy)).recipient, "desk@north.example");
  change("garage", [](directory::Contract& contract) { contract.partner->told = true; });
  later(60 * 60);
  EXPECT_EQ(told(), (Words{"partner_copy desk@north.example sent", "partner_copy desk@south.example sent",
                           "sessions mail@garage.example sent"}));
  EXPECT_EQ(count(mail_to("mail@garage.example").raw, "work"), 4u);
  EXPECT_EQ(count(mail_to("desk@south.example").raw, "Evening work"), 2u);
  EXPECT_EQ(count(mail_to("desk@south.example").raw, "Morning work"), 0u);
  EXPECT_EQ(count(mail_to("desk@north.example").raw, "Morning work"), 2u);
  EXPECT_EQ(count(mail_to("desk@north.example").raw, "Evening work"), 0u);
  EXPECT_EQ(count(mail_to("desk@south.example").raw, "Content-Language: el"), 1u) << "his language";
}

TEST_P(PipelineOutboxTest, APartnerIsToldAlsoWhereTheCustomerIsNot) {
  const auto north = add_partner("north", "desk@north.example", "en");
  give_partner("silent", north, "north");
  give_partner("lawyer", north, "north");
  change("lawyer", [](directory::Contract& contract) { contract.mail_customer = false; });
  work("a", kSilent, 5, "Work");
  work("b", kLawyer, 6, "Work");
  later(200);
  EXPECT_EQ(told(), (Words{"partner_copy desk@north.example sent", "partner_copy desk@north.example sent"}))
      << "one for each customer";
}

TEST_P(PipelineOutboxTest, APartnerIsToldOfHisDaysWhileHeIsTold) {
  const auto north = add_partner("north", "desk@north.example", "en");
  change("bakery", [&](directory::Contract& contract) {
    contract.partner = directory::ContractPartner{.id = north,
                                                  .code = "north",
                                                  .told = true,
                                                  .first_day = year{2026} / 11 / 17,
                                                  .last_day = year{2026} / 11 / 17};
  });
  const auto day = 24 * 60;
  work("a", kBakery, 5, "The day before");
  later(100);
  work("b", kBakery, day + 5, "His day");
  later(day + 100);
  work("c", kBakery, 2 * day + 5, "The day after");
  later(3 * day);
  EXPECT_EQ(count(mail_to("desk@north.example").raw, "His day"), 2u);
  EXPECT_EQ(mails().size(), 4u) << "three of the customer";
  change("bakery", [](directory::Contract& contract) { contract.partner->last_day.reset(); });
  work("d", kBakery, 3 * day + 5, "Queued");
  change("bakery", [](directory::Contract& contract) { contract.partner->told = false; });
  later(4 * day);
  EXPECT_EQ(mails().size(), 5u) << "he is told no more";
}

TEST_P(PipelineOutboxTest, AMailWaitsForASessionOfItsWindowInReview) {
  settings_.mail_waits_for_review = true;
  settings_.mail_waits_at_most = std::chrono::hours{4};
  work("old", kBakery, -6, "Before the window ~");
  work("a", kBakery, 60, "Printer");
  work("b", kBakery, 70, "Look at this ~");
  work("c", kLawyer, 70, "Of another customer");
  later(200);
  EXPECT_EQ(told(), Words{"sessions mail@lawyer.example sent"});
  ASSERT_EQ(holds().size(), 1u);
  EXPECT_EQ(holds()[0].reason, "review");
  EXPECT_EQ(holds()[0].session_id, row("b").session.id);
  EXPECT_EQ(holds()[0].until, at_min(66 + 60 + 4 * 60));
  EXPECT_EQ(run(), 0) << "it is not looked at all the time";
  comment(kBakery, at_min(70), "Looked at");
  later(201);
  EXPECT_EQ(count(mail_to("mail@bakery.example").raw, "Looked at"), 2u);
  EXPECT_EQ(count(mail_to("mail@bakery.example").raw, "Printer"), 2u) << "all of them in one mail";
  EXPECT_TRUE(holds().empty());
}

TEST_P(PipelineOutboxTest, AReviewIsWaitedForNoLongerThanIsSaid) {
  settings_.mail_waits_for_review = true;
  settings_.mail_waits_at_most = std::chrono::hours{4};
  work("a", kBakery, 60, "Work");
  work("b", kBakery, 70, "Look at this ~");
  const auto end = 66 + 60 + 4 * 60;
  later(end - 1);
  EXPECT_TRUE(mails().empty());
  later(end);
  EXPECT_EQ(told(), Words{"sessions mail@bakery.example sent"});
}

TEST_P(PipelineOutboxTest, WhoSaysNowIsNotKeptWaiting) {
  settings_.mail_waits_for_review = true;
  work("a", kBakery, 60, "Work");
  work("b", kBakery, 70, "Look at this ~");
  work("c", kLawyer, 71, "Work");
  EXPECT_EQ(write([&](store::Transaction& t) { return must(actions::flush_mails(t, mary(), "bakery")); }), 1);
  later(78);
  EXPECT_EQ(told(), Words{"sessions mail@bakery.example sent"}) << "the lawyer's window is open";
  EXPECT_EQ(write([&](store::Transaction& t) { return must(actions::flush_mails(t, mary(), {})); }), 1);
  later(79);
  EXPECT_EQ(mails().size(), 2u);
  EXPECT_EQ(write([&](store::Transaction& t) { return must(actions::flush_mails(t, mary(), {})); }), 0);
  EXPECT_TRUE(holds().empty());
}

TEST_P(PipelineOutboxTest, WhatCannotBeComposedIsShownAndNotTriedAllTheTime) {
  give_partner("bakery", add_partner("north", "desk@north.example", "en"), "north");
  write([](store::Transaction& t) {
    must(store::upsert_customer(
        t, {.id = 0, .code = "bakery", .name = "bakery", .email = "mail@@bakery", .language = "en"}));
    must(store::bump_directory_version(t));
  });
  work("a", kBakery, 5, "Work");
  later(200);
  EXPECT_EQ(told(), Words{"partner_copy desk@north.example sent"}) << "his copy goes out all the same";
  ASSERT_EQ(holds().size(), 1u);
  EXPECT_EQ(holds()[0].reason, "error");
  EXPECT_EQ(count(holds()[0].detail, "mail@@bakery"), 2u) << holds()[0].detail;
  EXPECT_EQ(run(), 0);
  clock_.now += 59min;
  EXPECT_EQ(run(), 0);
  clock_.now += 1min;
  EXPECT_GT(run(), 0) << "once an hour";
  EXPECT_EQ(run(), 0);
  write([](store::Transaction& t) {
    must(store::upsert_customer(
        t, {.id = 0, .code = "bakery", .name = "bakery", .email = "mail@bakery.example", .language = "en"}));
    must(store::bump_directory_version(t));
  });
  run();
  EXPECT_EQ(mail_to("mail@bakery.example").state, "sent");
  EXPECT_TRUE(holds().empty());
}

TEST_P(PipelineOutboxTest, NoticesAreMailedOnceAndAtOnce) {
  settings_.mail_notices = {"used", "exhausted"};
  work("a", kBakery, 0, "Work {50}");
  const auto notices = [&] {
    std::vector<store::MailRow> all;
    for (auto& mail : mails()) {
      if (mail.kind == "notice") all.push_back(mail);
    }
    return all;
  };
  ASSERT_EQ(notices().size(), 1u) << "80 %, before the window of the session closes";
  EXPECT_EQ(notices()[0].recipient, "mail@bakery.example");
  EXPECT_EQ(notices()[0].state, "sent");
  later(100);
  EXPECT_EQ(mails().size(), 2u);
  work("b", kBakery, 200, "Work {10}");
  ASSERT_EQ(notices().size(), 2u) << "95 % and used up are in one mail";
  const auto rows = read([](store::Transaction& t) { return must(store::list_notices(t, true)); });
  ASSERT_EQ(rows.size(), 3u);
  for (const auto& row : rows) EXPECT_TRUE(row.mailed);
  comment(kBakery, at_min(200), "Work {9}");
  later(300);
  comment(kBakery, at_min(200), "Work after all {10}");
  later(400);
  EXPECT_EQ(notices().size(), 2u) << "what comes back was told";
}

TEST_P(PipelineOutboxTest, NoticesThatNobodyWantsAreNotMailed) {
  settings_.mail_notices = {"exhausted"};
  work("a", kBakery, 0, "Work {50}");
  change("quiet", [](directory::Contract& contract) { contract.mail_customer = false; });
  work("b", kQuiet, 10, "Work {60}");
  work("c", kSilent, 11, "Work {60}");
  later(200);
  EXPECT_EQ(told(), Words{"sessions mail@bakery.example sent"});
}

TEST_P(PipelineOutboxTest, AServerThatIsAwayBlamesNoMail) {
  work("a", kBakery, 0, "Work");
  work("b", kLawyer, 1, "Work");
  clock_.now = at_min(100);
  for (int failures = 1; failures <= 30; ++failures) {
    inbox_->next = {mail::Outcome::unavailable};
    Pipeline pipeline{must(store::Connection::open(url_)), settings_, store::utc_start_of_day, clock_};
    must(pipeline.run());
    if (failures == 1) sender_ = std::make_unique<Sender>(sender());
    EXPECT_EQ(must(sender_->run()), 1) << "one asks, the others wait";
    EXPECT_EQ(must(sender_->run()), 0) << "it pauses";
    const auto pauses = read([](store::Transaction& t) { return must(store::list_mail_pauses(t)); });
    ASSERT_EQ(pauses.size(), 1u);
    EXPECT_EQ(pauses[0].failures, failures);
    EXPECT_EQ(pauses[0].since, at_min(100));
    EXPECT_EQ(pauses[0].answer, "the server said so");
    EXPECT_EQ(sender_->next(), pauses[0].until);
    clock_.now = pauses[0].until;
  }
  for (const auto& mail : mails()) {
    EXPECT_EQ(mail.state, "composed");
    EXPECT_EQ(mail.attempts, 0);
  }
  EXPECT_EQ(must(sender_->run()), 2);
  EXPECT_EQ(told(), (Words{"sessions mail@bakery.example sent", "sessions mail@lawyer.example sent"}));
  EXPECT_TRUE(read([](store::Transaction& t) { return must(store::list_mail_pauses(t)); }).empty());
  EXPECT_EQ(attempts(mails()[0].id).size() + attempts(mails()[1].id).size(), 32u) << "each try is in the log";
}

TEST_P(PipelineOutboxTest, EveryAttemptIsInTheLog) {
  work("a", kBakery, 0, "Work");
  inbox_->next = {mail::Outcome::retry, mail::Outcome::uncertain};
  later(100);
  later(110);
  const auto id = mails()[0].id;
  EXPECT_EQ(attempts(id), (Words{"retry the server said so", "uncertain the server said so"}));
  EXPECT_EQ(write([&](store::Transaction& t) { return must(actions::mail_arrived(t, mary(), id)); }),
            "mail@bakery.example");
  EXPECT_EQ(mails()[0].state, "sent");
  later(500);
  EXPECT_EQ(inbox_->mails.size(), 0u) << "it was not sent again";
}

TEST_P(PipelineOutboxTest, NoMoreMailsAMinuteThanAreAllowed) {
  for (int i = 0; i < 3; ++i) {
    const auto* who = i == 0 ? kBakery : i == 1 ? kLawyer : kQuiet;
    work("s" + std::to_string(i), who, i, "Work");
  }
  has_transport_ = false;
  later(200);
  Sender limited{must(store::Connection::open(url_)),
                 {.account = "default",
                  .transport = "smtp",
                  .repeatable = false,
                  .sender_address = {},
                  .mails_per_min = 30},
                 sender_transport(),
                 clock_};
  for (int i = 1; i <= 3; ++i) {
    EXPECT_EQ(must(limited.run()), 1);
    EXPECT_EQ(must(limited.run()), 0);
    EXPECT_EQ(inbox_->mails.size(), static_cast<std::size_t>(i));
    EXPECT_EQ(limited.next(), clock_.now + 2s);
    clock_.now += 2s;
  }
}

}  // namespace
}  // namespace collector::pipeline
