// The mail accounts of the configuration file: the server that each goes through, and who is told through it.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/config/reader.h"

namespace collector::commands {

struct MailAccount {
  std::string name = "default";
  std::string host = "localhost";
  std::int64_t port = 587;
  std::string security = "starttls";  // starttls, tls, none
  std::string user = {};
  std::string auth = "any";  // any, plain, login, xoauth2
  std::string password_file = {};
  std::string token_file = {};  // For xoauth2.
  std::string ca_file = {};
  std::string sender_name = {};  // Empty: mail.sender_name, and likewise the address.
  std::string sender_address = {};
  std::vector<std::string> customers = {};  // Codes of those whose mails go through it,
  std::vector<std::string> partners = {};   // and of those whose copies do.
  std::int64_t mails_per_min = 0;           // At most; 0: as fast as it goes.
  std::int64_t mails_per_connection = 100;

  bool operator==(const MailAccount&) const = default;
};

// [mail.smtp], which is the account "default", and each [mail.account.NAME] in order of names.
std::vector<MailAccount> read_mail_accounts(config::Reader& reader);

// invalid_argument for an address that is none, two accounts for the same customer or partner, an account
// that is called default, a login without its file, and a kind of notice there is not.
[[nodiscard]] base::Status check_mail(const std::vector<MailAccount>& accounts,
                                      const std::vector<std::string>& notices);

}  // namespace collector::commands
