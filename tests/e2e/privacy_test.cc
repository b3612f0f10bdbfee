// Nothing of a trace reaches a record but what a session is made of: no address,
// fingerprint, file name, user name, chat line, clipboard, host or relay, and no
// ID of anybody else (rest-api.md section 5).

#include <gmock/gmock.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <regex>

#include "tests/e2e/replay.h"
#include "tests/source_root.h"

namespace e2e {
namespace {

using support::trace::Day;

// Everything that leaves the machine, or that a person is shown: record bodies, names and values of counters,
// notes.
std::string told_by(Workstation& workstation) {
  agent::outbox::Outbox& outbox = workstation.outbox();
  const auto records = outbox.records_after(0, 1'000'000, 1 << 30).value();
  const auto counters = outbox.counters().value();
  const auto notes = outbox.status().value();
  std::string all;
  for (const auto& record : records) all += record.body + '\n';
  for (const auto& [name, count] : counters) all += name + '\n';
  for (const auto& [name, row] : notes) all += name + ' ' + row.value + '\n';
  return all;
}

std::string read_through(const std::vector<std::pair<std::string, std::string>>& files,
                         std::size_t sessions_min) {
  const Scratch scratch;
  Desk desk{scratch.path()};
  std::vector<std::string> names;
  for (const auto& [name, text] : files) {
    const auto path = scratch.path() / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream{path, std::ios::binary} << text;
    names.push_back(name);
  }
  Workstation workstation{scratch.path(), names, desk.agent(), {}};
  workstation.start();
  workstation.rest();
  desk.receive(workstation.outbox(), 100, false);
  desk.assemble();
  EXPECT_GE(desk.sessions().size(), sessions_min);
  return told_by(workstation);
}

void expect_kept(const std::set<std::string>& secrets, const std::string& told, const std::string& where) {
  for (const std::string& secret : secrets) {
    EXPECT_EQ(told.find(secret), std::string::npos) << "'" << secret << "' of " << where << " got out";
  }
}

class Privacy : public testing::TestWithParam<int> {};

TEST_P(Privacy, NothingOfAGeneratedTraceGetsOut) {
  const Day day =
      support::trace::make_day({.seed = static_cast<std::uint64_t>(GetParam()), .bytes = 120'000});
  std::vector<std::pair<std::string, std::string>> files;
  for (const std::string& file : day.files) files.emplace_back(file, "");
  for (const auto& write : day.writes) files[write.file].second += write.bytes;
  ASSERT_GT(day.secrets.size(), 50u);
  // What is looked for is there to be found.
  std::string all;
  for (const auto& [name, text] : files) all += text;
  std::size_t present = 0;
  for (const std::string& secret : day.secrets) present += all.find(secret) != std::string::npos ? 1 : 0;
  EXPECT_GT(present, day.secrets.size() / 2);
  expect_kept(day.secrets, read_through(files, 1), day.what);
}
INSTANTIATE_TEST_SUITE_P(Editions, Privacy, testing::Range(0, 26));

// What somebody typed, or AnyDesk wrote, where a session's own words stand.
struct Slip {
  const char* name;
  const char* typed;
  const char* reason;
  const char* secret;
};
const Slip kSlips[] = {
    {"an IPv4 address was dialled", "192.168.17.23", "Net socket error: result_relay_offline.",
     "192.168.17.23"},
    {"an address with a port was dialled", "10.20.30.40:7070", "Net socket error: result_relay_offline.",
     "10.20.30.40"},
    {"an IPv6 address was dialled", "2001:db8::17", "Net socket error: result_relay_offline.",
     "2001:db8::17"},
    {"a reason names an address", "410100201", "Net socket closed: connect to 198.51.100.9:443 failed.",
     "198.51.100.9"},
    {"a reason names a file", "410100201",
     "Session closed locally: cannot open 'C:\\Users\\anna\\gehalt.xlsx'.", "gehalt"},
};

TEST(PrivacySlips, WhatStandsInASessionsOwnWordsIsNotToldEither) {
  for (const Slip& slip : kSlips) {
    support::trace::Machine pc{{}, "410900001", 5};
    const auto at = timing::from_rfc3339("2026-11-16T07:00:00Z").value();
    pc.start(at);
    pc.outgoing({.at = at + std::chrono::minutes{1},
                 .typed = slip.typed,
                 .id = "410100201",
                 .course = support::trace::Course::offline,
                 .reason = slip.reason});
    expect_kept({slip.secret}, read_through({{"anydesk.trace", pc.service_trace()}}, 1), slip.name);
  }
}

std::set<std::string> found_in(const std::string& text, const std::vector<std::string>& patterns) {
  std::set<std::string> found;
  for (const std::string& pattern : patterns) {
    const std::regex expression{pattern, std::regex::optimize};
    for (std::sregex_iterator at{text.begin(), text.end(), expression}, end; at != end; ++at) {
      const auto& match = *at;
      found.insert(match.size() > 1 ? match[1].str() : match[0].str());
    }
  }
  return found;
}

TEST(Privacy, NothingOfTheRealTracesGetsOut) {
  const auto folder = std::filesystem::path{SOURCE_ROOT} / ".." / "shared" / "traces" / "real";
  if (!std::filesystem::is_directory(folder)) {
    GTEST_SKIP() << "the folder of real traces is not there: nothing was tried";
  }
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    if (entry.path().extension() != ".trace") continue;
    std::ifstream in{entry.path(), std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    std::set<std::string> secrets = found_in(
        text,
        {R"(\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b)", R"(FPR: ([0-9a-fA-F]{8,}))", R"(relay-[0-9a-z]{4,})",
         R"((?:/home/|/Users/|\\Users\\)([A-Za-z][\w.-]{2,})[/\\'. ,])", R"(on relay ([0-9a-f]{8}))",
         R"(SID: (\d{12,}))", R"(\b(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}\b)",
         R"(Preparing files in '([^']{3,})')", R"(Incoming session request: ([^(\r\n]{4,}) \()",
         R"(Accept request from (\d{9,10}))", R"(Incoming session request: [^(\r\n]* \((\d{9,10})\))"});
    // The far side of an outgoing session is told; so is this machine's own ID.
    for (const std::string& id :
         found_in(text, {R"(1: Connecting to "(\d{9,10})\")", R"(New user data. Client-ID: (\d+))"})) {
      secrets.erase(id);
    }
    ++files;
    const std::string told = read_through({{"anydesk.trace", text}}, 0);
    expect_kept(secrets, told, entry.path().filename().string());
    std::cout << entry.path().filename().string() << ": " << secrets.size() << " secrets looked for\n";
  }
  EXPECT_GT(files, 0);
}

}  // namespace
}  // namespace e2e
