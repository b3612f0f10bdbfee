// The office whose mails go to a real SMTP server, which can be told to misbehave.

#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "collector/mail/smtp_transport.h"
#include "collector/store/mails.h"
#include "tests/collector/pipeline/office.h"
#include "tests/support/smtp/real_server.h"

namespace collector::pipeline {

class RealMailTest : public OfficeTest {
 protected:
  RealMailTest();
  ~RealMailTest() override;

  // With STARTTLS and a login from now on, in place of the server there was.
  void want_tls();
  // To that server; short of patience.
  mail::SmtpOptions smtp() const;
  // A new one, as after a restart, for the database at `url`.
  Sender real_sender(const std::string& url, std::int64_t mails_per_connection = 100);
  // Composes what is due and sends it.
  std::int64_t run_real();
  // Finished at `end_min` and posted at once.
  void work(const std::string& key, const std::string& remote_id, std::int64_t end_min,
            const std::string& text);

  // All that must hold whatever happened: a mail that counts as sent was taken exactly once, one that is
  // uncertain at most once, any other never; and no mail was taken that is none of ours.
  void expect_once(const std::vector<store::MailRow>& mails,
                   const std::vector<support::smtp::KeptMail>& kept);
  // Nothing waits any more, each session that a ledger charges is in exactly one mail, which is sent or
  // uncertain, and expect_once().
  void expect_all_told();

  std::filesystem::path folder_;
  std::unique_ptr<support::smtp::RealServer> server_;
  std::filesystem::path ca_file_;  // With TLS.
};

}  // namespace collector::pipeline
