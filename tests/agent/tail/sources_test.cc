#include "agent/tail/sources.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/agent/tail/memory_files.h"

namespace {

using namespace agent::tail;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Glob, Table) {
  struct Row {
    const char* pattern;
    const char* name;
    bool matches;
  };
  for (const auto& row : std::vector<Row>{{"*.trace", "anydesk.trace", true},
                                          {"*.trace", ".anydesk.trace", false},
                                          {".anydesk*", ".anydesk", true},
                                          {".anydesk*", ".anydesk_ad_acme", true},
                                          {"*.trace", "anydesk.trace.old", false},
                                          {"a*b*c", "aXbYbZc", true},
                                          {"a*b*c", "aXbYbZ", false},
                                          {"a?c", "abc", true},
                                          {"a?c", "ac", false},
                                          {"*", "", true},
                                          {"ad_*", "AD_x", false}}) {
    EXPECT_EQ(glob_matches(row.pattern, row.name, LetterCase::sensitive), row.matches)
        << row.pattern << " " << row.name;
  }
  EXPECT_TRUE(glob_matches("ad_*", "AD_x", LetterCase::insensitive));
}

TEST(Sources, LinuxPlaces) {
  const auto patterns = default_patterns(
      System::gnu_linux,
      {.home = "/srv/tech", .users = {}, .program_data = {}, .app_data = {}, .system_root = {}});
  EXPECT_THAT(patterns, ElementsAre("/var/log/anydesk*.trace", "/root/.anydesk*/*.trace",
                                    "/home/*/.anydesk*/*.trace", "/srv/tech/.anydesk*/*.trace"));
  agent::tail::testing::MemoryFiles files;
  for (const char* path :
       {"/var/log/anydesk.trace", "/var/log/anydesk_ad_acme.trace", "/var/log/syslog",
        "/home/eleni/.anydesk/anydesk.trace", "/home/eleni/.anydesk/.anydesk.trace",
        "/home/nikos/.anydesk_ad_acme/anydesk_ad_acme.trace", "/home/nikos/anydesk.trace"}) {
    files.create(path);
  }
  EXPECT_THAT(
      expand_all(files, patterns, LetterCase::sensitive),
      ElementsAre("/home/eleni/.anydesk/anydesk.trace", "/home/nikos/.anydesk_ad_acme/anydesk_ad_acme.trace",
                  "/var/log/anydesk.trace", "/var/log/anydesk_ad_acme.trace"));
  EXPECT_THAT(expand_all(files, {"/not/there/*.trace"}, LetterCase::sensitive), IsEmpty());
  EXPECT_THAT(expand_all(files, {"/not/there.trace", "/not/there.trace"}, LetterCase::sensitive),
              ElementsAre("/not/there.trace"));
}

TEST(Sources, HomesBelowTheUsualFolderAreNotTwice) {
  const Environment at_home{
      .home = "/home/eleni", .users = {}, .program_data = {}, .app_data = {}, .system_root = {}};
  EXPECT_EQ(default_patterns(System::gnu_linux, at_home).size(), 3u);
  EXPECT_EQ(default_patterns(System::macos, at_home).size(), 4u);
}

TEST(Sources, WindowsPlaces) {
  const auto patterns = default_patterns(System::windows, {.home = {},
                                                           .users = "C:\\Users",
                                                           .program_data = "C:\\ProgramData",
                                                           .app_data = "C:\\Users\\eleni\\AppData\\Roaming",
                                                           .system_root = "C:\\Windows"});
  EXPECT_EQ(patterns.size(), 12u);
  agent::tail::testing::MemoryFiles files;
  files.separator = '\\';
  for (const char* path :
       {"C:\\ProgramData\\AnyDesk\\ad_svc.trace", "C:\\Users\\eleni\\AppData\\Roaming\\AnyDesk\\AD.TRACE",
        "C:\\ProgramData\\AnyDesk\\ad_acme\\ad_acme_svc.trace",
        "C:\\ProgramData\\AnyDesk\\connection_trace.txt"}) {
    files.create(path);
  }
  EXPECT_THAT(expand_all(files, patterns, LetterCase::insensitive),
              ElementsAre("C:\\ProgramData\\AnyDesk\\ad_acme\\ad_acme_svc.trace",
                          "C:\\ProgramData\\AnyDesk\\ad_svc.trace",
                          "C:\\Users\\eleni\\AppData\\Roaming\\AnyDesk\\AD.TRACE"));
}

