// Which AnyDesk instances of a machine are found, and what is said of them.

#include "agent/discovery/survey.h"

#include <gmock/gmock.h>

#include "tests/agent/discovery/closed_files.h"

namespace {

using namespace agent::discovery;
using agent::tail::Environment;
using agent::tail::System;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(Client, Names) {
  const struct {
    const char* name;
    Client client;
    const char* shown;
  } rows[] = {{".anydesk", {}, "AnyDesk"},
              {"AnyDesk", {}, "AnyDesk"},
              {"anydesk", {}, "AnyDesk"},
              {"anydesk.trace", {}, "AnyDesk"},
              {"ad_svc.trace", {.prefix = "svc"}, "svc"},
              {".anydesk_ad_acme", {.prefix = "acme"}, "acme"},
              {"anydesk_ad_acme.trace", {.prefix = "acme"}, "acme"},
              {"ad_acme", {.prefix = "acme"}, "acme"},
              {"AD_Acme", {.prefix = "Acme"}, "Acme"},
              {"ad_acme_msi", {.prefix = "acme", .msi = true}, "acme (MSI)"},
              {"AnyDesk-acme", {.prefix = "acme"}, "acme"},
              {"AnyDesk-ad_acme_msi", {.prefix = "acme", .msi = true}, "acme (MSI)"},
              {"ad_", {}, "AnyDesk"},
              {"", {}, "AnyDesk"},
              {"something", {}, "AnyDesk"}};
  for (const auto& row : rows) {
    EXPECT_EQ(client_of(row.name), row.client) << row.name;
    EXPECT_EQ(name_of(client_of(row.name)), row.shown) << row.name;
  }
}

// "client owner folder: trace access, ..." of each instance.
std::vector<std::string> told(const Survey& survey) {
  std::vector<std::string> lines;
  for (const auto& instance : survey.instances) {
    std::string line =
        name_of(instance.client) + " of " + (instance.owner.empty() ? "machine" : instance.owner);
    for (const auto& trace : instance.traces)
      line += ", " + trace.path + " " + std::string{to_string(trace.access)};
    lines.push_back(std::move(line));
  }
  return lines;
}

class Linux : public ::testing::Test {
 protected:
  Survey look() { return survey(files, System::gnu_linux, environment); }
  Environment environment{
      .home = "/home/eleni", .users = {}, .program_data = {}, .app_data = {}, .system_root = {}};
  agent::discovery::testing::ClosedFiles files;
};

TEST_F(Linux, NothingThere) {
  const Survey found = look();
  EXPECT_THAT(found.instances, IsEmpty());
  EXPECT_THAT(found.closed, IsEmpty());
}

TEST_F(Linux, InstalledPortableAndCustomOfSeveralUsers) {
  for (const char* path :
       {"/var/log/anydesk.trace", "/var/log/anydesk_ad_acme.trace", "/var/log/syslog",
        "/etc/anydesk/system.conf", "/home/eleni/.anydesk/anydesk.trace",
        "/home/eleni/.anydesk/.anydesk.trace", "/home/nikos/.anydesk_ad_acme/anydesk_ad_acme.trace",
        "/home/nikos/.anydesk_ad_acme/user.conf", "/root/.anydesk/anydesk.trace", "/home/maria/notes"}) {
    files.files.create(path, "ad.anynet.id=1\n");
  }
  const Survey found = look();
  EXPECT_THAT(told(found),
              ElementsAre("AnyDesk of machine, /var/log/anydesk.trace readable",
                          "acme of machine, /var/log/anydesk_ad_acme.trace readable",
                          "AnyDesk of eleni, /home/eleni/.anydesk/anydesk.trace readable",
                          "acme of nikos, /home/nikos/.anydesk_ad_acme/anydesk_ad_acme.trace readable",
                          "AnyDesk of root, /root/.anydesk/anydesk.trace readable"));
  EXPECT_EQ(found.instances[0].service_trace, "/var/log/anydesk.trace");
  EXPECT_EQ(found.instances[0].folder, "/etc/anydesk");
  EXPECT_EQ(found.instances[0].conf.own_id, "1");
  EXPECT_EQ(found.instances[0].system_conf.access, Access::readable);
  EXPECT_EQ(found.instances[0].connection_trace.path, "/etc/anydesk/connection_trace.txt");
  EXPECT_EQ(found.instances[0].connection_trace.access, Access::missing);
  EXPECT_EQ(found.instances[2].service_trace, "");
  EXPECT_EQ(found.instances[3].user_conf.access, Access::readable);
}

TEST_F(Linux, WhatMayNotBeRead) {
  for (const char* path :
       {"/var/log/anydesk.trace", "/etc/anydesk/system.conf", "/home/eleni/.anydesk/anydesk.trace",
        "/home/nikos/.anydesk/anydesk.trace", "/srv/x"}) {
    files.files.create(path, "ad.anynet.id=1\n");
  }
  files.closed = {"/var/log/anydesk.trace", "/etc/anydesk/system.conf", "/home/nikos",
                  "/home/eleni/.anydesk"};
  const Survey found = look();
  EXPECT_THAT(told(found),
              ElementsAre("AnyDesk of machine, /var/log/anydesk.trace not permitted", "AnyDesk of eleni"));
  EXPECT_THAT(found.closed, ElementsAre("/home/eleni/.anydesk", "/home/nikos"));
  EXPECT_EQ(found.instances[0].system_conf.access, Access::not_permitted);
  EXPECT_THAT(found.instances[0].traces[0].why, HasSubstr("/var/log/anydesk.trace"));
  EXPECT_EQ(found.instances[0].conf, Conf{});
}

TEST_F(Linux, AnInstalledServiceWithoutATrace) {
  files.files.create("/etc/anydesk/system.conf", "ad.anynet.id=1\n");
  EXPECT_THAT(told(look()), ElementsAre("AnyDesk of machine, /var/log/anydesk.trace missing"));
}

TEST_F(Linux, OnlyTheTwoConfigurationsAndTheTracesAreOpened) {
  for (const char* path :
       {"/etc/anydesk/system.conf", "/etc/anydesk/service.conf", "/home/eleni/.anydesk/user.conf",
        "/home/eleni/.anydesk/service.conf", "/home/eleni/.anydesk/chat/123456789.txt",
        "/home/eleni/.anydesk/anydesk.trace", "/home/eleni/.anydesk/file_transfer_trace.txt"}) {
    files.files.create(path, "ad.anynet.id=1\n");
  }
  look();
  EXPECT_THAT(files.opened, Not(Contains(HasSubstr("service.conf"))));
  EXPECT_THAT(files.opened, Not(Contains(HasSubstr("chat"))));
  EXPECT_THAT(files.opened, Not(Contains(HasSubstr("file_transfer"))));
  EXPECT_THAT(files.opened, Contains("/home/eleni/.anydesk/user.conf"));
}

TEST_F(Linux, UserConfAddsWhatSystemConfDoesNotTell) {
  files.files.create("/home/eleni/.anydesk/system.conf", "ad.anynet.id=1\nad.anynet.alias=a@ad\n");
  files.files.create("/home/eleni/.anydesk/user.conf", "ad.anynet.id=2\nad.license.name=free-1\n");
  const Survey found = look();
  ASSERT_EQ(found.instances.size(), 1u);
  EXPECT_EQ(found.instances[0].conf, (Conf{.own_id = "1", .alias = "a@ad", .license = "free-1"}));
}

TEST(Macos, Places) {
  agent::discovery::testing::ClosedFiles files;
  for (const char* path : {"/var/log/anydesk.trace", "/Users/eleni/.anydesk/anydesk.trace",
                           "/Users/nikos/.anydesk_ad_acme/anydesk_ad_acme.trace"}) {
    files.files.create(path);
  }
  EXPECT_THAT(told(survey(files, System::macos, {})),
              ElementsAre("AnyDesk of eleni, /Users/eleni/.anydesk/anydesk.trace readable",
                          "acme of nikos, /Users/nikos/.anydesk_ad_acme/anydesk_ad_acme.trace readable",
                          "AnyDesk of machine, /var/log/anydesk.trace readable"));
}

class Windows : public ::testing::Test {
 protected:
  Windows() { files.files.separator = '\\'; }
  Survey look() { return survey(files, System::windows, environment); }
  Environment environment{.home = {},
                          .users = "C:\\Users",
                          .program_data = "C:\\ProgramData",
                          .app_data = "C:\\Users\\eleni\\AppData\\Roaming",
                          .system_root = "C:\\Windows"};
  agent::discovery::testing::ClosedFiles files;
};

TEST_F(Windows, InstalledCustomMsiAndProfiles) {
  for (const char* path :
       {"C:\\ProgramData\\AnyDesk\\ad_svc.trace", "C:\\ProgramData\\AnyDesk\\service.conf",
        "C:\\ProgramData\\AnyDesk\\ad_acme\\ad_acme_svc.trace",
        "C:\\ProgramData\\AnyDesk\\ad_acme_msi\\ad_svc.trace", "C:\\ProgramData\\AnyDesk-other\\system.conf",
        "C:\\Users\\eleni\\AppData\\Roaming\\AnyDesk\\ad.trace",
        "C:\\Users\\eleni\\AppData\\Roaming\\AnyDesk\\ad.trace.1",
        "C:\\Users\\nikos\\AppData\\Roaming\\AnyDesk\\ad_acme\\ad_acme.trace",
        "C:\\Windows\\SysWOW64\\config\\systemprofile\\AppData\\Roaming\\AnyDesk\\ad.trace"}) {
    files.files.create(path);
  }
  EXPECT_THAT(
      told(look()),
      ElementsAre(
          "AnyDesk of machine, C:\\ProgramData\\AnyDesk\\ad_svc.trace readable",
          "other of machine, C:\\ProgramData\\AnyDesk-other\\ad_svc.trace missing",
          "acme of machine, C:\\ProgramData\\AnyDesk\\ad_acme\\ad_acme_svc.trace readable",
          "acme (MSI) of machine, C:\\ProgramData\\AnyDesk\\ad_acme_msi\\ad_svc.trace readable",
          "AnyDesk of eleni, C:\\Users\\eleni\\AppData\\Roaming\\AnyDesk\\ad.trace readable",
          "acme of nikos, C:\\Users\\nikos\\AppData\\Roaming\\AnyDesk\\ad_acme\\ad_acme.trace readable",
          "AnyDesk of SYSTEM, "
          "C:\\Windows\\SysWOW64\\config\\systemprofile\\AppData\\Roaming\\AnyDesk\\ad.trace readable"));
  EXPECT_EQ(look().instances[2].service_trace, "C:\\ProgramData\\AnyDesk\\ad_acme\\ad_acme_svc.trace");
  EXPECT_THAT(files.opened, Not(Contains(HasSubstr("service.conf"))));
}

TEST_F(Windows, AnotherUsersProfileIsClosedOnce) {
  files.files.create("C:\\Users\\eleni\\AppData\\Roaming\\AnyDesk\\ad.trace");
  files.files.create("C:\\Users\\nikos\\AppData\\Roaming\\AnyDesk\\ad.trace");
  files.closed = {"C:\\Users\\nikos"};
  const Survey found = look();
  EXPECT_THAT(
      told(found),
      ElementsAre("AnyDesk of eleni, C:\\Users\\eleni\\AppData\\Roaming\\AnyDesk\\ad.trace readable"));
  EXPECT_THAT(found.closed, ElementsAre("C:\\Users\\nikos\\AppData\\Roaming"));
}

TEST(Survey, FailsAtEveryStepAndStaysUp) {
  for (int failing = 0; failing < 60; ++failing) {
    agent::discovery::testing::ClosedFiles files;
    files.files.create("/var/log/anydesk.trace");
    files.files.create("/home/eleni/.anydesk/user.conf", "ad.anynet.id=1\n");
    files.files.create("/home/eleni/.anydesk/anydesk.trace");
    files.files.hook = [&](int step) -> base::Status {
      if (step == failing) return base::fail(base::ErrorCode::unavailable, "broken");
      return {};
    };
    EXPECT_LE(survey(files, System::gnu_linux, {}).instances.size(), 2u);
  }
}

}  // namespace
