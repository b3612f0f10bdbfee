// Mails on their way: none holds up another, each goes once, and a person gets any of them out.

#include "collector/mail/retry.h"
#include "tests/collector/pipeline/outbox.h"
#include "tests/support/database/end_at_statement.h"

namespace collector::pipeline {
namespace {

class PipelineSendingTest : public OutboxTest {
 protected:
  // Composes what is due, and lets the one sender there is do what it can at this moment.
  void send() {
    has_transport_ = false;
    run();
    if (!sender_) sender_ = std::make_unique<Sender>(sender());
    must(sender_->run());
  }
  std::int64_t only_mail() {
    const auto all = mails();
    EXPECT_EQ(all.size(), 1u);
    return all.at(0).id;
  }
  std::vector<std::string> asked() {
    std::vector<std::string> all;
    for (const auto& envelope : inbox_->tried) all.push_back(envelope.to.at(0));
    return all;
  }
};
INSTANTIATE_TEST_SUITE_P(On, PipelineSendingTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(PipelineSendingTest, ASenderWhoIsUnwelcomeHoldsUpNobodyElse) {
  // Many mails of a mistyped sender, all older than the one of the sender that is right.
  settings_.sender_address = "robot@mistyped.example";
  inbox_->unwelcome = {"robot@mistyped.example"};
  has_transport_ = false;
  for (int i = 0; i < 4; ++i) {
    work("b" + std::to_string(i), kBakery, i * 100, "Work {5}");
    work("q" + std::to_string(i), kQuiet, i * 100 + 7, "Work {5}");
    later(i * 100 + 90);
  }
  settings_.sender_address = "robot@desk.example";
  work("l", kLawyer, 400, "Work");
  later(500);
  ASSERT_EQ(mails().size(), 9u);
  send();
  EXPECT_EQ(inbox_->tried.size(), 1u) << "the account pauses";
  ASSERT_TRUE(sender_->next());
  clock_.now = *sender_->next();
  send();
  EXPECT_EQ(mail_to("mail@lawyer.example").state, "sent") << "another sender asks first";
  EXPECT_EQ(asked().at(1), "mail@lawyer.example");
  // Each of the others gets its tries, and a person sees them in the end; new mails go meanwhile.
  for (int i = 0; i < 400; ++i) {
    clock_.now += 15min;
    if (i == 200) work("l2", kLawyer, (clock_.now - at_min(0)) / 1min + 1, "Work");
    send();
  }
  EXPECT_EQ(std::ranges::count(told(), "sessions mail@lawyer.example sent"), 2);
  for (const auto& mail : mails()) {
    if (mail.state == "sent") continue;
    EXPECT_EQ(mail.state, "failed");
    EXPECT_EQ(mail.attempts, mail::kAttemptsMax);
  }
}

TEST_P(PipelineSendingTest, WhoAskedLastIsNotTheFirstToAskAgain) {
  has_transport_ = false;
  work("a", kBakery, 0, "Work");
  work("b", kLawyer, 1, "Work");
  work("c", kQuiet, 2, "Work");
  later(100);
  for (int i = 0; i < 6; ++i) {
    inbox_->next = {mail::Outcome::unavailable};
    send();
    clock_.now = sender_->next().value();
  }
  const auto all = asked();
  ASSERT_EQ(all.size(), 6u);
  EXPECT_EQ((std::set<std::string>{all.begin(), all.begin() + 3}).size(), 3u) << "all three, by turns";
  EXPECT_EQ((Words{all.begin(), all.begin() + 3}), (Words{all.begin() + 3, all.end()}));
}

TEST_P(PipelineSendingTest, AMailThatWaitsGoesAtOnceToAnotherAddress) {
  work("a", kBakery, 0, "Work");
  inbox_->next = {mail::Outcome::retry, mail::Outcome::retry};
  later(100);
  later(102);
  EXPECT_EQ(mails()[0].attempts, 2);
  const auto id = only_mail();
  write([&](store::Transaction& t) {
    must(actions::resend_mail(t, mary(), id, {"default"}, "boss@bakery.example"));
  });
  run();
  EXPECT_EQ(told(), Words{"sessions boss@bakery.example sent"});
  EXPECT_EQ(asked().back(), "boss@bakery.example");
}

TEST_P(PipelineSendingTest, MailsOfAnAccountThatIsNoMoreGoThroughTheFirst) {
  settings_.mail_senders = {{.account = "gone", .name = {}, .address = {}, .customers = {}, .partners = {}}};
  work("a", kBakery, 0, "Work");
  later(100);
  EXPECT_EQ(mails()[0].state, "composed");
  must(adopt_strays(connection_, {"default", "other"}));
  run();
  EXPECT_EQ(mails()[0].state, "sent");
  EXPECT_EQ(mails()[0].account, "default");
}

TEST_P(PipelineSendingTest, AMailOfAnAccountThatIsNoMoreIsSentAgainThroughTheFirst) {
  settings_.mail_senders = {{.account = "gone", .name = {}, .address = {}, .customers = {}, .partners = {}}};
  has_transport_ = false;
  work("a", kBakery, 0, "Work");
  later(100);
  inbox_->next = {mail::Outcome::refused};
  must(sender("gone").run());
  EXPECT_EQ(mails()[0].state, "failed");
  must(adopt_strays(connection_, {"default", "other"}));
  const auto id = only_mail();
  write([&](store::Transaction& t) { must(actions::resend_mail(t, mary(), id, {"default", "other"})); });
  must(sender().run());
  EXPECT_EQ(mails()[0].state, "sent");
}

// PostgreSQL: it happened, and we do not hear of it. SQLite: it is refused. Both at each commit there is.
TEST_P(PipelineSendingTest, ACommitOfWhichNothingIsHeardLosesNoMailAndSendsNoneTwice) {
  has_transport_ = false;
  for (std::int64_t lost = 1;; ++lost) {
    SCOPED_TRACE("commit " + std::to_string(lost));
    ASSERT_LT(lost, 20);
    begin_anew();
    inbox_->mails.clear();
    work("a", kBakery, 0, "Work");
    work("b", kLawyer, 1, "Work");
    later(100);
    support::lose_commit(lost);
    auto one = sender();
    const auto first = one.run();
    const bool was_lost = support::commits_to_lose() <= 0;
    support::lose_commit(0);
    EXPECT_EQ(first.has_value(), !was_lost);
    must(one.run());
    EXPECT_EQ(told(), (Words{"sessions mail@bakery.example sent", "sessions mail@lawyer.example sent"}));
    EXPECT_EQ(inbox_->mails.size(), 2u);
    for (const auto& mail : mails()) {
      EXPECT_EQ(mail.attempts, 1);
      EXPECT_EQ(attempts(mail.id), Words{"delivered "});
    }
    if (!was_lost) {
      EXPECT_GT(lost, 3);
      break;
    }
  }
}

}  // namespace
}  // namespace collector::pipeline
