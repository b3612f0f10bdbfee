// One window, one mail, on a real SMTP server (issue 5, done when 1).

#include <gmock/gmock.h>

#include "collector/mail/language.h"
#include "collector/mail/read_back.h"
#include "collector/store/partners.h"
#include "tests/collector/pipeline/real_mail.h"
#include "tests/collector/store/small_world.h"

namespace collector::pipeline {
namespace {

using support::smtp::KeptMail;
using testing::HasSubstr;
using testing::Not;

// at_min() counts from 08:00.
constexpr std::int64_t at_hour(int hour, int minute) {
  return (hour - 8) * 60 + minute;
}

class RealWindowTest : public RealMailTest {
 protected:
  std::string text_to(const std::string& address) {
    std::string text;
    for (const auto& mail : server_->kept()) {
      if (mail.to != std::vector{address}) continue;
      EXPECT_EQ(text, "") << "a second mail to " << address;
      text = must(mail::plain_text_of(mail.raw));
    }
    return text;
  }
};
INSTANTIATE_TEST_SUITE_P(On, RealWindowTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(RealWindowTest, ThreeSessionsOfAnHourAreOneMailAtItsEnd) {
  const auto north = write([](store::Transaction& t) {
    return must(
               store::upsert_partner(
                   t,
                   {.id = 0, .code = "north", .name = "North", .email = "n@north.example", .language = "en"}))
        .id;
  });
  const auto contract = contract_id("bakery");
  write([&](store::Transaction& t) {
    const auto directory = must(store::load_directory(t, store::utc_start_of_day));
    auto one = *std::ranges::find(directory.contracts, contract, &directory::Contract::id);
    one.partner = directory::ContractPartner{.id = north, .code = "north"};
    must(store::upsert_contract(t, one));
    must(store::bump_directory_version(t));
  });
  work("a", kBakery, at_hour(10, 5), "Printer set up {11}");
  work("b", kBakery, at_hour(10, 20), "Mail repaired {22}");
  work("x", kLawyer, at_hour(10, 30), "Scanner looked at {17}");
  work("c", kBakery, at_hour(10, 40), "Backup checked {13}");
  clock_.now = at_min(at_hour(11, 5)) - 1ms;
  run_real();
  EXPECT_TRUE(server_->kept().empty());
  clock_.now = at_min(at_hour(11, 5));
  run_real();
  ASSERT_EQ(server_->kept().size(), 2u) << "the bakery's and its partner's";
  for (const auto* address : {"mail@bakery.example", "n@north.example"}) {
    const auto text = text_to(address);
    for (const auto* row : {"Printer set up", "Mail repaired", "Backup checked"})
      EXPECT_THAT(text, HasSubstr(row)) << address;
    EXPECT_THAT(text, Not(HasSubstr("Scanner")));
    // What the ledger says of each, and in all.
    std::int64_t charged = 0;
    for (const auto* key : {"a", "b", "c"}) {
      const auto all = entries(key);
      ASSERT_EQ(all.size(), 1u);
      charged -= all[0];
      EXPECT_THAT(text, HasSubstr(mail::minutes_words(-all[0], "en"))) << text;
    }
    EXPECT_EQ(charged, 11 + 22 + 13);
    EXPECT_THAT(text, HasSubstr("Total charged: " + mail::minutes_words(charged, "en"))) << text;
    EXPECT_THAT(text, HasSubstr("Sessions: 3\n")) << text;
    EXPECT_EQ(balance("bakery"), 60 - charged);
    EXPECT_THAT(text, HasSubstr(mail::minutes_words(balance("bakery"), "en"))) << text;
  }
  clock_.now = at_min(at_hour(11, 30)) - 1ms;
  run_real();
  EXPECT_EQ(server_->kept().size(), 2u);
  clock_.now = at_min(at_hour(11, 30));
  run_real();
  ASSERT_EQ(server_->kept().size(), 3u);
  const auto lawyers = text_to("mail@lawyer.example");
  EXPECT_THAT(lawyers, HasSubstr("Scanner looked at"));
  EXPECT_THAT(lawyers, HasSubstr(mail::minutes_words(17, "en")));
  EXPECT_THAT(lawyers, Not(HasSubstr("Printer")));
  for (const auto& mail : server_->kept()) EXPECT_EQ(mail.from, "support@desk.example");
  expect_all_told();
}

TEST_P(RealWindowTest, ManyMailsGoOverOneConnectionThatIsBounded) {
  has_transport_ = false;
  for (int i = 0; i < 5; ++i) {
    directory::Contract contract;
    contract.name = "contract";
    contract.model = directory::Model::indefinite;
    contract.start_day = std::chrono::year{2026} / 1 / 1;
    const auto address = std::to_string(410200000 + i);
    add_customer("shop" + std::to_string(i), address, contract);
    receive({completed("s" + std::to_string(i), address, at_min(i), 5min)});
    comment(address, at_min(i), "Work");
  }
  clock_.now = at_min(20);
  run();
  clock_.now = at_min(200);
  run();
  EXPECT_EQ(must(real_sender(url_, 2).run()), 5);
  std::vector<std::int64_t> connections;
  for (const auto& mail : server_->kept()) connections.push_back(mail.connection);
  EXPECT_EQ(connections, (std::vector<std::int64_t>{1, 1, 2, 2, 3}));
  expect_all_told();
}

TEST_P(RealWindowTest, AConnectionThatTheServerClosedBetweenTwoMailsIsMadeAnew) {
  has_transport_ = false;
  auto sender = real_sender(url_);
  for (int i = 0; i < 3; ++i) {
    receive({completed("s" + std::to_string(i), kBakery, at_min(i * 200), 5min)});
    comment(kBakery, at_min(i * 200), "Work {5}");
    clock_.now = at_min(i * 200 + 10);
    run();
    clock_.now = at_min(i * 200 + 100);
    run();
    EXPECT_EQ(must(sender.run()), 1);
  }
  for (const auto& mail : mails()) EXPECT_EQ(mail.attempts, 1);
  expect_all_told();
}

TEST_P(RealWindowTest, NoMoreMailsAMinuteThanAreAllowed) {
  has_transport_ = false;
  for (const auto* who : {kBakery, kLawyer, kQuiet}) {
    receive({completed(who, who, at_min(0), 5min)});
    comment(who, at_min(0), "Work");
  }
  clock_.now = at_min(10);
  run();
  clock_.now = at_min(200);
  run();
  Sender limited{must(store::Connection::open(url_)),
                 {.account = "default",
                  .transport = "smtp",
                  .repeatable = false,
                  .sender_address = {},
                  .mails_per_min = 20},
                 std::make_unique<mail::SmtpTransport>(must(mail::SmtpTransport::make(smtp()))),
                 clock_};
  for (std::size_t mails = 1; mails <= 3; ++mails) {
    must(limited.run());
    must(limited.run());
    EXPECT_EQ(server_->kept().size(), mails);
    clock_.now += 3s;
  }
  EXPECT_EQ(server_->kept().back().connection, 1) << "which is kept open between them";
  expect_all_told();
}

TEST_P(RealWindowTest, WithTlsAndEachWayToLogIn) {
  want_tls();
  const std::pair<mail::Auth, std::string> ways[] = {{mail::Auth::any, "robot by "},
                                                     {mail::Auth::plain, "robot by PLAIN"},
                                                     {mail::Auth::login, "robot by LOGIN"},
                                                     {mail::Auth::xoauth2, "robot by token"}};
  for (const auto& [auth, who] : ways) {
    auto options = smtp();
    options.auth = auth;
    if (auth == mail::Auth::xoauth2) options.secret_file = folder_ / "token";
    auto transport = must(mail::SmtpTransport::make(options));
    const mail::Envelope envelope{.message_id = "m@x", .from = "a@desk.example", .to = {"b@mill.example"}};
    const auto before = server_->kept().size();
    const auto delivery = transport.deliver(envelope, "Subject: x\r\n\r\nhello\r\n");
    EXPECT_EQ(delivery.outcome, mail::Outcome::delivered) << delivery.detail;
    ASSERT_EQ(server_->kept().size(), before + 1);
    EXPECT_TRUE(server_->kept().back().tls);
    EXPECT_THAT(server_->kept().back().user, HasSubstr(who));
  }
  auto options = smtp();
  options.auth = mail::Auth::xoauth2;  // With the password in place of the token.
  const auto delivery =
      must(mail::SmtpTransport::make(options))
          .deliver({.message_id = "m@x", .from = "a@desk.example", .to = {"b@mill.example"}}, "x\r\n");
  EXPECT_EQ(delivery.outcome, mail::Outcome::unavailable) << delivery.detail;
  EXPECT_THAT(delivery.detail, Not(HasSubstr("sesame")));
}

}  // namespace
}  // namespace collector::pipeline
