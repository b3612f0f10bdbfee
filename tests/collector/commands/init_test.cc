#include "collector/commands/init.h"

#include "collector/store/directory.h"
#include "collector/store/session.h"
#include "collector/store/users.h"
#include "tests/collector/commands/desk.h"

namespace collector::commands {
namespace {

using store::must;
DESK_SUITE(InitCommandTest);

Ran init(const InitOptions& options) {
  return ran([&](auto& out, auto& err) { return run_init(options, out, err); });
}

TEST_P(InitCommandTest, EverythingIsThere) {
  const auto desk = folder_ / "desk";
  for (const char* name : {"collector.toml", "pki/ca.pem", "pki/ca.key", "pki/server.pem", "pki/server.key",
                           "pki/acknowledgement.key", "mails"}) {
    EXPECT_TRUE(std::filesystem::exists(desk / name)) << name;
  }
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(desk).permissions(), perms::owner_all);
  EXPECT_EQ(std::filesystem::status(desk / "pki/ca.key").permissions(),
            perms::owner_read | perms::owner_write);
  EXPECT_NE(init_.out.find("administrator  admin"), std::string::npos);
  auto place = workspace();
  EXPECT_EQ(place.config.mail_transport, "eml");
  must(place.database.read([](store::Transaction& t) -> base::Status {
    EXPECT_TRUE(must(store::find_user(t, "admin")));
    EXPECT_EQ(must(store::find_template(t, "standard")).version, 1);
    return {};
  }));
}

TEST_P(InitCommandTest, AFolderWithSomethingInItIsLeftAlone) {
  InitOptions options;
  options.directory = folder_ / "desk";
  const auto again = init(options);
  EXPECT_EQ(again.code, 1);
  EXPECT_NE(again.err.find("is not an empty folder"), std::string::npos);
  EXPECT_TRUE(std::filesystem::exists(folder_ / "desk/collector.toml"));
}

TEST_P(InitCommandTest, WhatFailedHalfWayIsRemoved) {
  for (const char* url :
       {"mysql://nobody", "sqlite:/nowhere/at/all.db", "postgresql:host=/nowhere dbname=x"}) {
    InitOptions options;
    options.directory = folder_ / "second";
    options.database_url = url;
    const auto done = init(options);
    EXPECT_EQ(done.code, 1) << url;
    EXPECT_NE(done.err, "") << url;
    EXPECT_FALSE(std::filesystem::exists(folder_ / "second")) << url;
  }
  std::filesystem::create_directory(folder_ / "third");
  InitOptions options;
  options.directory = folder_ / "third";
  options.database_url = "mysql://nobody";
  EXPECT_EQ(init(options).code, 1);
  EXPECT_TRUE(std::filesystem::is_empty(folder_ / "third")) << "an empty folder that was there stays";
  options.directory = file("plain", "");
  EXPECT_EQ(init(options).code, 1);
}

TEST_P(InitCommandTest, ValuesAreQuotedForTheConfiguration) {
  InitOptions options;
  options.directory = folder_ / "second";
  options.listen_agents = "a \"quoted\\ value";
  ASSERT_EQ(init(options).code, 0);
  EXPECT_EQ(must(load_config(folder_ / "second/collector.toml")).listen_agents, options.listen_agents);
}

TEST_P(InitCommandTest, ANewerDatabaseIsRefusedWithTheReason) {
  auto place = workspace();
  must(place.database.transaction([](store::Transaction& t) -> base::Status {
    t.session().script(
        "INSERT INTO schema_migration SELECT 9999, name, sha256, applied_ms FROM schema_migration "
        "WHERE number = 1");
    return {};
  }));
  const auto opened = open_workspace(config());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, base::ErrorCode::conflict);
  EXPECT_NE(opened.error().message.find("9999"), std::string::npos) << opened.error().message;
}

}  // namespace
}  // namespace collector::commands
