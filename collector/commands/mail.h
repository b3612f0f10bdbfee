// `mail`: one mail, and what a person does about mails.

#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace collector::commands {

struct MailShowOptions {
  std::filesystem::path config;
  std::int64_t mail = 0;  // Its number in `mail list`.
  bool log = false;       // Each time it was handed over, in place of the mail.
  bool json = false;      // Everything that is known of it.
};
// Prints a mail exactly as it was, or will be, handed over.
int run_mail_show(const MailShowOptions& options, std::ostream& out, std::ostream& err);

struct MailChangeOptions {
  std::filesystem::path config;
  std::int64_t mail = 0;                           // Its number in `mail list`; not for `mail flush`.
  std::string reason = {};                         // Stands beside the change.
  std::optional<std::string> customer = {};        // Of `mail flush`: only his.
  std::optional<std::filesystem::path> file = {};  // Of `mail bounced`: a mail server's report.
  std::optional<std::string> to = {};              // Of `mail resend`: another address.
  std::optional<std::string> partner = {};         // Of `mail give-up`: only what is held for him.
  bool anew = false;                               // Of `mail cancel`: what it tells is composed anew.
  bool preview = false;                            // Of `mail give-up`: shows what would be done.
  bool json = false;                               // Of a preview.
};
// What waits for the end of a window, for a review or to be composed again is composed and sent by the
// running collector within a second or two.
int run_mail_flush(const MailChangeOptions& options, std::ostream& out, std::ostream& err);

// A failed, uncertain or bounced mail, or one that waits, goes out at once, with the same Message-ID. Where
// mails are files, `to` is refused: the file is the mail as it was composed.
int run_mail_resend(const MailChangeOptions& options, std::ostream& out, std::ostream& err);

// An uncertain mail did arrive.
int run_mail_arrived(const MailChangeOptions& options, std::ostream& out, std::ostream& err);

// A mail that waits or failed is given up, or composed anew.
int run_mail_cancel(const MailChangeOptions& options, std::ostream& out, std::ostream& err);

// What is held for `customer` because nobody has his address, or because no mail can be made, is told to
// nobody any more.
int run_mail_give_up(const MailChangeOptions& options, std::ostream& out, std::ostream& err);

// A mail came back, as the report in `file` says, or as a person says of `mail`.
int run_mail_bounced(const MailChangeOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
