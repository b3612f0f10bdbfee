// The documented configuration is the truth: every option, its default, and what is said about a wrong one.

#include "collector/commands/config.h"

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
