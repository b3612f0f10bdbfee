// A real SMTP server that fails at every step, and a sender that is killed at every step: each session is in
// exactly one mail that was taken, or its mail is shown as uncertain (issue 5, done when 2).

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "collector/actions/mails.h"
#include "tests/collector/pipeline/real_mail.h"
#include "tests/support/database/end_at_statement.h"
#include "tests/support/database/fresh_database.h"

namespace collector::pipeline {
namespace {

struct Trouble {
  std::string how;
  std::string state;   // After the first try.
  bool blamed = true;  // Whether the try counts as one of the mail's.
};

class RealTroubleTest : public RealMailTest {
 protected:
  // One session, whose mail meets the trouble once; then all is well.
  void meet(const Trouble& trouble) {
    SCOPED_TRACE(trouble.how);
    const auto start = 300 * ++met_;
    has_transport_ = false;
    receive({completed("s" + std::to_string(met_), kLawyer, at_min(start), 5min)});
    comment(kLawyer, at_min(start), "Work " + std::to_string(met_));
    clock_.now = at_min(start + 10);
    run();
    clock_.now = at_min(start + 100);
    run();
    ASSERT_EQ(mails().size(), static_cast<std::size_t>(met_));
    server_->behave(trouble.how);
    must(real_sender(url_).run());
    auto mail = mails().back();
    EXPECT_EQ(mail.state, trouble.state) << mail.last_error;
    EXPECT_EQ(mail.attempts, trouble.blamed ? 1 : 0) << mail.last_error;
    expect_once(mails(), server_->kept());
    server_->behave("");
    clock_.now = at_min(start + 110);
    must(real_sender(url_).run());
    mail = mails().back();
    EXPECT_EQ(mail.state, trouble.state == "composed" ? "sent" : trouble.state) << mail.last_error;
    expect_once(mails(), server_->kept());
  }
  // Nobody is connected when a process is forked.
  void disconnect() { const auto closed = std::move(connection_); }
  void connect() { connection_ = must(store::Connection::open(url_)); }

