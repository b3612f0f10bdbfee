// What people and disks get wrong is named, and harms nothing else.

#include <gmock/gmock.h>
#include <sqlite3.h>
#include <unistd.h>

#include <fstream>
#include <iostream>

#include "tests/e2e/firm.h"
#include "tests/support/site/site.h"

namespace e2e {
namespace {

using support::Site;
using testing::AllOf;
using testing::HasSubstr;

void write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream{file, std::ios::binary} << text;
}

TEST(BadInput, ADatabaseNewerThanTheProgramIsRefusedByEveryCommand) {
  Site site{PROGRAMS, "newer"};
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(site.database().c_str(), &database), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(database, "INSERT INTO schema_migration VALUES (9999, 'later', 'ab', 1)", nullptr,
                         nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(database);
  for (const support::Command& command :
       {support::Command{"serve", "--listen-agents", "127.0.0.1:0"}, {"sessions"}, {"agents"}}) {
    const auto done = site.collector(command);
    EXPECT_EQ(done.exit_code, 1) << command.front();
    EXPECT_THAT(done.err, AllOf(HasSubstr("newer"), HasSubstr("9999"))) << command.front();
  }
}

TEST(BadInput, AWrongConfigurationKeyIsNamedWithItsLineAndTheNearestName) {
  const Site site{PROGRAMS, "keys"};
  std::string text = support::read_file(site.config());
  const auto lines = std::count(text.begin(), text.end(), '\n');
  write(site.config(), text + "[listen2]\n[lag]\n\n");
  const auto tables = site.collector({"sessions"});
  EXPECT_EQ(tables.exit_code, 1);
  EXPECT_THAT(tables.err, HasSubstr("collector.toml:" + std::to_string(lines + 1))) << tables.err;

  const auto file = site.folder() / "agent.toml";
  write(file, "[capture]\n\ndefault_place = false\n");
  const auto agent = site.agent({"run", "--config", file});
  EXPECT_EQ(agent.exit_code, 1);
  EXPECT_THAT(agent.err, AllOf(HasSubstr("agent.toml:3"), HasSubstr("capture.default_places")));
}

TEST(BadInput, ParseNamesEachFileItCannotReadAndParsesTheOthers) {
  const Site site{PROGRAMS, "files"};
  const auto good = site.folder() / "good.trace";
  write(good, demo_trace());
  const auto sessions = [&](const std::filesystem::path& bad) {
    const auto done = site.agent({"parse", "--format", "jsonl", bad, good});
    EXPECT_EQ(std::count(done.out.begin(), done.out.end(), '\n'), 14) << bad;
    return done;
  };
  const auto folder = site.folder() / "folder.trace";
  std::filesystem::create_directory(folder);
  const auto picture = site.folder() / "picture.png";
  write(picture, std::string{"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", 16} + std::string(5000, '\xA5'));
  for (const auto& bad : {folder, picture, site.folder() / "vanished.trace"}) {
    const auto done = sessions(bad);
    EXPECT_EQ(done.exit_code, 1) << bad;
    EXPECT_THAT(done.err, HasSubstr(bad.filename().string()));
  }

  const auto secret = site.folder() / "secret.trace";
  write(secret, demo_trace());
  std::filesystem::permissions(secret, std::filesystem::perms::none);
  if (::geteuid() == 0) {
    std::cout << "not checked: a file without permission (these tests run as root, who may read anything)\n";
    return;
  }
  const auto done = sessions(secret);
  EXPECT_EQ(done.exit_code, 1);
  EXPECT_THAT(done.err, HasSubstr("secret.trace"));
}

TEST(BadInput, AnImportWithBadRowsNamesThemAndChangesNothing) {
  const Site site{PROGRAMS, "import"};
  import_firm(site);
  const auto before = site.collector({"contracts", "--json"}).out;
  const auto good = site.folder() / "good.csv", bad = site.folder() / "bad.csv";
  write(good, "code,name,email,language\nnewcomer,New Comer,it@newcomer.example,en\n");
  write(bad,
        "customer,name,model,template,start,end,time_zone,purchased_min,mail_window_min,mail_no_charge\n"
        "newcomer,Fine,indefinite,standard,2026-01-01,,Europe/Athens,,60,yes\n"
        "nobody,Whose,indefinite,standard,2026-01-01,,Europe/Athens,,60,yes\n"
        "newcomer,When,indefinite,standard,2026-13-01,,Europe/Athens,,60,yes\n");
  const auto done = site.collector({"import", good, bad});
  EXPECT_EQ(done.exit_code, 1);
  EXPECT_THAT(done.err, AllOf(HasSubstr("bad.csv:3"), HasSubstr("nobody"), HasSubstr("bad.csv:4"),
                              HasSubstr("2026-13-01"), testing::Not(HasSubstr("bad.csv:2"))));
  EXPECT_EQ(site.collector({"contracts", "--json"}).out, before);
}

}  // namespace
}  // namespace e2e