TEST(Sources, WindowsCustomClientsByEitherName) {
  const auto patterns = default_patterns(System::windows, {.home = {},
                                                           .users = "C:\\Users\\",
                                                           .program_data = "C:\\ProgramData",
                                                           .app_data = "c:\\users\\eleni\\AppData\\Roaming",
                                                           .system_root = "C:\\Windows"});
  EXPECT_EQ(patterns.size(), 12u) << "a profile below the others is covered, however it is written";
  const struct {
    const char* path;
    bool followed;
  } rows[] = {
      {"C:\\ProgramData\\AnyDesk\\ad_acme_msi\\ad_acme_msi_svc.trace", true},
      {"C:\\ProgramData\\AnyDesk-acme\\ad_svc.trace", true},
      {"C:\\Users\\eleni\\AppData\\Roaming\\AnyDesk\\ad_acme\\ad_acme.trace", true},
      {"C:\\Users\\nikos\\AppData\\Roaming\\AnyDesk\\ad.trace", true},
      {"C:\\Windows\\SysWOW64\\config\\systemprofile\\AppData\\Roaming\\AnyDesk\\ad.trace", true},
      {"C:\\Users\\nikos\\AppData\\Roaming\\AnyDesk\\ad.trace.1", false},
      {"C:\\Users\\nikos\\AppData\\Roaming\\AnyDesk\\chat\\1.txt", false},
      // A link to the same profile on every system after XP: following both would tell each session twice.
      {"C:\\Users\\nikos\\Application Data\\AnyDesk\\ad.trace", false},
      {"C:\\ProgramData\\AnyDesk\\file_transfer_trace.txt", false},
  };
  for (const auto& row : rows) {
    agent::tail::testing::MemoryFiles files;
    files.separator = '\\';
    files.create(row.path);
    EXPECT_EQ(expand_all(files, patterns, LetterCase::insensitive).size(), row.followed ? 1u : 0u)
        << row.path;
  }
}

TEST(Sources, WindowsXp) {
  const auto patterns = default_patterns(System::windows, {.home = {},
                                                           .users = "C:\\Documents and Settings",
                                                           .program_data = {},
                                                           .app_data = {},
                                                           .system_root = {}});
  agent::tail::testing::MemoryFiles files;
  files.separator = '\\';
  const std::vector<std::string> paths = {
      "C:\\Documents and Settings\\All Users\\AnyDesk\\ad_svc.trace",
      "C:\\Documents and Settings\\All Users\\Application Data\\AnyDesk\\ad_acme\\ad_acme_svc.trace",
      "C:\\Documents and Settings\\Public\\AnyDesk\\ad.trace",
      "C:\\Documents and Settings\\eleni\\Application Data\\AnyDesk\\ad.trace"};
  for (const auto& path : paths) files.create(path);
  EXPECT_EQ(expand_all(files, patterns, LetterCase::insensitive), paths);
}

TEST(Sources, ARotatedTraceIsNotFollowed) {
  agent::tail::testing::MemoryFiles files;
  for (const char* path :
       {"/var/log/anydesk.trace.1", "/var/log/anydesk.trace.1.gz", "/var/log/anydesk.trace.old",
        "/home/eleni/.anydesk/anydesk.trace.1", "/home/eleni/.anydesk/connection_trace.txt"}) {
    files.create(path);
  }
  const auto patterns = default_patterns(System::gnu_linux, {});
  EXPECT_THAT(expand_all(files, patterns, LetterCase::sensitive), IsEmpty());
}

TEST(Sources, OddHomes) {
  const struct {
    const char* home;
    std::size_t patterns;
  } rows[] = {{"", 3},       {"/", 3}, {"/root", 3}, {"/root/", 3}, {"/home/eleni/", 3}, {"/homes/eleni", 4},
              {"/srv/a/", 4}};
  for (const auto& row : rows) {
    const Environment environment{
        .home = row.home, .users = {}, .program_data = {}, .app_data = {}, .system_root = {}};
    EXPECT_EQ(default_patterns(System::gnu_linux, environment).size(), row.patterns) << row.home;
  }
  const Environment elsewhere{
      .home = "/srv/a/", .users = {}, .program_data = {}, .app_data = {}, .system_root = {}};
  EXPECT_EQ(default_places(System::gnu_linux, elsewhere).back().owner, "a");
}

TEST(Sources, AProfileThatComesIsFoundByTheNextLook) {
  agent::tail::testing::MemoryFiles files;
  const auto patterns = default_patterns(System::gnu_linux, {});
  const auto look = [&] { return expand_all(files, patterns, LetterCase::sensitive).size(); };
  EXPECT_EQ(look(), 0u);
  files.create("/home/eleni/.anydesk/anydesk.trace");
  EXPECT_EQ(look(), 1u);
  files.create("/home/nikos/.anydesk_ad_acme/anydesk_ad_acme.trace");
  EXPECT_EQ(look(), 2u);
  files.create("/var/log/anydesk.trace");
  EXPECT_EQ(look(), 3u);
}

}  // namespace