  std::int64_t met_ = 0;
};
INSTANTIATE_TEST_SUITE_P(On, RealTroubleTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(RealTroubleTest, TheServerClosesAtEveryStep) {
  for (const Trouble& trouble : {Trouble{"close greeting", "composed", false},
                                 {"close ehlo", "composed", false},
                                 {"close mail", "composed"},
                                 {"close rcpt", "composed"},
                                 {"close data", "composed"},
                                 {"close dot", "uncertain"},
                                 {"close kept", "uncertain"},
                                 {"close quit", "sent"}})
    meet(trouble);
  expect_all_told();
}

TEST_P(RealTroubleTest, TheServerClosesAtEveryStepOfTlsAndLogin) {
  want_tls();
  for (const Trouble& trouble : {Trouble{"close starttls", "composed", false},
                                 {"close auth", "composed", false},
                                 {"reply starttls 454 4.7.0 no TLS now", "composed", false},
                                 {"reply auth 454 4.7.0 ask later", "composed", false},
                                 {"reply auth 535 5.7.8 wrong", "composed", false},
                                 {"close kept", "uncertain"}})
    meet(trouble);
  expect_all_told();
}

TEST_P(RealTroubleTest, TheServerRefusesForNow) {
  for (const Trouble& trouble : {Trouble{"reply greeting 554 5.3.2 not today", "composed", false},
                                 {"reply greeting 421 4.3.2 busy", "composed", false},
                                 // Whether the server is busy or dislikes this sender, nobody can tell.
                                 {"reply mail 421 4.3.2 going away", "composed"},
                                 {"reply mail 452 4.3.1 no room", "composed"},
                                 {"reply mail 451 4.1.8 unknown domain", "composed"},
                                 {"reply mail 530 5.7.0 log in first", "composed", false},
                                 // From here on it may be this mail alone.
                                 {"reply rcpt 421 4.3.2 going away", "composed"},
                                 {"reply rcpt 530 5.7.1 log in first", "composed"},
                                 {"reply data 421 4.3.2 going away", "composed"},
                                 {"reply dot 421 4.3.0 filter died", "composed"},
                                 {"reply rcpt 451 4.7.1 greylisted", "composed"},
                                 {"reply rcpt 452 4.2.2 mailbox full", "composed"},
                                 {"reply rcpt 552 5.2.2 mailbox full", "composed"},
                                 {"reply data 451 4.3.0 later", "composed"},
                                 {"reply dot 451 4.3.0 later", "composed"},
                                 {"reply dot 452 4.2.2 mailbox full", "composed"},
                                 {"reply dot 552 5.2.2 mailbox full", "composed"},
                                 {"slow rcpt 0.2", "sent"},
                                 {"slow kept 0.2", "sent"}})
    meet(trouble);
  expect_all_told();
}

// One mail that a server never takes, and others behind it: they go, and it is shown in the end.
TEST_P(RealTroubleTest, AMailThatIsNeverTakenHoldsUpNoOther) {
  has_transport_ = false;
  settings_.mail_senders = {
      {.account = "default", .name = {}, .address = {}, .customers = {}, .partners = {}},
      {.account = "default",
       .name = {},
       .address = "robot@bakery.example",
       .customers = {"bakery"},
       .partners = {}}};
  for (const std::string step : {"mail", "rcpt", "data", "dot"}) {
    SCOPED_TRACE(step);
    const auto before = mails().size();
    const auto start = 10'000 * ++met_;
    const auto name = std::to_string(met_);
    receive({completed("bad" + name, kBakery, at_min(start), 5min)});
    comment(kBakery, at_min(start), "Poison {5}");
    receive({completed("good" + name, kLawyer, at_min(start + 1), 5min)});
    comment(kLawyer, at_min(start + 1), "Work");
    clock_.now = at_min(start + 10);
    run();
    clock_.now = at_min(start + 100);
    run();
    ASSERT_EQ(mails().size(), before + 2);
    server_->behave("poison " + step + " bakery.example 421 4.3.0 it killed me");
    auto sender = real_sender(url_);
    for (int i = 0; i < 30 && mails()[before].state == "composed"; ++i) {
      must(sender.run());
      EXPECT_TRUE(i == 0 || mails()[before + 1].state == "sent");
      clock_.now += 80min;
    }
    EXPECT_EQ(mails()[before].recipient, "mail@bakery.example");
    EXPECT_EQ(mails()[before].state, "failed");
    EXPECT_EQ(mails()[before].attempts, 20);
    expect_once(mails(), server_->kept());
    server_->behave("");
  }
}

TEST_P(RealTroubleTest, AMailIsSentAgainToAnotherAddressOfTheEnvelope) {
  meet({"reply rcpt 550 5.1.1 no such user", "failed"});
  const auto before = mails().at(0);
  write([&](store::Transaction& t) {
    must(actions::resend_mail(t, {.who = "mary", .why = "", .now = clock_.now}, before.id, {"default"},
                              "boss@lawyer.example"));
  });
  must(real_sender(url_).run());
  ASSERT_EQ(server_->kept().size(), 1u);
  EXPECT_EQ(server_->kept()[0].to, std::vector<std::string>{"boss@lawyer.example"});
  EXPECT_EQ(server_->kept()[0].message_id, before.message_id);
  expect_all_told();
}

TEST_P(RealTroubleTest, WhatIsRefusedForGoodIsShownAndSentAgainByAPerson) {
  for (const Trouble& trouble : {Trouble{"reply rcpt 550 5.1.1 no such user", "failed"},
                                 {"reply dot 554 5.7.1 looks like spam", "failed"},
                                 {"reply dot 552 5.3.4 too big", "failed"}})
    meet(trouble);
  for (const auto& mail : mails()) {
    write([&](store::Transaction& t) {
      must(actions::resend_mail(t, {.who = "mary", .why = "", .now = clock_.now}, mail.id, {"default"}));
    });
  }
  must(real_sender(url_).run());
  for (const auto& mail : mails()) EXPECT_EQ(mail.state, "sent");
  expect_all_told();
}

TEST_P(RealTroubleTest, AnAnswerThatComesTooLateIsUncertain) {
  has_transport_ = false;
  work("a", kLawyer, 5, "Work");
  clock_.now = at_min(100);
  run();
  server_->behave("slow kept 3");
  auto options = smtp();
  options.total_timeout = std::chrono::milliseconds{700};
  options.final_timeout = std::chrono::milliseconds{700};
  Sender sender{must(store::Connection::open(url_)),
                {},
                std::make_unique<mail::SmtpTransport>(must(mail::SmtpTransport::make(options))),
                clock_};
  must(sender.run());
  EXPECT_EQ(mails()[0].state, "uncertain");
  EXPECT_EQ(server_->kept().size(), 1u);
  clock_.now = at_min(9'999);
  must(sender.run());
  expect_all_told();
}

TEST_P(RealTroubleTest, KilledAtEveryStepOfTheConversation) {
  want_tls();
  has_transport_ = false;
  for (const std::string step :
       {"greeting", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "within", "dot", "kept", "quit"}) {
    SCOPED_TRACE(step);
    const auto start = 300 * ++met_;
    receive({completed("s" + std::to_string(met_), kLawyer, at_min(start), 5min)});
    comment(kLawyer, at_min(start), "Work");
    clock_.now = at_min(start + 10);
    run();
    clock_.now = at_min(start + 100);
    run();
    server_->behave("stall " + step);
    disconnect();
    const auto child = ::fork();
    if (child == 0) {
      try {
        must(real_sender(url_).run());
      } catch (...) {
      }
      std::_Exit(0);
    }
    EXPECT_TRUE(server_->reached(step));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "it was over before";
    server_->behave("");
    connect();
    clock_.now = at_min(start + 110);
    must(real_sender(url_).run());
    const auto mail = mails().back();
    EXPECT_EQ(mail.state, step == "quit" ? "sent" : "uncertain");
    expect_once(mails(), server_->kept());
  }
  expect_all_told();
}

TEST_P(RealTroubleTest, KilledAtEveryStatement) {
  has_transport_ = false;
  work("a", kLawyer, 5, "Work");
  work("b", kBakery, 6, "Work");
  clock_.now = at_min(100);
  run();
  disconnect();
  const auto before = url_;
  std::size_t kept = 0;
  for (std::int64_t statement = 1;; ++statement) {
    SCOPED_TRACE("killed at statement " + std::to_string(statement));
    ASSERT_LT(statement, 1'000);
    url_ = support::copy_of(before);
    const auto child = ::fork();
    if (child == 0) {
      support::end_at_statement(statement);
      try {
        must(real_sender(url_).run());
      } catch (...) {
        std::_Exit(1);
      }
      std::_Exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) != 1);
    must(real_sender(url_).run());
    connect();
    auto all = server_->kept();
    all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(kept));
    kept += all.size();
    expect_once(mails(), all);
    for (const auto& mail : mails()) EXPECT_THAT(mail.state, testing::AnyOf("sent", "uncertain"));
    disconnect();
    support::drop(url_);
    if (HasFailure() || WEXITSTATUS(status) == 0) break;
  }
  EXPECT_GT(kept, 20u);
  url_ = before;
}

TEST_P(RealTroubleTest, ASenderThatIsToldToStopDoesSoSoon) {
  has_transport_ = false;
  for (const auto& [step, state] : {std::pair{"rcpt", "composed"}, {"kept", "uncertain"}}) {
    const auto start = 300 * ++met_;
    work("s" + std::to_string(met_), kLawyer, start, "Work");
    clock_.now = at_min(start + 100);
    run();
    server_->behave(std::string{"stall "} + step);
    const auto begun = std::chrono::steady_clock::now();
    {
      SendRunner runner{real_sender(url_), clock_, "default"};
      EXPECT_TRUE(server_->reached(step));
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 8s);
    server_->behave("");
    EXPECT_EQ(mails().back().state, state);
    EXPECT_EQ(mails().back().attempts, std::string{state} == "composed" ? 0 : 1);
    must(real_sender(url_).run());
  }
  expect_all_told();
}

}  // namespace
}  // namespace collector::pipeline
