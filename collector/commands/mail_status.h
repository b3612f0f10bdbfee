// `mail status` and `mail waiting`: whether mails go out, and what waits for what.

#pragma once

#include <filesystem>
#include <iosfwd>

namespace collector::commands {

struct MailStatusOptions {
  std::filesystem::path config;
  bool json = false;
};

// Each account with what it has to send, sent and could not send, and since when its server is away; and what
// cannot be composed. The exit code is 0 whatever it shows.
int run_mail_status(const MailStatusOptions& options, std::ostream& out, std::ostream& err);

// Each open window: what gathers in it, when it closes, and what it waits for behind that.
int run_mail_waiting(const MailStatusOptions& options, std::ostream& out, std::ostream& err);

}  // namespace collector::commands
