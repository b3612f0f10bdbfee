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
  EXPECT_EQ(patterns.size(), 8u);
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

}  // namespace
