// Whom the configuration and the environment make the proxy.

#include "agent/commands/proxy_choice.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include "common/crypto/secret_file.h"

namespace {

using agent::commands::choose_proxy;
using agent::commands::Config;
using agent::commands::parse_config;
using testing::HasSubstr;

Config config_of(const std::string& lines) {
  return parse_config("[proxy]\n" + lines, "test").value();
}

std::string environment(const std::string& name) {
  return name == "HTTPS_PROXY" ? "http://of-the-environment:1" : "";
}

TEST(ProxyChoice, TheConfigurationHasTheFirstWord) {
  EXPECT_EQ(choose_proxy(config_of(""), "collector", environment)->proxy->host, "of-the-environment");
  EXPECT_FALSE(choose_proxy(config_of("url = \"none\""), "collector", environment)->proxy);
  const auto named =
      choose_proxy(config_of("url = \"http://anna:secret@proxy:3128\""), "collector", environment);
  EXPECT_EQ(named->proxy->host, "proxy");
  EXPECT_EQ(named->proxy->password, "secret");
  EXPECT_EQ(named->why, "proxy.url");
}

TEST(ProxyChoice, ThePasswordMayLieInAFile) {
  const auto path =
      std::filesystem::path{testing::TempDir()} / ("proxy-password-" + std::to_string(::getpid()));
  const auto config = config_of("url = \"http://anna@proxy:3128\"\npassword_file = '" + path.string() + "'");
  EXPECT_THAT(choose_proxy(config, "collector", environment).error().message,
              HasSubstr("proxy.password_file"));
  ASSERT_TRUE(crypto::write_secret_file(path, "se:cret\r\n"));
  EXPECT_EQ(choose_proxy(config, "collector", environment)->proxy->password, "se:cret");
  std::filesystem::remove(path);
}

TEST(ProxyChoice, WhatCannotBeUsedIsRefusedAtTheStart) {
  for (const char* lines : {"url = \"ftp://secret:secret@proxy\"", "url = \"\"",
                            "url = \"http://proxy:1\"\npassword_file = \"/x\"", "password_file = \"/x\""}) {
    const auto config = parse_config(std::string{"[proxy]\n"} + lines, "test");
    ASSERT_FALSE(config) << lines;
    EXPECT_THAT(config.error().message, HasSubstr("proxy."));
    EXPECT_THAT(config.error().message, testing::Not(HasSubstr("secret:")));
  }
}

}  // namespace
