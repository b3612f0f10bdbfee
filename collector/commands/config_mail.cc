#include "collector/commands/config_mail.h"

#include <map>

#include "collector/ledger/notice.h"
#include "collector/mail/address.h"

namespace collector::commands {

namespace {

std::unexpected<base::Error> refuse(std::string what) {
  return base::fail(base::ErrorCode::invalid_argument, std::move(what));
}

MailAccount read_account(config::Reader& reader, const std::string& section, const std::string& name) {
  MailAccount account;
  account.name = name;
  reader.text(section + ".host", account.host);
  reader.integer(section + ".port", account.port, 1, 65535);
  reader.choice(section + ".security", account.security, {"starttls", "tls", "none"});
  reader.text(section + ".user", account.user);
  reader.choice(section + ".auth", account.auth, {"any", "plain", "login", "xoauth2"});
  reader.text(section + ".password_file", account.password_file);
  reader.text(section + ".token_file", account.token_file);
  reader.text(section + ".ca_file", account.ca_file);
  reader.integer(section + ".mails_per_min", account.mails_per_min, 0, 60'000);
  reader.integer(section + ".mails_per_connection", account.mails_per_connection, 1, 100'000);
  return account;
}

// Each code once in all accounts.
base::Status claim(std::map<std::string, std::string>& owners, const std::vector<std::string>& codes,
                   const std::string& account, const std::string& what) {
  for (const auto& code : codes) {
    const auto [owner, is_new] = owners.emplace(code, account);
    if (is_new) continue;
    return refuse("mail.account." + account + ": " + what + " '" + code + "' goes through mail.account." +
                  owner->second + " already");
  }
  return {};
}

base::Status check_login(const MailAccount& account, const std::string& section) {
  const bool token = account.auth == "xoauth2";
  if (token && account.user.empty()) return refuse(section + ": xoauth2 needs a user");
  if (token && account.token_file.empty()) return refuse(section + ": xoauth2 needs a token_file");
  if (!token && !account.token_file.empty())
    return refuse(section + ": a token_file needs auth = \"xoauth2\"");
  if (!token && !account.user.empty() && account.password_file.empty())
    return refuse(section + ": a user needs a password_file");
  return {};
}

}  // namespace

std::vector<MailAccount> read_mail_accounts(config::Reader& reader) {
  std::vector<MailAccount> all{read_account(reader, "mail.smtp", "default")};
  for (const auto& name : reader.tables("mail.account")) {
    const auto section = "mail.account." + name;
    auto account = read_account(reader, section, name);
    reader.text(section + ".sender_name", account.sender_name);
    reader.text(section + ".sender_address", account.sender_address);
    reader.texts(section + ".customers", account.customers);
    reader.texts(section + ".partners", account.partners);
    all.push_back(std::move(account));
  }
  return all;
}

base::Status check_mail(const std::vector<MailAccount>& accounts, const std::vector<std::string>& notices) {
  std::map<std::string, std::string> customers, partners;
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    const auto& account = accounts[i];
    const auto section = i == 0 ? std::string{"mail.smtp"} : "mail.account." + account.name;
    if (i > 0 && account.name == "default")
      return refuse(section + ": [mail.smtp] is the account of that name");
    if (!account.sender_address.empty() && !mail::is_address(account.sender_address)) {
      return refuse(section + ".sender_address '" + account.sender_address +
                    "' is no address such as support@example.com");
    }
    if (auto done = claim(customers, account.customers, account.name, "customer"); !done) return done;
    if (auto done = claim(partners, account.partners, account.name, "partner"); !done) return done;
    if (auto sound = check_login(account, section); !sound) return sound;
  }
  for (const auto& kind : notices) {
    if (ledger::notice_kind_from(kind)) continue;
    return refuse("mail.notices: '" + kind +
                  "' is none of used, left, exhausted, contract_ends and lot_ends");
  }
  return {};
}

}  // namespace collector::commands
