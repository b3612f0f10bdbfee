// The same against Postfix, with TLS and a login, and with the reports it writes itself.

#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>

#include "collector/actions/mails.h"
#include "collector/mail/read_back.h"
#include "collector/store/customers.h"
#include "tests/collector/pipeline/real_mail.h"
#include "tests/support/net/certificates.h"
#include "tests/support/process/eventually.h"

namespace collector::pipeline {
namespace {

using testing::HasSubstr;
using testing::Not;

class LongPostfixTest : public OfficeTest {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_);
    const auto identity = authority_.server({"127.0.0.1"});
    std::ofstream{folder_ / "ca.crt"} << authority_.certificate().pem();
    std::ofstream{folder_ / "server.crt"} << identity.certificate.pem();
    std::ofstream{folder_ / "server.key"} << identity.key.pem().value();
    std::ofstream{folder_ / "password"} << "sesame-7\n";
    std::ofstream{folder_ / "wrong"} << "sesame-8\n";
    const auto started =
        support::run({POSTFIX, "start", folder_ / "postfix", folder_ / "server.crt", folder_ / "server.key"});
    if (started.out.starts_with("skip: ")) GTEST_SKIP() << started.out.substr(6);
    ASSERT_EQ(started.exit_code, 0) << started.err;
    port_ = static_cast<std::uint16_t>(std::stoi(started.out));
    address("bakery", "it@mill.example");
    has_transport_ = false;
  }
  void TearDown() override { stop(); }

  void stop() { support::run({POSTFIX, "stop", folder_ / "postfix"}); }

  void address(const std::string& customer, const std::string& email) {
    write([&](store::Transaction& t) {
      must(store::upsert_customer(
          t, {.id = 0, .code = customer, .name = customer, .email = email, .language = "en"}));
      must(store::bump_directory_version(t));
    });
  }
  mail::SmtpOptions smtp() const {
    mail::SmtpOptions options;
    options.host = "127.0.0.1";
    options.port = port_;
    options.ca_file = folder_ / "ca.crt";
    options.user = "robot";
    options.secret_file = folder_ / "password";
    options.ehlo_name = "collector.example.org";
    return options;
  }
  std::int64_t send(const mail::SmtpOptions& options) {
    Sender sender{must(store::Connection::open(url_)),
                  {},
                  std::make_unique<mail::SmtpTransport>(must(mail::SmtpTransport::make(options))),
                  clock_};
    const auto tried = must(sender.run());
    clock_.now += 1s;  // Who was turned away asks again behind those who are due by then.
    return tried;
  }
  void work(const std::string& key, const std::string& remote_id, std::int64_t end_min,
            const std::string& text) {
    receive({completed(key, remote_id, at_min(end_min - 5), 5min)});
    comment(remote_id, at_min(end_min - 5), text);
    clock_.now = at_min(end_min);
    run();
  }
  void later(std::int64_t minute) {
    clock_.now = at_min(minute);
    run();
  }
  // What Postfix delivered to the address, once there are so many.
  std::vector<std::string> delivered(const std::string& to, std::size_t count) {
    std::vector<std::string> all;
    support::eventually([&] {
      all.clear();
      std::error_code none_yet;
      for (const auto& file :
           std::filesystem::directory_iterator{folder_ / "postfix" / "mail" / to / "new", none_yet})
        all.push_back(support::read_file(file.path()));
      return all.size() >= count;
    });
    return all;
  }
  std::string log() const { return support::read_file(folder_ / "postfix" / "log"); }

  std::filesystem::path folder_ = std::filesystem::path{POSTFIX_FOLDER};
  support::TestAuthority authority_;
  std::uint16_t port_ = 0;
};
INSTANTIATE_TEST_SUITE_P(On, LongPostfixTest,
                         testing::Values(store::Dialect::sqlite, store::Dialect::postgresql),
                         store::dialect_name);

