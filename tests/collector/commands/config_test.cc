// The documented configuration is the truth: every option, its default, and what is said about a wrong one.

#include "collector/commands/config.h"
#include "tests/source_root.h"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <sstream>

namespace collector::commands {
namespace {

std::string documented() {
  std::ifstream in{std::string{SOURCE_ROOT} + "/collector/collector.full.toml"};
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(CollectorConfig, EveryDocumentedOptionIsAcceptedAndIsItsDefault) {
  const auto text = documented();
  const auto all = std::regex_replace(text, std::regex{"(^|\n)#([a-z_]+ = )"}, "$1$2");
  ASSERT_NE(all, text);
  const auto documented_values = parse_config(all, "full.toml", "/desk");
  ASSERT_TRUE(documented_values) << documented_values.error().message;
  const auto defaults = parse_config("", "empty.toml", "/desk");
  ASSERT_TRUE(defaults);
  EXPECT_EQ(*documented_values, *defaults);
  EXPECT_EQ(defaults->database_url, "sqlite:/desk/collector.db");
  EXPECT_EQ(defaults->pki_directory, "/desk/pki");
}

TEST(CollectorConfig, AnUnknownOptionIsRefused) {
  const auto refused = parse_config("[mail]\nunknown_option = 1\n", "c.toml", "/desk");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::invalid_argument);
}

TEST(CollectorConfig, WhatIsWrongIsSaidWithItsLine) {
  const std::pair<std::string, std::string> table[] = {
      {"[comment]\nwait_minute = 5\n", "c.toml:2"},
      {"[comment]\nwait_minute = 5\n", "wait_minutes"},
      {"[comment]\nwait_minutes = -1\n", "c.toml:2"},
      {"[comment]\nwait_minutes = \"x\"\n", "c.toml:2"},
      {"[comment]\nmatch_tolerance_s = 3601\n", "c.toml:2"},
      {"[mail]\n\ntransport = \"pigeon\"\n", "c.toml:3"},
      {"[mail]\nsender_address = \"nobody\"\n", "mail.sender_address 'nobody'"},
      {"[lisen]\nagents = \"x\"\n", "c.toml:1: 'lisen' is no option"},
      {"[mail\n", "c.toml:1"},
  };
  for (const auto& [text, said] : table) {
    const auto config = parse_config(text, "c.toml", "/desk");
    ASSERT_FALSE(config) << text;
    EXPECT_EQ(config.error().code, base::ErrorCode::invalid_argument) << text;
    EXPECT_NE(config.error().message.find(said), std::string::npos) << config.error().message;
  }
}

TEST(CollectorConfig, MailAccountsAreSectionsOfTheirOwn) {
  const auto config = parse_config(
      "[mail]\nnotices = [\"used\"]\nwait_for_review = true\n"
      "[mail.smtp]\nhost = \"relay\"\nuser = \"u\"\npassword_file = \"secret\"\n"
      "[mail.account.north]\nhost = \"smtp.north.example\"\nport = 465\nsecurity = \"tls\"\n"
      "user = \"r@north.example\"\nauth = \"xoauth2\"\ntoken_file = \"/run/token\"\npartners = [\"north\"]\n"
      "customers = [\"mill\"]\nsender_address = \"r@north.example\"\nmails_per_min = 30\n"
      "[mail.account.b]\n",
      "c.toml", "/desk");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->mail_notices, std::vector<std::string>{"used"});
  EXPECT_TRUE(config->wait_for_review);
  const auto& all = config->mail_accounts;
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].name + " " + all[0].host + " " + all[0].password_file, "default relay /desk/secret");
  EXPECT_EQ(all[1].name, "b");
  EXPECT_EQ(all[1].host, "localhost");
  EXPECT_EQ(all[2].name + " " + all[2].host + " " + all[2].token_file, "north smtp.north.example /run/token");
  EXPECT_EQ(all[2].port, 465);
  EXPECT_EQ(all[2].mails_per_min, 30);
  EXPECT_EQ(all[2].partners, std::vector<std::string>{"north"});
}

TEST(CollectorConfig, WhatIsWrongWithAMailAccountIsSaid) {
  const std::pair<std::string, std::string> table[] = {
      {"[mail.account.north]\nhosst = \"x\"\n", "mail.account.north.host'"},
      {"[mail.account.North]\n", "c.toml:1"},
      {"[mail]\naccount.north = 1\n", "must be a section"},
      {"[mail.account.default]\n", "[mail.smtp] is the account of that name"},
      {"[mail.account.a]\ncustomers = [\"x\"]\n[mail.account.b]\ncustomers = [\"x\"]\n",
       "customer 'x' goes through mail.account.a already"},
      {"[mail.account.a]\nsender_address = \"x\"\n", "is no address"},
      {"[mail.smtp]\nauth = \"xoauth2\"\n", "xoauth2 needs a user"},
      {"[mail.smtp]\nauth = \"xoauth2\"\nuser = \"u\"\n", "needs a token_file"},
      {"[mail.smtp]\ntoken_file = \"t\"\n", "a token_file needs auth"},
      {"[mail.smtp]\nuser = \"u\"\n", "a user needs a password_file"},
      {"[mail]\nnotices = [\"used\", \"usd\"]\n", "'usd' is none of"},
  };
  for (const auto& [text, said] : table) {
    const auto config = parse_config(text, "c.toml", "/desk");
    ASSERT_FALSE(config) << text;
    EXPECT_NE(config.error().message.find(said), std::string::npos) << config.error().message;
  }
}

TEST(CollectorConfig, AMissingFileSaysHowToMakeOne) {
  const auto config = load_config("/nowhere/collector.toml");
  ASSERT_FALSE(config);
  EXPECT_NE(config.error().message.find("deskledger-collector init"), std::string::npos);
}

TEST(CollectorConfig, PathsBeginAtTheFile) {
  const auto config = parse_config(
      "[database]\nurl = \"sqlite:/var/db\"\n[pki]\ndirectory = \"/etc/pki\"\n[mail]\neml_directory = "
      "\"out\"\n",
      "c.toml", "/desk");
  ASSERT_TRUE(config);
  EXPECT_EQ(config->database_url, "sqlite:/var/db");
  EXPECT_EQ(config->pki_directory, "/etc/pki");
  EXPECT_EQ(config->eml_directory, "/desk/out");
}

}  // namespace
}  // namespace collector::commands
