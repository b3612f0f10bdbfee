#include "tests/collector/pipeline/real_mail.h"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <algorithm>
#include <fstream>

#include "collector/store/ledger_rows.h"
#include "collector/store/mail_holds.h"
#include "tests/collector/store/small_world.h"
#include "tests/support/net/certificates.h"

namespace collector::pipeline {

using support::smtp::KeptMail;
using support::smtp::RealServer;

RealMailTest::RealMailTest() {
  std::string pattern = (std::filesystem::temp_directory_path() / "deskledger-smtp.XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no folder " + pattern);
  folder_ = pattern;
  server_ = std::make_unique<RealServer>(folder_);
}

RealMailTest::~RealMailTest() {
  server_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void RealMailTest::want_tls() {
  const support::TestAuthority authority;
  const auto identity = authority.server({"127.0.0.1"});
  const auto certificate = folder_ / "server.crt", key = folder_ / "server.key";
  ca_file_ = folder_ / "ca.crt";
  std::ofstream{ca_file_} << authority.certificate().pem();
  std::ofstream{certificate} << identity.certificate.pem();
  std::ofstream{key} << identity.key.pem().value();
  std::ofstream{folder_ / "password"} << "sesame-7\n";
  std::ofstream{folder_ / "token"} << "token-7\n";
  server_.reset();
  server_ = std::make_unique<RealServer>(folder_, certificate, key);
}

mail::SmtpOptions RealMailTest::smtp() const {
  mail::SmtpOptions options;
  options.host = "127.0.0.1";
  options.port = server_->port();
  options.tls = ca_file_.empty() ? mail::Tls::none : mail::Tls::starttls;
  options.ca_file = ca_file_;
  options.ehlo_name = "collector.example.org";
  options.total_timeout = std::chrono::seconds{20};
  if (!ca_file_.empty()) {
    options.user = "robot";
    options.secret_file = folder_ / "password";
  }
  return options;
}

Sender RealMailTest::real_sender(const std::string& url, std::int64_t mails_per_connection) {
  auto options = smtp();
  options.mails_per_connection = mails_per_connection;
  return {must(store::Connection::open(url)),
          {.account = "default",
           .transport = "smtp",
           .repeatable = false,
           .sender_address = {},
           .mails_per_min = 0},
          std::make_unique<mail::SmtpTransport>(must(mail::SmtpTransport::make(options))),
          clock_};
}

std::int64_t RealMailTest::run_real() {
  has_transport_ = false;
  run();
  return must(real_sender(url_).run());
}

void RealMailTest::work(const std::string& key, const std::string& remote_id, std::int64_t end_min,
                        const std::string& text) {
  receive({completed(key, remote_id, at_min(end_min - 5), 5min)});
  comment(remote_id, at_min(end_min - 5), text);
  clock_.now = at_min(end_min);
  run_real();
}

void RealMailTest::expect_once(const std::vector<store::MailRow>& mails, const std::vector<KeptMail>& kept) {
  std::multiset<std::string> taken;
  for (const auto& mail : kept) taken.insert(mail.message_id);
  for (const auto& mail : mails) {
    const auto times = taken.count(mail.message_id);
    if (mail.state == "sent") {
      EXPECT_EQ(times, 1u) << mail.message_id;
    } else if (mail.state == "uncertain") {
      EXPECT_LE(times, 1u) << mail.message_id;
      EXPECT_FALSE(mail.message_id.empty());
    } else {
      EXPECT_EQ(times, 0u) << mail.message_id << " is " << mail.state;
    }
    taken.erase(mail.message_id);
  }
  EXPECT_THAT(taken, testing::IsEmpty());
}

void RealMailTest::expect_all_told() {
  const auto all = mails();
  std::multiset<std::int64_t> told, posted;
  read([&](store::Transaction& t) {
    for (const auto& mail : all) {
      if (mail.kind != "sessions") continue;
      for (const auto& item : must(store::items_of_mail(t, mail.id))) told.insert(item.session_id);
    }
    const auto directory = must(store::load_directory(t, store::utc_start_of_day));
    for (const auto& contract : directory.contracts) {
      if (!contract.mail_customer) continue;
      const auto entries = must(store::entries_from(t, contract.customer_id, store::at(0)));
      for (const auto& one : entries) {
        if (one.open && one.entry.charge_id && one.entry.contract_id == contract.id)
          posted.insert(one.entry.session_id.value());
      }
    }
    return 0;
  });
  EXPECT_EQ(told, posted) << "what the ledgers charge, and what the mails tell";
  expect_once(all, server_->kept());
  for (const auto& mail : all)
    EXPECT_THAT(mail.state, testing::AnyOf("sent", "uncertain")) << mail.last_error;
  EXPECT_TRUE(read([](store::Transaction& t) { return must(store::open_batches(t)); }).empty());
}

}  // namespace collector::pipeline