TEST_P(LongPostfixTest, ThreeSessionsOfAnHourAreOneMail) {
  work("a", kBakery, 125, "Printer set up");
  work("b", kBakery, 140, "Mail repaired");
  work("c", kBakery, 160, "Backup checked");
  later(184);
  EXPECT_EQ(send(smtp()), 0);
  later(185);
  EXPECT_EQ(send(smtp()), 1);
  const auto mails = delivered("it@mill.example", 1);
  ASSERT_EQ(mails.size(), 1u) << log();
  const auto text = must(mail::plain_text_of(mails[0]));
  for (const auto* row : {"Printer set up", "Mail repaired", "Backup checked"})
    EXPECT_THAT(text, HasSubstr(row));
  EXPECT_THAT(mails[0], HasSubstr("<" + this->mails().at(0).message_id + ">"));
  EXPECT_THAT(log(), HasSubstr("sasl_username=robot@mail.test"));
}

TEST_P(LongPostfixTest, EachWayToLogInAndManyMailsOnAConnection) {
  for (const auto auth : {mail::Auth::any, mail::Auth::plain, mail::Auth::login}) {
    auto options = smtp();
    options.auth = auth;
    auto transport = must(mail::SmtpTransport::make(options));
    for (int i = 0; i < 5; ++i) {
      const mail::Envelope envelope{
          .message_id = "m@x", .from = "support@desk.example", .to = {"boss@mill.example"}};
      const auto done = transport.deliver(envelope, "Subject: x\r\n\r\nhello\r\n");
      EXPECT_EQ(done.outcome, mail::Outcome::delivered) << done.detail;
    }
    EXPECT_EQ(transport.connections(), 1);
  }
  EXPECT_EQ(delivered("boss@mill.example", 15).size(), 15u);
  EXPECT_THAT(log(), HasSubstr("sasl_method=LOGIN"));
}

TEST_P(LongPostfixTest, AWrongPasswordAndAServerThatIsGoneBlameNoMail) {
  work("a", kBakery, 5, "Work");
  later(100);
  auto wrong = smtp();
  wrong.secret_file = folder_ / "wrong";
  EXPECT_EQ(send(wrong), 1);
  EXPECT_THAT(mails().at(0).last_error, HasSubstr("535"));
  wrong = smtp();
  wrong.ca_file.clear();
  EXPECT_EQ(send(wrong), 1) << "an authority that nobody trusts";
  stop();
  EXPECT_EQ(send(smtp()), 1);
  EXPECT_EQ(mails().at(0).state, "composed");
  EXPECT_EQ(mails().at(0).attempts, 0);
  SetUp();
  EXPECT_EQ(send(smtp()), 1);
  EXPECT_EQ(mails().at(0).state, "sent");
  EXPECT_EQ(delivered("it@mill.example", 1).size(), 1u) << log();
}

TEST_P(LongPostfixTest, NobodyIsRefusedAndWhatComesBackIsKnownByItsReport) {
  address("lawyer", "nobody@mill.example");
  address("bakery", "gone@bounce.example");
  work("a", kLawyer, 5, "Work");
  work("b", kBakery, 6, "Work");
  later(100);
  EXPECT_EQ(send(smtp()), 2);
  const auto refused = mails().at(0).recipient == "nobody@mill.example" ? mails().at(0) : mails().at(1);
  const auto taken = mails().at(0).recipient == "gone@bounce.example" ? mails().at(0) : mails().at(1);
  EXPECT_EQ(refused.state, "failed");
  EXPECT_THAT(refused.last_error, HasSubstr("550 5.1.1"));
  EXPECT_EQ(taken.state, "sent");
  const auto reports = delivered("support@desk.example", 1);
  ASSERT_EQ(reports.size(), 1u) << log();
  const auto report = write([&](store::Transaction& t) {
    return must(actions::read_bounce(t, {.who = "mary", .why = "", .now = clock_.now}, reports[0]));
  });
  EXPECT_EQ(report.mail_id, taken.id);
  EXPECT_TRUE(report.bounced);
  EXPECT_THAT(report.said, HasSubstr("5.1.1"));
  EXPECT_EQ(
      store::state_of(read([&](store::Transaction& t) { return *must(store::find_mail(t, taken.id)); })),
      "bounced");
}

}  // namespace
}  // namespace collector::pipeline
