// `mail`: what was and will be told to customers.

#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace collector::commands {

struct MailListOptions {
  std::filesystem::path config;
  std::optional<std::string> state;
  std::int64_t limit = 100;
  bool json = false;
};
int run_mail_list(const MailListOptions& options, std::ostream& out, std::ostream& err);

// Prints a mail exactly as it was, or will be, handed over.
int run_mail_show(const std::filesystem::path& config, std::int64_t mail_id, std::ostream& out,
                  std::ostream& err);

struct MailChangeOptions {
  std::filesystem::path config;
  std::int64_t mail = 0;    // Its number in `mail list`; not for `mail flush`.
  std::string reason = {};  // Stands beside the change.
};
// Closes every open window now; the running collector then composes and sends within a second.
int run_mail_flush(const MailChangeOptions& options, std::ostream& out, std::ostream& err);

// A failed or uncertain mail goes out again, with the same Message-ID.
int run_mail_resend(const MailChangeOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
