// Many users of one machine, each with several AnyDesk clients: one Capture for all of them.

#include <gmock/gmock.h>

#include <fstream>

#include "tests/e2e/replay.h"

namespace e2e {
namespace {

using support::trace::Edition;
using support::trace::Machine;
using support::trace::System;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int kUsers = 50;
const std::vector<std::string> kClients{"anydesk", "anydesk_ad_firm12", "anydesk_ad_other_msi"};
const std::vector<std::string> kPatterns{"home/*/.anydesk/anydesk.trace", "home/*/.anydesk_ad_*/*.trace"};

std::string file_of(int user, const std::string& client) {
  return "home/user" + std::to_string(user) + "/." + client + "/" + client + ".trace";
}

// The remote IDs are told apart by user and client.
std::string remote_of(int user, std::size_t client) {
  return std::to_string(410'000'000 + user * 10 + static_cast<int>(client));
}

std::string trace_of(int user, std::size_t client) {
  static const timing::UtcMs morning = timing::from_rfc3339("2026-11-16T07:00:00Z").value();
  Machine pc{Edition{System::linux_deb, 7, 1, 0, false}, "410900001",
             static_cast<std::uint64_t>(user) * 10 + client};
  pc.start(morning);
  const std::string id = remote_of(user, client);
  pc.outgoing(
      {.at = morning + std::chrono::minutes{user + 1}, .typed = id, .id = id, .duration_ms = 60'000 + user});
  pc.stop(morning + std::chrono::hours{2});
  return pc.service_trace();
}

class Users : public testing::Test {
 protected:
  std::filesystem::path path(int user, std::size_t client) const {
    return scratch_.path() / file_of(user, kClients[client]);
  }
  std::int64_t write(int user, std::size_t client) {
    const auto file = path(user, client);
    const std::string text = trace_of(user, client);
    std::filesystem::create_directories(file.parent_path());
    std::ofstream{file, std::ios::binary} << text;
    return std::ranges::count(text, '\n');
  }
  std::int64_t write_all() {
    std::int64_t lines = 0;
    for (int user = 0; user < kUsers; ++user) {
      for (std::size_t client = 0; client < kClients.size(); ++client) lines += write(user, client);
    }
    return lines;
  }
  // Remote ID and outcome of all sessions at the collector.
  std::multiset<std::string> told() {
    desk_.receive(workstation_.outbox(), 100, false);
    desk_.assemble();
    std::multiset<std::string> all;
    for (const auto& row : desk_.sessions()) all.insert(row.remote_id + " " + row.outcome);
    return all;
  }
  static std::multiset<std::string> expected() {
    std::multiset<std::string> all;
    for (int user = 0; user < kUsers; ++user) {
      for (std::size_t client = 0; client < kClients.size(); ++client)
        all.insert(remote_of(user, client) + " completed");
    }
    return all;
  }

  Scratch scratch_;
  Desk desk_{scratch_.path()};
  Workstation workstation_{scratch_.path(), kPatterns, desk_.agent(), {}};
};

TEST_F(Users, FiftyUsersWithThreeClientsEach) {
  const std::int64_t lines = write_all();
  workstation_.start();
  workstation_.rest();
  EXPECT_EQ(told(), expected());
  EXPECT_EQ(workstation_.counter("lines"), lines);
  EXPECT_THAT(desk_.gaps(), IsEmpty());
}

TEST_F(Users, ANewProfileIsFound) {
  write_all();
  workstation_.start();
  workstation_.rest();
  EXPECT_THAT(workstation_.refresh(), IsEmpty());
  write(kUsers, 1);
  EXPECT_THAT(workstation_.refresh(), Contains(path(kUsers, 1).string()));
  workstation_.rest();
  auto all = expected();
  all.insert(remote_of(kUsers, 1) + " completed");
  EXPECT_EQ(told(), all);
}

TEST_F(Users, AFileThatCannotBeReadIsNamedAndStopsNoOther) {
  const std::int64_t lines = write_all();
  const std::string locked = path(17, 2).string();
  const std::string text = trace_of(17, 2);
  workstation_.files.locked = {locked};
  workstation_.start();
  workstation_.rest();
  const auto step = workstation_.step();
  ASSERT_TRUE(step.unreadable);
  EXPECT_THAT(step.unreadable->message, HasSubstr(locked));
  auto others = expected();
  others.erase(remote_of(17, 2) + " completed");
  EXPECT_EQ(told(), others);
  EXPECT_EQ(workstation_.counter("lines"), lines - std::ranges::count(text, '\n'));

  workstation_.files.locked.clear();
  workstation_.rest();
  EXPECT_FALSE(workstation_.step().unreadable);
  EXPECT_EQ(told(), expected());
  EXPECT_EQ(workstation_.counter("lines"), lines);
  EXPECT_THAT(desk_.gaps(), IsEmpty());
}

}  // namespace
}  // namespace e2e
